/** The public face of the chips: what boards build from, and what tests look at. */

export { BT459_REGISTER, BT459_SELECT } from './bt459.js';
export { BT478_REGISTER } from './bt478.js';
export { DC503_COMMAND, DC503_REGISTER } from './dc503.js';
export { Ds1287, type Ds1287Options, RTC_REGISTER } from './ds1287.js';
export { DZ_CSR, DZ_REGISTER, Dz } from './dz.js';
export { Esar } from './esar.js';
export { frameCycles, gapCycles, MIN_FRAME_BYTES } from './ethernet.js';
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
export { IoasicScsiDma } from './ioasic-scsi-dma.js';
export { KN01_CSR } from './kn01-control.js';
export { Lance } from './lance.js';
export { CSR0, LANCE_MODE, LANCE_REGISTER, LANCE_STATUS, LANCE_TRANSMIT_ERROR } from './lance-registers.js';
export { LK_COMMAND, LK_REPLY } from './lk401-protocol.js';
export { MemoryController, TIMEOUT_REGISTER } from './memory-controller.js';
export { Ncr53c94 } from './ncr53c94.js';
export { ASC_COMMAND, ASC_INTERRUPT, ASC_REGISTER, ASC_STATUS } from './ncr53c94-registers.js';
export { PMAG_BA, PmagBa } from './pmag-ba.js';
export { Rom } from './rom.js';
export { SCC_REGISTER, Scc } from './scc.js';
export { SCSI_COMMAND, SCSI_STATUS, ScsiDisk } from './scsi-disk.js';
export { SCSI_PHASE, type ScsiPhase, ScsiTarget, type ScsiUnit } from './scsi-target.js';
export { receiveFrame, type SerialFrame } from './serial-frame.js';
export { MUX_CONTROL, MUX_FIFO_BYTES, MUX_LINE_COUNT, MUX_REGISTER, SerialMux } from './serial-mux.js';
export { Sii } from './sii.js';
export { SiiBuffer } from './sii-buffer.js';
export {
  SII_COMMAND,
  SII_CONNECTION,
  SII_CSR,
  SII_PORT_ENABLE,
  SII_REGISTER,
  SII_TRANSFER,
} from './sii-registers.js';
export { MOUSE_COMMAND } from './vsxxx-mouse.js';
