/**
 * Breakpoints and watchpoints: a run that stops at them and goes on is the same run, to the cycle, as one without; they
 * stop before the instruction, as often as it is executed; looking and writing have no side effects.
 */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMachine, type Machine } from '../../src/machine/index.js';
import { FIXED_EPOCH_SECONDS, FIXED_SEED, Workstation } from '../../src/workstation/index.js';

const TEXT = 0x8000_2000;
const CYCLES = 6000;

/** Jumps to TEXT from the reset vector. */
const RESET = [0x3c08_8000, 0x3508_2000, 0x0100_0008, 0];
/** UTLB refill: maps kuseg page n to physical 0x10_0000 + (n & 3) * 4096, writable. */
const REFILL = [
  0x401a_5000, // mfc0 k0,EntryHi
  0,
  0x335a_3000, // andi k0,k0,0x3000
  0x3c1b_0010, // lui k1,0x10
  0x037a_d025, // or k0,k1,k0
  0x375a_0600, // ori k0,k0,0x600
  0x409a_1000, // mtc0 k0,EntryLo
  0x401a_7000, // mfc0 k0,EPC
  0x4200_0006, // tlbwr
  0x0340_0008, // jr k0
  0x4200_0010, // rfe
];
/** Everything else: clears software interrupts, goes on behind the instruction (at it, for interrupts). */
const HANDLER = [
  0x401b_6800, // mfc0 k1,Cause
  0x401a_7000, // mfc0 k0,EPC
  0x337b_007c, // andi k1,k1,0x7c
  0x1360_0002, // beqz k1,+2
  0x4080_6800, // mtc0 zero,Cause
  0x275a_0004, // addiu k0,k0,4
  0x0340_0008, // jr k0
  0x4200_0010, // rfe
];

function bare(program: readonly number[]): Machine {
  const rom = new Uint8Array(64);
  const romWords = new DataView(rom.buffer);
  RESET.forEach((word, index) => {
    romWords.setUint32(4 * index, word, true);
  });
  const machine = createMachine({
    model: '5000/125',
    memoryMiB: 8,
    rom,
    disks: [],
    seed: new Uint8Array(16),
    epochSeconds: 0,
  });
  const place = (physical: number, words: readonly number[]): void => {
    const view = new DataView(machine.ram.buffer, machine.ram.byteOffset + physical);
    words.forEach((word, index) => {
      view.setUint32(4 * index, word, true);
    });
  };
  place(0, REFILL);
  place(0x80, HANDLER);
  place(TEXT & 0x1fff_ffff, program);
  for (let at = 0; at < 0x5000; at += 4) place(0x10_0000 + at, [Math.imul(at + 1, 0x9e37_79b1)]);
  return machine;
}

/** s0 data in kseg0, s1 the same in kseg1, s2 in kuseg; FPU and kernel mode on; then the body, for ever. */
function looped(body: readonly number[]): number[] {
  const begin = [
    0x3c10_8010, // lui s0,0x8010
    0x3c11_a010, // lui s1,0xa010
    0x3c12_0040, // lui s2,0x0040
    0x3c08_2000, // lui t0,0x2000
    0x3508_0301, // ori t0,t0,0x301
    0x4088_6000, // mtc0 t0,Status
  ];
  return [...begin, ...body, 0, 0x0800_0000 | ((TEXT >>> 2) & 0x03ff_ffff), 0];
}

const register = fc.integer({ min: 1, max: 15 });
const access = fc
  .record({
    opcode: fc.constantFrom(32, 33, 34, 35, 36, 37, 38, 40, 41, 42, 43, 46, 49, 57),
    base: fc.constantFrom(16, 17, 18),
    register,
    offset: fc.integer({ min: 0, max: 0x2fff }),
  })
  .map(
    ({ opcode, base, register, offset }) =>
      ((opcode << 26) | (base << 21) | (register << 16) | (offset & (offset & 64 ? 0x7fff : 0x7ffc))) >>> 0,
  );
const arithmetic = fc
  .record({ fn: fc.constantFrom(32, 33, 35, 36, 37, 38, 42, 43), rs: register, rt: register, rd: register })
  .map(({ fn, rs, rt, rd }) => (rs << 21) | (rt << 16) | (rd << 11) | fn);
const slow = fc.constantFrom(
  0x0109_0018, // mult
  0x0000_5012, // mflo t2
  0x0109_001a, // div
  0x4600_1080, // add.s $f2,$f2,$f0
  0x4622_2102, // mul.d $f4,$f4,$f2
  0x4600_2083, // div.s $f2,$f4,$f0
  0x000c, // syscall
  0x4089_6800, // mtc0 t1,Cause: software interrupts
);
const branch = fc
  .record({
    opcode: fc.constantFrom(4, 5),
    rs: register,
    rt: register,
    distance: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ opcode, rs, rt, distance }) => (opcode << 26) | (rs << 21) | (rt << 16) | distance);
