/**
 * Times of the SCSI side that belong to no board: drives, and the SII of the KN01, whose two models have different
 * clocks. In microseconds here, in CPU cycles for the chips.
 */

/** A disk drive's mechanics, in CPU cycles. */
export interface DiskTiming {
  /** From the command's last byte to its first effect, without any movement. */
  readonly overhead: number;
  /** Arm movement: to the next track, and across `fullSeekSectors`. */
  readonly trackSeek: number;
  readonly fullSeek: number;
  readonly fullSeekSectors: number;
  /** Half a turn: the average wait for the sector. */
  readonly rotation: number;
  /** Sectors that the drive reads ahead into its buffer. */
  readonly readAheadSectors: number;
}

/** How long an initiator's steps take, in CPU cycles. */
export interface InitiatorTiming {
  /** Arbitration, selection and the chip's own sequencing before the first byte. */
  readonly selection: number;
  /** How long a bus reset is asserted. */
  readonly busReset: number;
  /** One byte of message, command or status. */
  readonly handshake: number;
  /** One byte of data. */
  readonly dataByte: number;
}

export function diskTiming(hertz: number): DiskTiming {
  const cycles = (microseconds: number): number => Math.round((microseconds * hertz) / 1e6);
  return {
    // RZ25 class: controller overhead about 0.7 ms (guess from drives of the time).
    overhead: cycles(700),
    // RZ25 product data, from memory: track to track 2.5 ms, full stroke about 25 ms, 832 527 sectors.
    trackSeek: cycles(2_500),
    fullSeek: cycles(25_000),
    fullSeekSectors: 832_527,
    // 4400 revolutions a minute: half a turn 6.8 ms.
    rotation: cycles(6_800),
    // Guess: a 64 KB buffer.
    readAheadSectors: 128,
  };
}

export function siiTiming(hertz: number): InitiatorTiming {
  const cycles = (microseconds: number): number => Math.round((microseconds * hertz) / 1e6);
  return {
    // SCSI-1: bus free 0.8, arbitration 2.2, bus clear 0.8, settle 0.8 us, and the target's answer; as for the 53C94,
    // 10 us in all. Guess within the standard's bounds.
    selection: cycles(10),
    // SCSI-1 reset hold time; NetBSD's driver says the same of this chip.
    busReset: cycles(25),
    // Asynchronous bytes that the chip's sequencer handles one by one, about 1 us. Guess.
    handshake: cycles(1),
    // Asynchronous SCSI-1 over a few metres of cable: about 1.5 MB/s. Guess; the chip's synchronous mode does 4 MB/s.
    dataByte: cycles(0.667),
  };
}
