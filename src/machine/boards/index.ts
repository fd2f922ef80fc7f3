/** The public face of the boards. */

export { type Board, type BoardParts, createKn02ba, KN02BA_ADDRESS } from './kn02ba.js';
