/**
 * Cache isolation and swapping as kernels use them to size and flush the caches: partial stores invalidate, loads say
 * in Status.CM whether they hit, memory is not touched. Sizing procedures after what DECstation kernels do.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import * as asm from './encode.js';
import { ENGINES, type Engine, runProgram, TEXT } from './engine.js';

const ISC = 0x0001_0000;
const SWC = 0x0002_0000;
const CM = 0x0008_0000;
const BASE = 0x8000_0000;

describe.each(ENGINES)('isolated caches on the %s', (_, createEngine) => {
  let engine: Engine;
  beforeEach(() => {
    engine = createEngine();
  });

  /** Runs one isolated access from uncached text, as kernels do, and returns what was loaded and whether it missed. */
  function isolated(
    status: number,
    word: number,
    address: number,
    value = 0,
  ): { value: number; isMiss: boolean } {
    engine.write(TEXT, [word, 0]);
    engine.start(TEXT + 0x2000_0000, { registers: { 1: address, 2: value }, cp0: { Status: status } });
    engine.advance(1);
    const { registers, cp0 } = engine.advance(1);
    return { value: registers[3] ?? 0, isMiss: (cp0.Status & CM) !== 0 };
  }
  const store = (status: number, address: number, value: number): unknown =>
    isolated(status, asm.sw(2, 0, 1), address, value);
  const load = (status: number, address: number): { value: number; isMiss: boolean } =>
    isolated(status, asm.lw(3, 0, 1), address);

  it('a stored word is read back as a hit, and memory keeps what it had', () => {
    engine.write(0x8000_5000, [0x1234_5678]);
    store(ISC, 0x8000_5000, 0xa5a5_5a5a);
    expect(load(ISC, 0x8000_5000)).toEqual({ value: 0xa5a5_5a5a, isMiss: false });
    expect(engine.read(0x8000_5000)).toBe(0x1234_5678);
    const { registers } = runProgram(engine, [asm.lw(3, 0, 1), 0], { registers: { 1: 0x8000_5000 } });
    expect(registers[3]).toBe(0x1234_5678);
  });

  it('a byte store invalidates the line of one word, and no other', () => {
    store(ISC, 0x8000_5000, 1);
    store(ISC, 0x8000_5004, 2);
    isolated(ISC, asm.sb(0, 0, 1), 0x8000_5000);
    expect(load(ISC, 0x8000_5000).isMiss).toBe(true);
    expect(load(ISC, 0x8000_5004)).toEqual({ value: 2, isMiss: false });
  });

  it('the two caches are apart: SwC chooses the instruction cache', () => {
    store(ISC, 0x8000_5000, 0x0000_000d);
    store(ISC | SWC, 0x8000_5000, 0x0000_000e);
    expect(load(ISC, 0x8000_5000).value).toBe(0x0d);
    expect(load(ISC | SWC, 0x8000_5000).value).toBe(0x0e);
  });

  it('a word that a normal load brought in hits; after a flush it misses, and the next normal load stalls', () => {
    const words = [asm.lw(3, 0, 1), 0];
    const registers = { 1: 0x8000_5000 };
    runProgram(engine, words, { registers });
    expect(load(ISC, 0x8000_5000).isMiss).toBe(false);
    isolated(ISC, asm.sb(0, 0, 1), 0x8000_5000);
    expect(load(ISC, 0x8000_5000).isMiss).toBe(true);
    runProgram(engine, [0, 0, 0]);
    const before = engine.advance(0).cycles;
    expect(runProgram(engine, words, { registers }, 1).cycles - before).toBeGreaterThan(
      engine.timing.readMiss,
    );
  });

  it('isolated accesses never reach a device or fault on an address that nothing answers', () => {
    expect(isolated(ISC, asm.lw(3, 0, 1), 0xbd00_0000).isMiss).toBe(true);
    store(ISC, 0xbe00_0000, 5);
    expect(engine.bus.log).toEqual([]);
  });

  it.each([
    ['data', ISC],
    ['instruction', ISC | SWC],
  ])('sizing by powers of two finds a %s cache of 64 KB', (_name, status) => {
    store(status, BASE, 0xa5a5_5a5a);
    expect(load(status, BASE)).toEqual({ value: 0xa5a5_5a5a, isMiss: false });
    for (let size = 512; size <= 0x10_0000; size *= 2) store(status, BASE + size, 0);
    store(status, BASE, 0xffff_ffff);
    let size = 512;
    while (size <= 0x10_0000 && load(status, BASE + size).value === 0) size *= 2;
    expect(size).toBe(0x1_0000);
  });

  it('sizing from above, each size stored at its own offset, leaves the size at offset 0', () => {
    for (let size = 0x4_0000; size >= 512; size /= 2) store(ISC, BASE + size, size);
    expect(load(ISC, BASE).value).toBe(0x1_0000);
  });

  it('the line size shows as one word', () => {
    for (let index = 0; index < 128; index++) store(ISC, BASE + index * 4, index);
    isolated(ISC, asm.sb(0, 0, 1), BASE);
    expect([0, 1, 2].map((index) => load(ISC, BASE + index * 4).isMiss)).toEqual([true, false, false]);
  });

  it('text in kseg0 goes on running while both bits are set', () => {
    const words = [
      asm.mtc0(1, 12),
      0,
      asm.sb(0, 0, 4),
      asm.sb(0, 4, 4),
      0,
      asm.mtc0(2, 12),
      0,
      asm.addiu(5, 0, 9),
    ];
    const final = runProgram(engine, words, { registers: { 1: ISC | SWC, 2: 0, 4: BASE + 0x5000 } });
    expect([final.pc, final.registers[5]]).toEqual([TEXT + words.length * 4, 9]);
  });

  it('flushing the instruction cache makes the next fetch of the word a miss', () => {
    runProgram(engine, [0, 0, 0, 0]);
    const warm = engine.advance(0).cycles;
    const hit = runProgram(engine, [0, 0, 0, 0]).cycles - warm;
    isolated(ISC | SWC, asm.sb(0, 0, 1), TEXT + 8);
    engine.write(TEXT, [0, 0, 0, 0]);
    const before = engine.advance(0).cycles;
    const flushed = runProgram(engine, [0, 0, 0, 0]).cycles - before;
    expect(flushed - hit).toBe(engine.timing.readMiss);
  });
});
