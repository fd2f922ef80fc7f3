/**
 * What uncached accesses cost on the KN02-BA, per address window, in CPU cycles of 40 ns; and how fast its SCSI side
 * moves. A TURBOchannel cycle is 80 ns, two CPU cycles. Each entry says where it comes from; guesses are called so.
 */

export interface AccessCycles {
  /** Stall of an uncached read. */
  readonly read: number;
  /** Occupancy of the write buffer's drain. */
  readonly write: number;
}

export interface ScsiTiming {
  /** Arbitration, selection and the chip's own sequencing before the first command byte. */
  readonly selection: number;
  /** One byte of message, command or status, handshaken by the chip from its FIFO. */
  readonly asyncByte: number;
  /** One byte of data by DMA, in tenths of a cycle. */
  readonly dataByteTenths: number;
  /** TURBOchannel cycles' worth of CPU cycles that the IOASIC holds memory for each 8 bytes moved. */
  readonly dmaBurst: number;
  /** Units of the chip's select timeout register. */
  readonly timeoutUnit: number;
  /** Target's time from command to first data or status, without any movement of the arm. */
  readonly commandOverhead: number;
  /** Arm movement and rotation when a transfer does not follow the one before it. */
  readonly shortSeek: number;
  readonly longSeek: number;
  /** One 512-byte sector passing under the head. */
  readonly sector: number;
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
    // SCSI-2: bus settle and free delays 1.2 us, arbitration 2.4 us, selection response and deskew; about 10 us in all
    // with the chip's sequencer at 25 MHz. Guess within the standard's bounds.
    selection: 250,
    // SCSI-2 asynchronous transfer, about 1 us a byte with the chip's sequencer. Guess.
    asyncByte: 25,
    // Drives of 1992 (DEC RZ25, RZ26): about 2.5 MB/s sustained from the media = 10 cycles a byte.
    dataByteTenths: 100,
    // Mach's table: a 64-word DMA takes 66 to 68 TURBOchannel cycles; 2 words and the arbitration about 6.
    dmaBurst: 12,
    // Data sheet 53C94: one unit is 8192 x clock conversion factor clocks; at 25 MHz, factor 5: 1.6384 ms.
    timeoutUnit: 40_960,
    // RZ25 class: controller overhead about 0.7 ms.
    commandOverhead: 17_500,
    // RZ25 class: track-to-track 2.5 ms, average seek 14 ms, 4412 rpm (half a turn 6.8 ms). Short: track to track
    // plus a quarter of a turn; long: average seek plus half a turn.
    shortSeek: 147_500,
    longSeek: 520_000,
    // 2.5 MB/s: 512 bytes in 205 us.
    sector: 5_120,
  },
};
