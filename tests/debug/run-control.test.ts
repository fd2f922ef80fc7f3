/**
 * Stepping a program on Aegis: over TLB misses, interrupts and system calls, in its own address space only; into the
 * handlers when told so. And the run is the one without a debugger, to the cycle.
 */

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { FIXED_EPOCH_SECONDS, FIXED_SEED, Workstation } from '../../src/workstation/index.js';
import { TestDebugger } from './client.js';

const PC = 37;
const STATUS = 32;
const ENTRY_HI = 76;
const READY_CYCLE = 60_000_000;
const HELLO = 'hello from exos';

const symbols = JSON.parse(
  readFileSync(new URL('../../disk-images/symbols.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, string>>;
const main = symbols.hello?.main ?? '';

/** Aegis with init ready, and a program asked for at a fixed cycle. */
class Desk {
  readonly workstation: Workstation;
  readonly gdb: TestDebugger;
  output = '';
  endCycle = 0;

  constructor() {
    this.workstation = new Workstation({
      model: '5000/125',
      memoryMiB: 8,
      disks: [],
      append: [],
      seed: FIXED_SEED,
      epochSeconds: FIXED_EPOCH_SECONDS,
      notice: () => undefined,
    });
    this.gdb = new TestDebugger(this.workstation.machine, (cycle) => this.workstation.run(cycle));
    this.workstation.onOutput = (line, byte) => {
      if (line === 1) this.output += String.fromCharCode(byte);
    };
    this.workstation.run(READY_CYCLE);
    this.workstation.init.start({
      line: 1,
      libraryOs: 'exos',
      program: 'hello',
      arguments: [],
      onStarted: () => undefined,
      onEnded: () => {
        this.endCycle = this.workstation.cycle;
      },
    });
  }

  /** Stops in main of hello. */
  toMain(): void {
    this.gdb.monitor('only hello');
    this.gdb.ask(`Z0,${main},4`);
    expect(this.gdb.resume('c', 40_000_000)).toMatch(/^T05/);
    this.gdb.ask(`z0,${main},4`);
    expect(this.gdb.monitor('only hello')).toBe('stops at user addresses in hello only\n');
  }
}

let plain: Desk;
beforeAll(() => {
  plain = new Desk();
  while (plain.endCycle === 0) plain.workstation.run(plain.workstation.cycle + 100_000);
});

describe('a program on Aegis', () => {
  it('is stepped from main to its end without a look at anything else, and ends at the same cycle', () => {
    const desk = new Desk();
    const { gdb } = desk;
    desk.toMain();
    expect(gdb.register(PC)).toBe(Number.parseInt(main, 16));
    const space = gdb.register(ENTRY_HI) & 0xfc0;
    let steps = 0;
    let last = 0;
    for (;;) {
      const stop = gdb.resume('vCont;s', 30_000_000);
      if (stop === undefined) break;
      expect(stop).toBe('T05thread:1;');
      expect(gdb.register(PC)).toBeLessThan(0x8000_0000);
      expect([gdb.register(STATUS) & 2, gdb.register(ENTRY_HI) & 0xfc0]).toEqual([2, space]);
      last = gdb.machine.cycle;
      steps++;
    }
    expect(steps).toBeGreaterThan(500);
    expect(last).toBeLessThan(desk.endCycle);
    expect(desk.output).toContain(HELLO);
    expect(desk.output).toBe(plain.output);
    expect(desk.endCycle).toBe(plain.endCycle);
  });

  it('is stepped into the handlers when that is asked for', () => {
    const desk = new Desk();
    desk.toMain();
    desk.gdb.monitor('step into');
    const vectors = new Set<number>();
    for (let step = 0; step < 3000 && vectors.size < 2; step++) {
      expect(desk.gdb.resume('s')).toBe('T05thread:1;');
      const pc = desk.gdb.register(PC);
      if (pc === 0x8000_0000 || pc === 0x8000_0080) vectors.add(pc);
    }
    expect(vectors.has(0x8000_0080)).toBe(true);
  });

  it('has its memory read through the software TLB when the TLB has no entry', () => {
    const desk = new Desk();
    const { gdb } = desk;
    desk.toMain();
    const text = gdb.ask(`m${main},10`);
    expect(text).toHaveLength(32);
    expect(gdb.monitor('env')).toMatch(/\* env \d+: hello on exos/);
    expect(Buffer.from(gdb.ask('qThreadExtraInfo,1') ?? '', 'hex').toString()).toMatch(
      /^env \d+: hello on exos, user mode$/,
    );
    // Every mapping of main's page leaves the TLB.
    const page = Number.parseInt(main, 16) & ~0xfff;
    const { machine } = desk.workstation;
    const state = machine.snapshot();
    const tlb = new Int32Array(state.memory.registers.buffer, state.memory.registers.byteOffset + 0x300, 64);
    tlb.forEach((hi, index) => {
      if ((hi & ~0xfff) === page) tlb[index] = 0x8000_0000 | (index << 12);
    });
    machine.restore(state);
    expect(machine.debugPort.translate(page)).toBeUndefined();
    expect(gdb.ask(`m${main},10`)).toBe(text);
    expect(gdb.ask('m30000000,4')).toBe('E0e');
  });
});
