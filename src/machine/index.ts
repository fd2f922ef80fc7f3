/** The machine's public face. */

export { disassemble } from './cpu/disassembler.js';
export { createMachine } from './machine.js';
export type * from './machine-types.js';
