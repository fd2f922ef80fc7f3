/** A KN02-BA without a CPU: tests act as the driver, time passes when they say so. */

import { createKn02ba, KN02BA_ADDRESS, type Kn02ba } from '../../../src/machine/boards/index.js';
import { SSR } from '../../../src/machine/devices/index.js';
import type { MachineOptions } from '../../../src/machine/machine-types.js';
import type { AccessSize } from '../../../src/machine/memory/bus.js';
import { Clock } from '../../../src/machine/time/clock.js';

export const HERTZ = 25_000_000;
const RAM_BYTES = 8 << 20;

export interface Bench {
  readonly clock: Clock;
  readonly board: Kn02ba;
  readonly ram: Uint8Array;
  /** Raised interrupt inputs, bit n = IPn, without the frame buffer's IP3, which rises at every frame. */
  interrupts(): number;
  isBlanking(): boolean;
  stolenCycles(): number;
  read(address: number, size?: AccessSize): number;
  write(address: number, value: number, size?: AccessSize): void;
  /** Lets cycles pass, firing what is due. */
  pass(cycles: number): void;
  /** Passes time until the condition holds; returns whether it did within the limit. */
  until(condition: () => boolean, limitCycles: number): boolean;
}

export function createBench(options: Partial<MachineOptions> = {}): Bench {
  const clock = new Clock(HERTZ);
  const ram = new Uint8Array(RAM_BYTES);
  let raised = 0;
  let stolen = 0;
  const board = createKn02ba({
    clock,
    interrupts: {
      setInterrupt(ip, isRaised) {
        raised = isRaised ? raised | (1 << ip) : raised & ~(1 << ip);
      },
    },
    dma: {
      ram,
      stealCycles(cycles) {
        stolen += cycles;
      },
    },
    options: {
      model: '5000/125',
      memoryMiB: 8,
      rom: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]),
      disks: [],
      seed: new Uint8Array(16).map((_, index) => index + 1),
      epochSeconds: 700_000_000,
      ...options,
    },
  });
  const bench: Bench = {
    clock,
    board,
    ram,
    interrupts: () => raised & ~(1 << 3),
    isBlanking: () => (raised & (1 << 3)) !== 0,
    stolenCycles: () => stolen,
    read: (address, size = 4) => {
      board.bus.hasTimedOut = false;
      return board.bus.read(address, size);
    },
    write: (address, value, size = 4) => board.bus.write(address, value, size),
    pass(cycles) {
      const end = clock.now + cycles;
      while (clock.nextAt <= end) {
        clock.now = Math.max(clock.now, clock.nextAt);
        clock.fire();
      }
      clock.now = end;
    },
    until(condition, limitCycles) {
      const end = clock.now + limitCycles;
      while (!condition()) {
        if (clock.nextAt > end) return false;
        clock.now = Math.max(clock.now, clock.nextAt);
        clock.fire();
      }
      return true;
    },
  };
  // As firmware does first: take the chips out of reset.
  bench.write(KN02BA_ADDRESS.ioasic + 0x100, SSR.sccRun | SSR.rtcRun | SSR.scsiRun | SSR.lanceRun);
  return bench;
}
