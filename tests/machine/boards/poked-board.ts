/**
 * A board without a CPU, for pokes at random: reads and writes of any size at any register, time that passes, frames and
 * typing from outside. Every access must give a number of its size, and time must never stand still.
 */

import fc from 'fast-check';
import {
  type Board,
  createKn01,
  createKn02ba,
  KN01_ADDRESS,
  KN02BA_ADDRESS,
} from '../../../src/machine/boards/index.js';
import type { ModelName } from '../../../src/machine/machine-types.js';
import type { AccessSize } from '../../../src/machine/memory/bus.js';
import type { StateValue } from '../../../src/machine/snapshot/state.js';
import { Clock } from '../../../src/machine/time/clock.js';
import { TestDisk } from '../snapshot/fixture.js';

export type Poke =
  | { readonly kind: 'read'; readonly address: number; readonly size: AccessSize }
  | { readonly kind: 'write'; readonly address: number; readonly size: AccessSize; readonly value: number }
  | { readonly kind: 'pass'; readonly cycles: number }
  | { readonly kind: 'frame'; readonly length: number }
  | { readonly kind: 'type'; readonly line: number; readonly count: number };

const RAM_BYTES = 0x2_0000;
/** More timers than any chip arms in that time: 16 serial lines, both ways, and some. */
const MAX_TIMERS_PER_CYCLE = 0.5;

export class PokedBoard {
  readonly clock: Clock = new Clock(25_000_000);
  /** Small, so that DMA often points behind it. */
  readonly ram: Uint8Array = new Uint8Array(RAM_BYTES).map((_, index) => index * 13);
  readonly disks: readonly TestDisk[];
  readonly board: Board;
  interrupts = 0;
  readonly #model: ModelName;

  constructor(model: ModelName, from?: PokedBoard) {
    this.#model = model;
    this.disks = [64, 3].map(
      (sectors, id) => new TestDisk(from?.disks[id]?.bytes.slice() ?? new Uint8Array(sectors * 512)),
    );
    const create = model === '5000/125' ? createKn02ba : createKn01;
    this.board = create({
      clock: this.clock,
      interrupts: {
        setInterrupt: (ip, isRaised) => {
          this.interrupts = isRaised ? this.interrupts | (1 << ip) : this.interrupts & ~(1 << ip);
        },
      },
      dma: { ram: this.ram, stealCycles: () => {} },
      options: {
        model,
        memoryMiB: 8,
        rom: new Uint8Array(256),
        disks: this.disks,
        seed: new Uint8Array(16),
        epochSeconds: 700_000_000,
      },
    });
    if (from === undefined) return;
    this.ram.set(from.ram);
    this.clock.restore(from.clock.snapshot());
    this.board.restore(from.board.snapshot());
    this.interrupts = from.interrupts;
  }

  /** Another board in the same state. */
  twin(): PokedBoard {
    return new PokedBoard(this.#model, this);
  }

  /** Everything that the next poke could depend on. */
  get state(): StateValue {
    return {
      clock: this.clock.snapshot(),
      board: this.board.snapshot(),
      ram: this.ram,
      disks: this.disks.map(({ bytes }) => bytes),
      interrupts: this.interrupts,
    };
  }

  /** What a read gave, undefined for other pokes. Throws when the board misbehaves. */
  poke(poke: Poke): number | undefined {
    switch (poke.kind) {
      case 'read':
        return this.#read(poke.address, poke.size);
      case 'write':
        this.board.bus.write(poke.address, poke.value, poke.size);
        break;
      case 'pass':
        this.#pass(poke.cycles);
        break;
      case 'frame':
        this.board.network.send(
          Uint8Array.from({ length: poke.length }, (_, index) => (index < 6 ? 0xff : index)),
        );
        break;
      case 'type': {
        const line = poke.line === 16 ? this.board.console : this.board.lines[poke.line];
        line?.send(new Uint8Array(poke.count).fill(0x41));
      }
    }
    return undefined;
  }

  #read(address: number, size: AccessSize): number {
    this.board.bus.hasTimedOut = false;
    const value = this.board.bus.read(address, size);
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * size)) {
      throw new Error(`a read of ${size} bytes at 0x${address.toString(16)} gave ${value}`);
    }
    return value;
  }

  #pass(cycles: number): void {
    const end = this.clock.now + cycles;
    const limit = 1000 + cycles * MAX_TIMERS_PER_CYCLE;
    for (let fired = 0; this.clock.nextAt <= end; fired++) {
      if (fired > limit) throw new Error(`${fired} timers in ${cycles} cycles`);
      if (!(this.clock.nextAt >= this.clock.now) && this.clock.nextAt < this.clock.now - 1_000_000) {
        throw new Error(`a timer for cycle ${this.clock.nextAt} at ${this.clock.now}`);
      }
      this.clock.now = Math.max(this.clock.now, this.clock.nextAt);
      this.clock.fire();
    }
    this.clock.now = end;
  }
}

const SIZES: readonly AccessSize[] = [1, 2, 4];
const value: fc.Arbitrary<number> = fc.oneof(
  fc.nat(0xff),
  fc.nat(31).map((bit) => (1 << bit) >>> 0),
  fc.integer({ min: 0, max: 0xffff_ffff }),
  fc.constantFrom(0, 0xffff_ffff, 0x8000_0000, 0xffff),
);

/** Pokes at the windows of a board; most near their beginnings, where the registers are. */
export function anyPoke(model: ModelName): fc.Arbitrary<Poke> {
  const bases = Object.values(model === '5000/125' ? KN02BA_ADDRESS : KN01_ADDRESS);
  const address = fc
    .tuple(
      fc.constantFrom(...bases, 0x0010_0000, 0x0780_0000),
      fc.oneof(
        { weight: 6, arbitrary: fc.nat(0x3f) },
        { weight: 3, arbitrary: fc.nat(0x3ff) },
        { weight: 1, arbitrary: fc.nat(0x3_ffff) },
      ),
      fc.constantFrom(...SIZES),
    )
    .map(([base, offset, size]) => ({ address: base + (offset & -size), size }));
  const accesses = fc.oneof(
    { weight: 2, arbitrary: address.map((at): Poke => ({ kind: 'read', ...at })) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(address, value)
        .map(([at, written]): Poke => ({ kind: 'write', ...at, value: written })),
    },
  );
  return fc.oneof(
    { weight: 12, arbitrary: accesses },
    {
      weight: 3,
      arbitrary: fc
        .oneof(fc.nat(300), fc.nat(20_000), fc.nat(300_000))
        .map((cycles): Poke => ({ kind: 'pass', cycles })),
    },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc.integer({ min: 14, max: 1514 }).map((length): Poke => ({ kind: 'frame', length })),
        fc.tuple(fc.nat(16), fc.nat(80)).map(([line, count]): Poke => ({ kind: 'type', line, count })),
      ),
    },
  );
}
