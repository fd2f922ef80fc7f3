/** The public face of the boards. */

export type { Board, BoardParts } from './board.js';
export { createKn01, KN01_ADDRESS, type Kn01 } from './kn01.js';
export { createKn02ba, KN02BA_ADDRESS, type Kn02ba } from './kn02ba.js';
export { fits, MODELS, type Model } from './models.js';
