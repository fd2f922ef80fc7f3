/**
 * The bus as a table of register windows. Physical addresses below 512 MB are decoded in granules of 256 KB (the size
 * of an IOASIC sub-slot, and no window of these boards is finer); everything else, and every granule without a window,
 * times out. Windows that share a granule would shadow each other, so construction refuses them.
 */

import type { AccessSize, Bus, BusWindow, Device } from './bus.js';

const GRANULE_SHIFT = 18;
const GRANULE_COUNT = 0x2000_0000 >>> GRANULE_SHIFT;

/** What becomes of accesses that nothing answers. */
export interface TimeoutPolicy {
  /** CPU cycles until the bus gives up. */
  readonly cycles: number;
  onReadTimeout(physical: number): void;
  onWriteTimeout(physical: number): void;
}

export class AddressMap implements Bus {
  hasTimedOut = false;
  lastCycles = 0;
  readonly #timeouts: TimeoutPolicy;
  /** Granule to window number plus one; 0 = nothing there. */
  readonly #decode: Uint8Array = new Uint8Array(GRANULE_COUNT);
  readonly #devices: Device[] = [];
  readonly #bases: number[] = [];
  readonly #readCycles: number[] = [];
  readonly #writeCycles: number[] = [];

  constructor(windows: readonly BusWindow[], timeouts: TimeoutPolicy) {
    this.#timeouts = timeouts;
    for (const window of windows) this.#add(window);
  }

  read(physical: number, size: AccessSize): number {
    const address = physical >>> 0;
    const granule = address >>> GRANULE_SHIFT;
    const found = granule < GRANULE_COUNT ? (this.#decode[granule] as number) - 1 : -1;
    if (found < 0) {
      this.hasTimedOut = true;
      this.lastCycles = this.#timeouts.cycles;
      this.#timeouts.onReadTimeout(address);
      return 0;
    }
    this.lastCycles = this.#readCycles[found] as number;
    return (this.#devices[found] as Device).read(address - (this.#bases[found] as number), size) >>> 0;
  }

  write(physical: number, value: number, size: AccessSize): void {
    const address = physical >>> 0;
    const granule = address >>> GRANULE_SHIFT;
    const found = granule < GRANULE_COUNT ? (this.#decode[granule] as number) - 1 : -1;
    if (found < 0) {
      this.lastCycles = this.#timeouts.cycles;
      this.#timeouts.onWriteTimeout(address);
      return;
    }
    this.lastCycles = this.#writeCycles[found] as number;
    (this.#devices[found] as Device).write(address - (this.#bases[found] as number), value, size);
  }

  #add(window: BusWindow): void {
    this.#devices.push(window.device);
    this.#bases.push(window.base);
    this.#readCycles.push(window.readCycles);
    this.#writeCycles.push(window.writeCycles);
    const last = (window.base + window.length - 1) >>> GRANULE_SHIFT;
    for (let granule = window.base >>> GRANULE_SHIFT; granule <= last; granule++) {
      if (this.#decode[granule] !== 0) throw new Error(`bus windows overlap at ${window.name}`);
      this.#decode[granule] = this.#devices.length;
    }
  }
}
