/** The public face of the chips: what boards build from, and what tests look at. */

export { Ds1287, type Ds1287Options, RTC_REGISTER } from './ds1287.js';
export { Esar } from './esar.js';
export { HostLine } from './host-line.js';
export {
  decodeDmaPointer,
  encodeDmaPointer,
  IOASIC_REGISTER,
  Ioasic,
  type IoasicListener,
  SIR,
  SSR,
} from './ioasic.js';
export { LANCE_REGISTER, Lance } from './lance.js';
export { MemoryController, TIMEOUT_REGISTER } from './memory-controller.js';
export { Rom } from './rom.js';
export { SCC_REGISTER, Scc } from './scc.js';
export { MUX_CONTROL, MUX_FIFO_BYTES, MUX_LINE_COUNT, MUX_REGISTER, SerialMux } from './serial-mux.js';
