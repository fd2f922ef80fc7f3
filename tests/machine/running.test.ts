/**
 * What a run must not depend on: how it is cut into `run` calls, whether idle loops are skipped or stepped, whether
 * trace points are attached. Plus the accounts: every cycle is charged exactly once.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Cpu } from '../../src/machine/cpu/cpu.js';
import { interpret } from '../../src/machine/cpu/interpreter.js';
import { createMachine, type Machine } from '../../src/machine/index.js';
import { COUNTER, createGuestMemory, LAYOUT } from '../../src/machine/memory/layout.js';
import { Clock } from '../../src/machine/time/clock.js';
import { TIMING_5000_125 } from '../../src/machine/time/cpu-timing.js';

const rom = readFileSync(new URL('../../rom/kn02ba.bin', import.meta.url));

function boot(): Machine {
  return createMachine({
    model: '5000/125',
    memoryMiB: 8,
    rom,
    disks: [],
    seed: new Uint8Array(16),
    epochSeconds: 0,
  });
}

describe('a run', () => {
  it('ends in the same state however it is cut', () => {
    const whole = boot();
    const cut = boot();
    whole.run(3_000_000);
    for (let at = 1; cut.cycle < whole.cycle; at += 977) cut.run(Math.min(at, whole.cycle));
    expect(cut.cycle).toBe(whole.cycle);
    expect(cut.statistics()).toEqual(whole.statistics());
    expect(cut.cpuState()).toEqual(whole.cpuState());
    expect(Buffer.compare(cut.ram, whole.ram)).toBe(0);
  });

  it('ends when its limit is no whole number', () => {
    const machine = boot();
    machine.run(1000.5);
    expect(machine.cycle).toBeGreaterThanOrEqual(1001);
  });

  it('charges every cycle and instruction to exactly one account', () => {
    const machine = boot();
    machine.run(100_000);
    machine.setAccount(3);
    machine.run(250_000);
    machine.setAccount(0);
    const accounts = [machine.account(0), machine.account(3)];
    const cycles = accounts.reduce(
      (sum, one) => sum + one.userCycles + one.kernelCycles + one.refillCycles,
      0,
    );
    expect(cycles).toBe(machine.cycle);
    expect(accounts.reduce((sum, one) => sum + one.instructions, 0)).toBe(
      machine.statistics().instructions.attempted,
    );
    expect(accounts[1]?.kernelCycles).toBeGreaterThanOrEqual(150_000 - 64);
  });
});

describe('registers at a trace point', () => {
  it('saw registers as they were before a load that had long ended, or that was just under way', () => {
    const machine = boot();
    const program = [
      0x3c08_8000, // lui t0,0x8000
      0x3508_4000, // ori t0,t0,0x4000
      0x8d09_0000, // lw t1,0(t0)
      0x3c09_1234, // lui t1,0x1234
      0x8d0a_0004, // lw t2,4(t0)
      0x1000_ffff, // b .
      0,
    ];
    const words = new DataView(machine.ram.buffer, machine.ram.byteOffset);
    program.forEach((word, index) => {
      words.setUint32(0x3000 + 4 * index, word, true);
    });
    words.setUint32(0x4000, 0xaaaa, true);
    words.setUint32(0x4004, 0xbbbb, true);
    // The first instructions of the firmware are replaced by a jump to the program.
    const changed = Uint8Array.from(rom);
    const romWords = new DataView(changed.buffer);
    [0x3c08_8000, 0x3508_3000, 0x0100_0008, 0].forEach((word, index) => {
      romWords.setUint32(4 * index, word, true);
    });
    const traced = createMachine({ ...machine.options, rom: changed });
    traced.ram.set(machine.ram.subarray(0x3000, 0x5000), 0x3000);
    const seen: number[][] = [];
    for (const at of [0x8000_300c, 0x8000_3010, 0x8000_3014]) {
      traced.trace(at, ({ pc, registers }) => {
        if (seen.length < 3) seen.push([pc, registers[9] as number, registers[10] as number]);
      });
    }
    traced.run(2000);
    expect(seen).toEqual([
      [0x8000_300c, 0xaaaa, 0],
      [0x8000_3010, 0x1234_0000, 0],
      [0x8000_3014, 0x1234_0000, 0xbbbb],
    ]);
  });
});

/** A CPU with 1 MiB of RAM and no board, about to execute `words` at an address in kseg0 or kseg1. */
function cpuWith(words: readonly number[], address: number): Cpu {
  const memory = createGuestMemory(1 << 20);
  const cpu = new Cpu(memory, new Clock(TIMING_5000_125.hertz), TIMING_5000_125);
  cpu.bus = { hasTimedOut: false, lastCycles: 10, read: () => 0, write: () => {} };
  cpu.reset();
  memory.words.set(words, (LAYOUT.ram + (address & 0xf_ffff)) >> 2);
  cpu.gpr[9] = 0x8000_2000 | 0;
  cpu.pc = address | 0;
  cpu.nextPc = cpu.pc + 4;
  return cpu;
}

