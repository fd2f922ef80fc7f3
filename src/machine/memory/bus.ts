/**
 * The bus: every physical address that is not RAM. The CPU calls it for uncached and device accesses only; RAM is
 * reached through the linear memory directly. A read that nothing answers sets `hasTimedOut`, and the CPU raises
 * DBE or IBE; a write that nothing answers is the board's business (an interrupt, never an exception).
 */

export type AccessSize = 1 | 2 | 4;

/** A register window. Offsets are bytes from the window's base; values are unsigned and right-aligned. */
export interface Device {
  read(offset: number, size: AccessSize): number;
  write(offset: number, value: number, size: AccessSize): void;
}

export interface BusWindow {
  readonly name: string;
  /** First physical address, and length in bytes. */
  readonly base: number;
  readonly length: number;
  readonly device: Device;
  /** CPU cycles an uncached read, or a write leaving the write buffer, takes. */
  readonly readCycles: number;
  readonly writeCycles: number;
}

/** What the CPU needs of the board. The board implements it (`boards/`). */
export interface Bus {
  /** Set by `read` when the address timed out; the CPU clears it before the next access. */
  hasTimedOut: boolean;
  /** CPU cycles the last access took (for reads: stall; for writes: occupancy of the write buffer's drain). */
  lastCycles: number;
  read(physical: number, size: AccessSize): number;
  write(physical: number, value: number, size: AccessSize): void;
}

/** Hardware interrupt inputs IP2..IP7 of the CPU, as the board drives them. Level-sensitive. */
export interface InterruptInputs {
  setInterrupt(ip: 2 | 3 | 4 | 5 | 6 | 7, isRaised: boolean): void;
}

/** RAM as devices with DMA see it. After writing RAM a device must do nothing else: caches hold tags only. */
export interface DmaMemory {
  /** Whole RAM, byte 0 = physical address 0. A view of the linear memory. */
  readonly ram: Uint8Array;
  /** Tells the CPU that DMA took the memory bus for that many cycles (stolen from the CPU's memory accesses). */
  stealCycles(cycles: number): void;
}
