/** A KN01 without a CPU: tests act as the driver, time passes when they say so. */

import { createKn01, type Kn01 } from '../../../src/machine/boards/index.js';
import type { MachineOptions } from '../../../src/machine/machine-types.js';
import type { AccessSize } from '../../../src/machine/memory/bus.js';
import { Clock } from '../../../src/machine/time/clock.js';
import { TIMING_3100 } from '../../../src/machine/time/kn01-timing.js';

export const HERTZ: number = TIMING_3100.hertz;

export class Kn01Bench {
  readonly clock: Clock = new Clock(HERTZ);
  readonly board: Kn01;
  /** Raised interrupt inputs, bit n = IPn. */
  interrupts = 0;

  constructor(options: Partial<MachineOptions> = {}) {
    this.board = createKn01({
      clock: this.clock,
      interrupts: {
        setInterrupt: (ip, isRaised) => {
          this.interrupts = isRaised ? this.interrupts | (1 << ip) : this.interrupts & ~(1 << ip);
        },
      },
      dma: {
        ram: new Uint8Array(0),
        stealCycles: () => {
          throw new Error('nothing on this board takes the memory bus');
        },
      },
      options: {
        model: '3100',
        memoryMiB: 24,
        rom: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]),
        disks: [],
        seed: new Uint8Array(16).map((_, index) => index + 1),
        epochSeconds: 700_000_000,
        ...options,
      },
    });
  }

  read(address: number, size: AccessSize = 2): number {
    this.board.bus.hasTimedOut = false;
    return this.board.bus.read(address, size);
  }

  write(address: number, value: number, size: AccessSize = 2): void {
    this.board.bus.write(address, value, size);
  }

  /** Lets cycles pass, firing what is due. */
  pass(cycles: number): void {
    const end = this.clock.now + cycles;
    while (this.clock.nextAt <= end) {
      this.clock.now = Math.max(this.clock.now, this.clock.nextAt);
      this.clock.fire();
    }
    this.clock.now = end;
  }
}
