/** The public face of the writers. */

export { PcapngWriter } from './pcapng.js';
export { pngFile, ppmFile } from './picture.js';
