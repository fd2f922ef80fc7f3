/** The self test: memory of every size, its content left alone, and a broken word found and named. */

import { describe, expect, it } from 'vitest';
import { PromMachine, romSymbol } from './prom-machine.js';

/** One bit of one RAM word reads as 1 whatever is stored: set again before each instruction of the memory test. */
function breakWord(prom: PromMachine, physical: number): void {
  const from = romSymbol('memory_test');
  for (let pc = from; pc < from + 0x180; pc += 4) {
    prom.machine.trace(pc, () => {
      prom.machine.ram[physical] = (prom.machine.ram[physical] as number) | 0x10;
    });
  }
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