const body = fc.array(
  fc.oneof({ weight: 5, arbitrary: access }, { weight: 3, arbitrary: arithmetic }, slow, branch),
  { minLength: 8, maxLength: 60 },
);
const watchpoint = fc.record({
  kind: fc.constantFrom('read' as const, 'write' as const, 'access' as const),
  base: fc.constantFrom(0x8010_0000, 0xa010_0000, 0x0040_0000),
  offset: fc.integer({ min: 0, max: 0x2fff }),
  length: fc.constantFrom(1, 2, 3, 4, 64, 0x1800),
});

describe('breakpoints and watchpoints', () => {
  it('change no cycle, register, counter or byte of any program', () => {
    let stops = 0;
    const places = fc.array(fc.nat(), { maxLength: 4 });
    const property = fc.property(body, places, fc.array(watchpoint, { maxLength: 4 }), (words, at, watch) => {
      const program = looped(words);
      const plain = bare(program);
      const stopped = bare(program);
      for (const index of at) stopped.debugPort.addBreakpoint(TEXT + 4 * (index % program.length));
      for (const one of watch) stopped.debugPort.addWatchpoint(one.kind, one.base + one.offset, one.length);
      plain.run(CYCLES);
      while (stopped.cycle < CYCLES) {
        stopped.run(CYCLES);
        if (stopped.debugPort.stop !== undefined) stops++;
      }
      if (stopped.debugPort.stop !== undefined) stopped.run(stopped.cycle + 1);
      plain.run(stopped.cycle);
      expect(stopped.cycle).toBe(plain.cycle);
      expect(stopped.cpuState()).toEqual(plain.cpuState());
      expect(stopped.statistics()).toEqual(plain.statistics());
      expect(Buffer.compare(stopped.ram, plain.ram)).toBe(0);
    });
    fc.assert(property, { numRuns: 60, seed: 5 });
    expect(stops).toBeGreaterThan(1000);
  });

  it('stop as often as the instruction is executed, and before it', () => {
    const property = fc.property(body, fc.nat(), (words, place) => {
      const program = looped(words);
      const address = TEXT + 4 * (place % program.length);
      const stepped = bare(program);
      const expected: number[] = [];
      while (stepped.cycle < CYCLES) {
        const { pc, cp0 } = stepped.cpuState();
        const isInterrupted = (cp0.Status & 1) !== 0 && (cp0.Status & cp0.Cause & 0xff00) !== 0;
        if (pc === address && !isInterrupted) expected.push(stepped.cycle);
        stepped.step();
      }
      const stopped = bare(program);
      stopped.debugPort.addBreakpoint(address);
      const seen: number[] = [];
      while (stopped.cycle < CYCLES) {
        stopped.run(CYCLES);
        if (stopped.debugPort.stop === undefined) continue;
        expect(stopped.debugPort.stop).toEqual({ kind: 'breakpoint', address });
        expect(stopped.debugPort.readRegister('pc')).toBe(address);
        seen.push(stopped.cycle);
      }
      expect(seen.filter((cycle) => cycle < CYCLES)).toEqual(expected);
    });
    fc.assert(property, { numRuns: 40, seed: 6 });
  });
});

const DATA = 0x8010_0000;

