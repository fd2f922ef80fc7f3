/** The public face of the writers. */

export { PcapngWriter } from './pcapng.js';