function runTo(cpu: Cpu, until: number): number[] {
  while (cpu.clock.now < until) interpret(cpu, until);
  const { clock, stalls, pc, inDelaySlot, counters } = cpu;
  const misses = [COUNTER.icacheMisses, COUNTER.dcacheMisses].map((index) => counters[index] as number);
  return [
    clock.now,
    stalls,
    pc,
    inDelaySlot ? 1 : 0,
    cpu.readCp0(1, clock.now - stalls),
    ...misses,
    ...cpu.gpr,
  ];
}

describe('a trace point', () => {
  // addiu $8,$8,1; sw $8,0x100($9); lw $10,0x100($9); nop; b .-16; nop
  const loop = [0x2508_0001, 0xad28_0100 | 0, 0x8d2a_0100 | 0, 0, 0x1000_fffb, 0];

  it('costs the guest nothing', () => {
    const plain = cpuWith(loop, 0x8000_1000);
    const traced = cpuWith(loop, 0x8000_1000);
    let hits = 0;
    for (let offset = 0; offset < 24; offset += 4) traced.trace(0x1000 + offset, () => hits++);
    expect(runTo(traced, 20_000)).toEqual(runTo(plain, 20_000));
    expect(hits).toBeGreaterThan(10_000);
  });

  it('is gone when removed', () => {
    const cpu = cpuWith(loop, 0x8000_1000);
    let hits = 0;
    const remove = cpu.trace(0x1000, () => hits++);
    runTo(cpu, 1000);
    remove();
    const before = hits;
    runTo(cpu, 5000);
    expect([before > 0, hits]).toEqual([true, before]);
  });
});

describe('a branch to itself', () => {
  it('takes the same cycles and instructions skipped as stepped, to every end', () => {
    for (const address of [0x8000_1000, 0xa000_1000]) {
      for (let until = 1000; until < 1014; until++) {
        const skipped = cpuWith([0x1000_ffff], address);
        const stepped = cpuWith([0x1000_ffff], address);
        stepped.idleSkip = false;
        expect(runTo(skipped, until)).toEqual(runTo(stepped, until));
      }
    }
  });
});

describe('the interpreter', () => {
  it('uses the offsets of LAYOUT', () => {
    const source = readFileSync(new URL('../../src/machine/cpu/interpreter.ts', import.meta.url), 'utf8');
    const literal = (name: string): number =>
      Number(new RegExp(`const ${name} = (0x[0-9a-f_]+);`).exec(source)?.[1]?.replaceAll('_', ''));
    expect(literal('RAM')).toBe(LAYOUT.ram);
    expect(literal('TRANSLATIONS') * 4).toBe(LAYOUT.translation);
    expect(literal('HI') * 4).toBe(LAYOUT.hiLo);
    expect(literal('FPR') * 4).toBe(LAYOUT.fpuRegisters);
  });
});
