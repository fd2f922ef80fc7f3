/** The self test: memory of every size, its content left alone, and a broken word found and named. */

import { describe, expect, it } from 'vitest';
import { LAYOUT } from '../../../src/machine/memory/layout.js';
import { withBrokenReads } from './broken-board.js';
import { PromMachine, romSymbol } from './prom-machine.js';

/** Calls `breakIt` before each instruction of a routine: what is stored meanwhile does not stay. */
function whileIn(prom: PromMachine, routine: string, breakIt: () => void): void {
  const from = romSymbol(routine);
  for (let pc = from; pc < from + 0x180; pc += 4) prom.machine.trace(pc, breakIt);
}

/** One bit of one RAM word reads as 1 whatever is stored. */
function breakWord(prom: PromMachine, physical: number): void {
  whileIn(prom, 'memory_test', () => {
    prom.machine.ram[physical] = (prom.machine.ram[physical] as number) | 0x10;
  });
}

/** The machine's linear memory, where tags, isolated words and the TLB lie. */
function words(prom: PromMachine): Int32Array {
  return new Int32Array(prom.machine.ram.buffer);
}

describe('the self test', () => {
  it.each([8, 24, 64, 128])('finds %d MB and is done in time', (memoryMiB) => {
    const prom = new PromMachine({ memoryMiB });
    prom.runUntil('(no disk)\r\n>>');
    expect(prom.output).toContain(` RAM ${memoryMiB}M `);
    expect(prom.machine.cycle).toBeLessThan(12e6);
  });

  it('leaves what is in RAM as it was', () => {
    const prom = new PromMachine();
    const { ram } = prom.machine;
    for (let at = 0x1_0000; at < ram.length; at++) ram[at] = (at * 7 + (at >>> 8)) & 0xff;
    const before = ram.slice(0x1_0000);
    prom.runUntil('\n>>');
    expect(Buffer.compare(ram.subarray(0x1_0000), before)).toBe(0);
  });

  it('stops at the prompt when the sample meets a broken word', () => {
    const prom = new PromMachine();
    breakWord(prom, 0x40_0000);
    prom.runUntil('\n>>');
    expect(prom.output).toMatch(/\?TEST RAM: at a0400000 wrote [0-9a-f]{8} read [0-9a-f]{8}\r\n>>$/);
  });

  it('finds any broken word with the test command', () => {
    const prom = new PromMachine();
    prom.runUntil('\n>>');
    breakWord(prom, 0x1_2344);
    expect(prom.command('test')).toMatch(/\?TEST RAM: at a0012344 /);
  });
});

describe('a broken part is named, with where it is broken', () => {
  it.each([
    ['D', LAYOUT.dataTags, 'tag'],
    ['I', LAYOUT.instructionTags, 'tag'],
    ['D', LAYOUT.dataWords, 'data'],
    ['I', LAYOUT.instructionWords, 'data'],
  ])('cache %s, %i: %s', (name, base, what) => {
    const prom = new PromMachine();
    const memory = words(prom);
    const at = (base + 0x1234) >>> 2;
    whileIn(prom, 'cache_test', () => {
      memory[at] = what === 'tag' ? -1 : (memory[at] as number) | 0x10;
    });
    prom.runUntil('\n>>');
    expect(prom.output).toMatch(new RegExp(`\\?TEST ${name}: ${what} at 80001234\r\n>>$`));
  });

  it.each([0, 17, 63])('TLB entry %i', (entry) => {
    const prom = new PromMachine();
    const memory = words(prom);
    const at = (LAYOUT.tlbLo >>> 2) + entry;
    whileIn(prom, 'tlb_test', () => {
      memory[at] = (memory[at] as number) & ~0x200;
    });
    prom.runUntil('\n>>');
    expect(prom.output).toMatch(new RegExp(`\\?TEST TLB: entry ${entry}\r\n>>$`));
  });

  it.each([
    ['RTC: battery', 0x1c20_0034, (value: number) => value & ~0x80],
    ['RTC: RAM', 0x1c20_00f4, (value: number) => value | 1],
    ['SCC: channel A', 0x1c18_0009, (value: number) => value ^ 0x10],
    ['IOASIC: DMA pointer', 0x1c04_0000, (value: number) => value & ~0x40],
    ['IOASIC: status register', 0x1c04_0100, (value: number) => value & ~0x100],
    ['SCSI: no answer', 0x1c30_0000, () => undefined],
    ['SCSI: configuration register', 0x1c30_0020, (value: number) => value & ~1],
    ['SCSI: FIFO', 0x1c30_0008, (value: number) => value & ~1],
    ['ESAR: address ROM', 0x1c08_0008, (value: number) => value ^ 1],
  ])('%s', (text, address, alter) => {
    const prom = new PromMachine({ built: withBrokenReads(address, alter) });
    prom.runUntil('\n>>');
    expect(prom.output).toContain(`\n?TEST ${text}\r\n>>`);
    expect(prom.output).not.toContain(' ok');
  });

  it.each([
    ['CSR: system register', 0x1e00_0000, (value: number) => value | 0x2000],
    ['RTC: battery', 0x1d00_0034, (value: number) => value & ~0x80],
    ['DZ: line enable register', 0x1c00_0010, (value: number) => value & ~0x400],
    ['NET: buffer memory', 0x1900_0000, (value: number) => value ^ 0x4000],
    ['ESAR: address ROM', 0x1d00_0009, (value: number) => value ^ 1],
  ])('%s of a 3100', (text, address, alter) => {
    const prom = new PromMachine({ model: '3100', built: withBrokenReads(address, alter) });
    prom.runUntil('\n>>');
    expect(prom.output).toContain(`\n?TEST ${text}\r\n>>`);
    expect(prom.output).not.toContain(' ok');
  });
});
