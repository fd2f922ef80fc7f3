/**
 * Programs that nobody wrote: a ROM of random instructions whose base registers point at chips, memory and nowhere, with
 * handlers that step over what faults. Whatever it does, the machine goes on, at the same cycles however it is run.
 */

import { describe, expect, test } from 'vitest';
import { KN01_ADDRESS, KN02BA_ADDRESS } from '../../src/machine/boards/index.js';
import { createMachine, type Machine, type ModelName } from '../../src/machine/index.js';
import { TestRandom } from '../support/random.js';
import { fields, TestDisk } from './snapshot/fixture.js';

const ROM_BYTES = 0x1_0000;
const PROGRAM = 0x400;
const CYCLES = 150_000;
/** Opcodes of loads, stores, immediates and branches, those that MIPS I does not have included now and then. */
const OPERATIONS = [
  0, 0, 0, 1, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 32, 33, 34, 35, 36, 37, 38, 40, 41, 42, 43, 46, 49, 57,
];

function randomRom(random: TestRandom, model: ModelName): Uint8Array {
  const rom = new Uint8Array(ROM_BYTES);
  const view = new DataView(rom.buffer);
  const put = (at: number, ...words: number[]): void =>
    words.forEach((word, index) => {
      view.setUint32(at + index * 4, word, true);
    });
  const jump = 0x0800_0000 | (((0xbfc0_0000 + PROGRAM) >>> 2) & 0x3ff_ffff);
  put(0, jump, 0);
  // The handlers of UTLB misses and of everything else: over the instruction, or over its branch.
  for (const at of [0x100, 0x180]) put(at, 0x401a_7000, 0, 0x275a_0004, 0x0340_0008, 0x4200_0010);
  const windows = [
    ...Object.values(model === '5000/125' ? KN02BA_ADDRESS : KN01_ADDRESS),
    0x0780_0000,
    0x1000,
    0x2_0000,
  ];
  for (let at = PROGRAM; at < ROM_BYTES - 16; ) {
    if (random.below(5) === 0) {
      // A base register, uncached or cached.
      const register = 8 + random.below(8);
      const address =
        (random.pick(windows) + random.below(64) * 4) |
        random.pick([0xa000_0000, 0xa000_0000, 0x8000_0000, 0]);
      put(
        at,
        0x3c00_0000 | (register << 16) | (address >>> 16),
        0x3400_0000 | (register << 21) | (register << 16) | (address & 0xffff),
      );
      at += 8;
      continue;
    }
    put(at, randomWord(random));
    at += 4;
  }
  put(ROM_BYTES - 16, jump, 0, jump, 0);
  return rom;
}

function randomWord(random: TestRandom): number {
  const operation = random.below(40) === 0 ? random.below(64) : random.pick(OPERATIONS);
  const base = 8 + random.below(8);
  const registers = (base << 21) | (random.below(26) << 16);
  if (operation === 0)
    return (
      (registers | (random.below(26) << 11) | random.pick([random.below(64), 0x21, 0x23, 0x25, 0x2b])) >>> 0
    );
  // CP0 now and then: TLB, Status and the rest; branches stay near.
  if (random.below(30) === 0)
    return random.pick([
      0x4200_0001,
      0x4200_0002,
      0x4200_0006,
      0x4200_0008,
      0x4200_0010,
      0x4080_0000 | (random.below(16) << 16) | (random.below(16) << 11),
    ]);
  const near =
    operation < 8
      ? 1 + random.below(20)
      : random.below(16) * 4 + (random.below(8) === 0 ? random.below(4) : 0);
  return ((operation << 26) | registers | near) >>> 0;
}

describe.each(['5000/125', '3100'] as const)('random code on a %s', (model) => {
  test.each(Array.from({ length: 12 }, (_, index) => index + 1))('seed %i', (seed) => {
    const create = (): Machine =>
      createMachine({
        model,
        memoryMiB: 8,
        rom: randomRom(new TestRandom(seed), model),
        disks: [new TestDisk(new Uint8Array(64 * 512))],
        seed: new Uint8Array(16),
        epochSeconds: 817_981_200,
      });
    const [whole, cut] = [create(), create()];
    whole.run(CYCLES);
    for (let cycle = 0; cycle < CYCLES; cycle += 1009) cut.run(Math.min(cycle + 1009, CYCLES));
    cut.run(CYCLES);
    expect(fields(cut.snapshot())).toEqual(fields(whole.snapshot()));
    const { instructions, exceptions } = whole.statistics();
    expect(instructions.attempted).toBeGreaterThan(1000);
    expect(Object.values(exceptions).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  });
});
