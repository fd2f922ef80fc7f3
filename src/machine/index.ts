/** The machine's public face. */

export { fits, MODELS, type Model } from './boards/index.js';
export { disassemble } from './cpu/disassembler.js';
export { frameCycles, gapCycles, MIN_FRAME_BYTES } from './devices/index.js';
export { LK401_KEYS, type Lk401Key } from './devices/lk401-keys.js';
export { createMachine } from './machine.js';
export type * from './machine-types.js';
export type { State, StateValue } from './snapshot/state.js';
