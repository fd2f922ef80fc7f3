/**
 * A run that goes on from a restored state is the run without: at random cycles of a real boot, of programs on Aegis that
 * compute, page and read the disk, with input and frames under way, the state goes to a fresh machine, both run
 * on, and every field of their states is compared.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Machine, ModelName } from '../../../src/machine/index.js';
import { fields, shippedDisk, type TestDisk, testMachine, twin, workloadMachine } from './fixture.js';

const text = (line: string): Uint8Array => new TextEncoder().encode(line);

/** Aegis on a machine, as its other end: asks init for a shell on line 1 as soon as init has said that it serves. */
class Terminal {
  readonly machine: Machine;
  said = '';
  #isAsked: boolean;

  constructor(machine: Machine = testMachine(16, [shippedDisk()]), isAsked = false) {
    this.machine = machine;
    this.#isAsked = isAsked;
    const [init, shell] = [machine.lines[0], machine.lines[1]];
    if (init === undefined || shell === undefined) throw new Error('no lines');
    init.onOutput = (byte) => {
      if (this.#isAsked || byte !== 0x0a) return;
      this.#isAsked = true;
      machine.enter(() => init.send(text('1 start 1 exos sh\n')));
    };
    shell.onOutput = (byte) => {
      this.said += String.fromCharCode(byte);
    };
  }

  twin(): Machine {
    return new Terminal(twin(this.machine), this.#isAsked).machine;
  }
}

/** Runs both to a later cycle and compares. */
function expectSameFuture(machine: Machine, other: Machine, cycle: number): void {
  machine.run(cycle);
  other.run(cycle);
  expect(other.cycle).toBe(machine.cycle);
  expect(fields(other.snapshot())).toEqual(fields(machine.snapshot()));
  machine.options.disks.forEach((disk, index) => {
    const copy = other.options.disks[index] as TestDisk;
    expect(Buffer.compare((disk as TestDisk).bytes, copy.bytes)).toBe(0);
  });
}

describe('a restored machine', () => {
  it('has the state that was saved', () => {
    const machine = testMachine(8);
    machine.run(2_345_678);
    expect(fields(twin(machine).snapshot())).toEqual(fields(machine.snapshot()));
  });

  it('goes on as the first one does, from anywhere in the firmware', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000 }),
        fc.integer({ min: 1, max: 300_000 }),
        (at, more) => {
          const machine = testMachine(8);
          machine.run(at);
          expectSameFuture(machine, twin(machine), machine.cycle + more);
        },
      ),
      { numRuns: 8, seed: 1 },
    );
  });

  it('goes on as the first one does, from anywhere in a boot, with disk, input and frames under way', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 2_500_000 }), { minLength: 12, maxLength: 16 }),
        fc.array(fc.uint8Array({ minLength: 14, maxLength: 200 }), { maxLength: 4 }),
        (steps, frames) => {
          const terminal = new Terminal();
          const { machine } = terminal;
          const shell = machine.lines[1];
          steps.forEach((step, index) => {
            machine.run(machine.cycle + step);
            if (index === 6) shell?.send(text('cat /etc/motd > /x; ls -l /bin; matmul 20\n'));
            for (const frame of frames) machine.network.send(frame);
            expectSameFuture(machine, terminal.twin(), machine.cycle + 400_000);
          });
          machine.run(60_000_000);
          expect(terminal.said).toContain('$');
        },
      ),
      { numRuns: 2, seed: 2 },
    );
  });

  it('goes on as the first one does, from anywhere in a boot of a 3100 by its own SCSI chip', () => {
    const terminal = new Terminal(testMachine(16, [shippedDisk()], '3100'));
    const { machine } = terminal;
    for (let step = 0; step < 14; step++) {
      machine.run(machine.cycle + 900_000 + 104_729 * step);
      expectSameFuture(machine, terminal.twin(), machine.cycle + 50_000);
    }
    machine.run(60_000_000);
    expect(terminal.said).toContain('$');
  });

  it('goes on as the first one does, in programs that compute, page and miss, on every model', () => {
    const programs = ['matf', 'tlb', 'mem', 'exc', 'dhry'];
    fc.assert(
      fc.property(
        fc.constantFrom(...programs),
        fc.constantFrom<ModelName>('5000/125', '3100', '2100'),
        fc.array(fc.integer({ min: 1, max: 3_000_000 }), { minLength: 6, maxLength: 6 }),
        (name, model, steps) => {
          const machine = workloadMachine(name, model);
          for (const step of steps) {
            machine.run(machine.cycle + step);
            expectSameFuture(machine, twin(machine), machine.cycle + 100_000);
          }
        },
      ),
      { numRuns: 5, seed: 3 },
    );
  });

  it('is the same however often it was restored: translations that are made anew cost nothing', () => {
    for (const boot of [
      () => new Terminal().machine,
      () => workloadMachine('tlb', '5000/125'),
      () => workloadMachine('matf', '3100'),
    ]) {
      const whole = boot();
      const restored = boot();
      whole.run(11_000_000);
      restored.run(11_000_000);
      for (let count = 0; count < 60; count++) {
        restored.run(restored.cycle + 1 + ((count * 7919) % 5000));
        restored.restore(restored.snapshot());
      }
      expectSameFuture(whole, restored, restored.cycle + 1);
    }
  });

  it('forgets all that it was before', () => {
    // Late enough for the shell to have been asked for: the other machine has nobody at its lines who would.
    const { machine } = new Terminal();
    machine.run(18_000_000);
    const other = testMachine(16, [shippedDisk()]);
    other.network.send(new Uint8Array(60));
    other.console.send(text('x'));
    other.run(20_000_000);
    other.restore(machine.snapshot());
    (other.options.disks[0] as TestDisk).bytes.set((machine.options.disks[0] as TestDisk).bytes);
    expectSameFuture(machine, other, 21_000_000);
  });
});