describe('a watchpoint', () => {
  const program = looped([
    0x8e08_0000, // lw t0,0(s0)
    0x2409_0055, // li t1,0x55
    0xa209_0011, // sb t1,17(s0)
    0xaa09_0022, // swl t1,34(s0)
    0x8e0a_0010, // lw t2,16(s0)
  ]);
  const begin = TEXT + 4 * 6;
  const stopsOf = (kind: 'read' | 'write' | 'access', offset: number, length: number): number[] => {
    const machine = bare(program);
    machine.debugPort.addWatchpoint(kind, DATA + offset, length);
    const seen: number[] = [];
    while (seen.length < 8 && machine.cycle < 800) {
      machine.run(800);
      if (machine.debugPort.stop?.kind === kind)
        seen.push((machine.debugPort.readRegister('pc') - begin) / 4);
    }
    return [...new Set(seen)];
  };

  it('sees its kind of access in any byte of its range', () => {
    expect(stopsOf('read', 3, 1)).toEqual([0]);
    expect(stopsOf('write', 3, 1)).toEqual([]);
    expect(stopsOf('write', 16, 4)).toEqual([2]);
    expect(stopsOf('write', 18, 1)).toEqual([]);
    expect(stopsOf('access', 16, 4)).toEqual([2, 4]);
    expect(stopsOf('access', -1, 1)).toEqual([]);
    expect(stopsOf('access', 0, 0x100)).toEqual([0, 2, 3, 4]);
    // swl at byte 34 of a little-endian word stores bytes 32 to 34.
    expect(stopsOf('write', 32, 1)).toEqual([3]);
    expect(stopsOf('write', 35, 1)).toEqual([]);
  });

  it('stops before the access; one step does it', () => {
    const machine = bare(program);
    machine.debugPort.addWatchpoint('write', DATA + 17, 1);
    machine.run(1000);
    expect(machine.debugPort.stop).toEqual({ kind: 'write', address: DATA + 17 });
    const before = machine.ram[0x10_0011];
    expect(before).not.toBe(0x55);
    machine.step();
    expect(machine.ram[0x10_0011]).toBe(0x55);
    expect(machine.debugPort.readRegister('pc')).toBe(begin + 12);
    expect(machine.debugPort.stop).toBeUndefined();
  });

  it('that has stopped an access half-way is saved so, and restored', () => {
    const machine = bare(program);
    machine.debugPort.addWatchpoint('write', DATA + 34, 1);
    machine.run(1000);
    expect(machine.debugPort.stop?.kind).toBe('write');
    const other = bare(program);
    other.restore(machine.snapshot());
    machine.debugPort.removeWatchpoint('write', DATA + 34, 1);
    machine.run(5000);
    other.run(5000);
    expect(other.cpuState()).toEqual(machine.cpuState());
    expect(other.statistics()).toEqual(machine.statistics());
    expect(Buffer.compare(other.ram, machine.ram)).toBe(0);
  });

  it('was passed with the old value of a register that had been changed at the stop', () => {
    const machine = bare(program);
    machine.debugPort.addWatchpoint('write', DATA + 17, 1);
    machine.run(1000);
    expect(machine.debugPort.writeRegister('general', 9, 0x66)).toBe(true);
    machine.debugPort.removeWatchpoint('write', DATA + 17, 1);
    machine.step();
    expect(machine.ram[0x10_0011]).toBe(0x66);
  });
});

describe('the debug port', () => {
  it('jumps out of a delay slot, and stops at a breakpoint there although it has just stopped elsewhere', () => {
    const machine = bare(looped([0x1000_0003, 0, 0, 0, 0]));
    machine.debugPort.addBreakpoint(TEXT + 28);
    machine.debugPort.addBreakpoint(TEXT + 4);
    machine.run(machine.cycle + 4000);
    expect(machine.debugPort.stop?.address).toBe(TEXT + 4);
    machine.run(4000);
    expect(machine.debugPort.stop?.address).toBe(TEXT + 28);
    expect(machine.cpuState().isDelaySlot).toBe(true);
    machine.debugPort.writeRegister('pc', 0, TEXT + 4);
    expect(machine.cpuState().isDelaySlot).toBe(false);
    const { cycle } = machine;
    machine.run(4000);
    expect(machine.debugPort.stop?.address).toBe(TEXT + 4);
    expect(machine.cycle).toBe(cycle);
    machine.step();
    machine.step();
    expect(machine.debugPort.readRegister('pc')).toBe(TEXT + 12);
  });

  it('reads RAM and ROM, writes RAM, and leaves devices alone', () => {
    const machine = bare([]);
    const port = machine.debugPort;
    expect(port.translate(0x8010_0000)).toBe(0x10_0000);
    expect(port.translate(0xa010_0000)).toBe(0x10_0000);
    expect(port.translate(0x0040_0000)).toBeUndefined();
    expect(port.translate(0xc000_0000)).toBeUndefined();
    expect(port.readPhysical(0x1fc0_0000, 4)).toEqual(Uint8Array.of(0, 0x80, 0x08, 0x3c));
    expect(port.writePhysical(0x1fc0_0000, Uint8Array.of(1))).toBe(false);
    const boards = [0x1c20_0000, 0x1c10_0000, 0x1000_0000, 0x0080_0000, 0x1fff_fff0, 0x3fff_ffff];
    for (const device of boards) {
      expect(port.readPhysical(device, 1)).toBeUndefined();
      expect(port.writePhysical(device, Uint8Array.of(1))).toBe(false);
    }
    expect(port.readPhysical(0x7f_fffe, 4)).toBeUndefined();
    expect(port.writePhysical(0x7f_fffe, Uint8Array.of(1, 2))).toBe(true);
    expect(port.readPhysical(0x7f_fffe, 2)).toEqual(Uint8Array.of(1, 2));
  });

  it('writes code that the caches hold, and the next pass executes it', () => {
    const machine = bare(looped([0x2409_0055, 0, 0]));
    machine.run(2000);
    expect(machine.debugPort.writePhysical((TEXT & 0x1fff_ffff) + 24, Uint8Array.of(0x77))).toBe(true);
    machine.run(machine.cycle + 1000);
    expect(machine.debugPort.readRegister('general', 9)).toBe(0x77);
  });

  it('writes registers; those of fixed content it refuses', () => {
    const machine = bare(looped([0, 0]));
    machine.run(1000);
    const port = machine.debugPort;
    for (const [set, index] of [
      ['general', 31],
      ['hi', 0],
      ['lo', 0],
      ['fpu', 7],
      ['cp0', 14],
      ['cp0', 8],
    ] as const) {
      expect(port.writeRegister(set, index, 0x8765_4321)).toBe(true);
      expect(port.readRegister(set, index)).toBe(0x8765_4321);
    }
    expect(port.writeRegister('general', 0, 1)).toBe(false);
    expect(port.writeRegister('cp0', 15, 1)).toBe(false);
    expect(port.writeRegister('cp0', 1, 0)).toBe(false);
    expect(port.writeRegister('fir', 0, 1)).toBe(false);
    expect(port.readRegister('general')).toBe(0);
    expect(port.writeRegister('cp0', 12, 0x2)).toBe(true);
    expect(machine.cpuState().cp0.Status).toBe(2);
  });

  it('shows a load that is still in its delay slot, and a write to its register wins', () => {
    const machine = bare(looped([0x2408_0001, 0x8e08_0000, 0, 0]));
    machine.debugPort.addBreakpoint(TEXT + 32);
    machine.run(1000);
    const loaded = new DataView(machine.ram.buffer, machine.ram.byteOffset).getUint32(0x10_0000, true);
    expect(machine.cpuState().registers[8]).toBe(1);
    expect(machine.debugPort.readRegister('general', 8)).toBe(loaded);
    machine.debugPort.writeRegister('general', 8, 42);
    machine.step();
    expect(machine.debugPort.readRegister('general', 8)).toBe(42);
  });
});

