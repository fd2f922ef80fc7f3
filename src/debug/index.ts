/** The public face of debugging: a session with GDB. */

export { DebugSession, type SessionHooks } from './session.js';
