/**
 * What uncached accesses cost on the KN02-BA, per address window, in CPU cycles of 40 ns; and how fast its SCSI side
 * moves. A TURBOchannel cycle is 80 ns, two CPU cycles. Each entry says where it comes from; guesses are called so.
 */

import { type DiskTiming, diskTiming, type InitiatorTiming } from './scsi-timing.js';

const HERTZ = 25_000_000;

export interface AccessCycles {
  /** Stall of an uncached read. */
  readonly read: number;
  /** Occupancy of the write buffer's drain. */
  readonly write: number;
}

export interface ScsiTiming extends InitiatorTiming {
  /** CPU cycles that the IOASIC holds memory for each 8 bytes moved. */
  readonly dmaBurst: number;
}

/** CPU cycles that the IOASIC holds memory for the LANCE. */
export interface LanceDmaTiming {
  /** One halfword of a descriptor or the initialisation block. */
  readonly wordRead: number;
  readonly wordWrite: number;
  /** Up to 16 bytes of a frame. */
  readonly burstRead: number;
  readonly burstWrite: number;
}

export interface Kn02baTiming {
  readonly memoryController: AccessCycles;
  readonly ioasicRegister: AccessCycles;
  readonly ioasicDevice: AccessCycles;
  readonly rom: AccessCycles;
  readonly option: AccessCycles;
  /** Read or write that nothing answers. */
  readonly timeout: number;
  readonly scsi: ScsiTiming;
  readonly disk: DiskTiming;
  readonly lance: LanceDmaTiming;
}

export const KN02BA_TIMING: Kn02baTiming = {
  // Mach's restatement of the 3MIN specification: CPU word read 5 and write 3 memory cycles of 80 ns. The registers
  // sit in the memory controller itself, so the same.
  memoryController: { read: 10, write: 6 },
  // Guess: the read above plus one or two TURBOchannel cycles of acknowledge from the ASIC in slot 3.
  ioasicRegister: { read: 14, write: 8 },
  // Guess: an 8-bit peripheral bus behind the ASIC; a Z85C30 or DS1287 of the time needs 150 to 250 ns from strobe
  // to data plus address set-up and recovery, about 16 TURBOchannel cycles in all.
  ioasicDevice: { read: 32, write: 30 },
  // Guess: the ASIC reads a word from EPROMs of 150 to 200 ns access time, after the 14 cycles of an ASIC access.
  rom: { read: 20, write: 8 },
  // Guess: a well-behaved option answers a TURBOchannel read in 6 cycles, a write in 4.
  option: { read: 12, write: 8 },
  // The memory controller's timeout register is set to 127 TURBOchannel cycles at 12.5 MHz (Mach's header).
  timeout: 254,
  scsi: {
    // SCSI-2: bus free, settle, arbitration 2.4 us, selection and deskew delays; about 10 us with the chip's
    // sequencer. Guess within the standard's bounds.
    selection: 250,
    // SCSI-2: reset hold time 25 us.
    busReset: 625,
    // SCSI-2 asynchronous transfer through the chip's FIFO, about 1 us a byte. Guess.
    handshake: 25,
    // Drives of 1992 (RZ25): about 2.5 MB/s from the media, which the bus keeps up with: 10 cycles a byte.
    dataByte: 10,
    // Mach's table of the 3MIN: 64 words of DMA take 66 to 68 TURBOchannel cycles, so 2 words and the overhead about 6.
    dmaBurst: 12,
  },
  // Mach's table of the 3MIN: a word read takes 5 and a word write 3 TURBOchannel cycles, 64 words of DMA 64 + 4 and
  // 64 + 2; so the four words of a burst 8 and 6. That single words of DMA cost what the CPU's cost is a guess.
  lance: { wordRead: 10, wordWrite: 6, burstRead: 16, burstWrite: 12 },
  disk: diskTiming(HERTZ),
};