describe('Aegis with breakpoints and watchpoints', () => {
  const boot = (): Workstation =>
    new Workstation({
      model: '5000/125',
      memoryMiB: 8,
      disks: [],
      append: [],
      seed: FIXED_SEED,
      epochSeconds: FIXED_EPOCH_SECONDS,
      notice: () => undefined,
    });
  const READY = 60_000_000;
  const END = 70_000_000;

  it('boots and runs a program in the same cycles', () => {
    const plain = boot();
    const stopped = boot();
    const symbols = JSON.parse(
      readFileSync(new URL('../../disk-images/symbols.json', import.meta.url), 'utf8'),
    ) as Record<string, Record<string, string>>;
    const port = stopped.machine.debugPort;
    const aegis = (name: string): number => Number.parseInt(symbols.aegis?.[name] ?? '', 16);
    const main = Number.parseInt(symbols.hello?.main ?? '', 16);
    port.addBreakpoint(main);
    port.addBreakpoint(aegis('env_make'));
    port.addBreakpoint(0x8000_0000);
    // A page of the firmware's variables and the kernel's, and the first entries of the STLB.
    port.addWatchpoint('write', 0x8000_1000, 0x1000);
    port.addWatchpoint('access', 0x8001_0000, 64);
    const stops = new Map<string, number>();
    const advance = (workstation: Workstation, cycle: number): void => {
      while (workstation.machine.cycle < cycle) {
        workstation.run(cycle);
        const { stop } = workstation.machine.debugPort;
        if (stop === undefined) continue;
        const key = stop.kind === 'breakpoint' ? stop.address.toString(16) : stop.kind;
        stops.set(key, (stops.get(key) ?? 0) + 1);
      }
    };
    for (const workstation of [plain, stopped]) {
      advance(workstation, READY);
      expect(workstation.init.isReady).toBe(true);
      workstation.init.start({
        line: 1,
        libraryOs: 'exos',
        program: 'hello',
        arguments: [],
        onStarted: () => undefined,
        onEnded: () => undefined,
      });
      advance(workstation, END);
    }
    const last = Math.max(plain.machine.cycle, stopped.machine.cycle);
    advance(plain, last);
    advance(stopped, last);
    expect(stopped.machine.cycle).toBe(plain.machine.cycle);
    expect(stopped.machine.cpuState()).toEqual(plain.machine.cpuState());
    expect(stopped.machine.statistics()).toEqual(plain.machine.statistics());
    expect(Buffer.compare(stopped.machine.ram, plain.machine.ram)).toBe(0);
    expect(stops.get(main.toString(16))).toBeGreaterThan(0);
    expect(stops.get('80000000')).toBe(plain.machine.statistics().tlb.refills);
    expect(stops.get('write')).toBeGreaterThan(1000);
    expect(stops.get('access')).toBeGreaterThan(10);
  });
});