describe('trace points', () => {
  it('leave nothing in a state, wherever they are', () => {
    const plain = testMachine(8);
    const traced = testMachine(8);
    let hits = 0;
    for (let at = 0; at < 0x4000; at += 4) traced.trace(0xbfc0_0000 + at, () => hits++);
    for (let at = 0; at < 0x1000; at += 4) traced.trace(0x8000_0000 + at, () => hits++);
    for (const cycle of [100_000, 1_000_000, 3_000_000]) {
      plain.run(cycle);
      traced.run(cycle);
      expect(fields(traced.snapshot())).toEqual(fields(plain.snapshot()));
    }
    expect(hits).toBeGreaterThan(100_000);
  });

  it('work on after a restore, on words that are in the cache already', () => {
    const first = testMachine(8);
    let last = 0;
    first.run(1_500_000);
    const pcs = new Set<number>();
    const state = first.snapshot();
    for (let step = 0; step < 4000; step++) {
      pcs.add(first.cpuState().pc);
      first.step();
    }
    const counts = [0, 0];
    const watched = [testMachine(8), testMachine(8)];
    watched.forEach((machine, index) => {
      if (index === 1) machine.restore(state);
      for (const pc of pcs) {
        machine.trace(pc, ({ cycle }) => {
          if (cycle < first.cycle && cycle >= 1_500_000) counts[index] = (counts[index] as number) + 1;
          last = cycle;
        });
      }
      if (index === 0) machine.restore(state);
      machine.run(first.cycle);
    });
    expect(last).toBeGreaterThan(1_500_000);
    expect(counts[0]).toBe(4000);
    expect(counts[1]).toBe(4000);
  });
});

describe('what enters', () => {
  it('at a cycle in the middle of a run enters the same way between two runs', () => {
    const live = testMachine(8);
    const inputs: { cycle: number; bytes: Uint8Array }[] = [];
    // Every byte that leaves is answered from within the call that tells of it.
    live.console.onOutput = (byte) => {
      live.enter(() => {
        const bytes = Uint8Array.of(byte, 0x0d);
        inputs.push({ cycle: live.cycle, bytes });
        live.console.send(bytes);
      });
    };
    live.run(30_000_000);
    const again = testMachine(8);
    for (const { cycle, bytes } of inputs) {
      again.run(cycle);
      expect(again.cycle).toBe(cycle);
      again.enter(() => again.console.send(bytes));
    }
    again.run(live.cycle);
    expect(inputs.length).toBeGreaterThan(50);
    expect(fields(again.snapshot())).toEqual(fields(live.snapshot()));
  });
});
