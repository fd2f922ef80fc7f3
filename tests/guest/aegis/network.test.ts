import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AEGIS, EVENTS, readAsh, readFilter, readHeader, readNetwork } from '../../../src/abi/index.js';
import { type Atom, encode, filterArbitrary, frameArbitrary, matches, satisfy } from './filter-reference.js';
import {
  buildKernel,
  hasCompiler,
  isNetworkEvent,
  type KernelImage,
  KernelMachine,
  readTap,
  watchEvents,
} from './kernel-machine.js';
import { answerRequests, isServiceReady, serviceWord } from './outside.js';

const LIMIT_CYCLES = 400e6;
const SERVICE_PAGE = 1500;
const TOO_LARGE = -7;
const ABORT_TICK = 4;
const COMMAND = { removeAll: 1, install: 2, end: 3, slowHandler: 4 } as const;
/** Of 1/64 s at 25 MHz. */
const TICK_CYCLES = 390_625;

/** Cycles from the start of the network's interrupt to the end of each frame, by what became of it. */
function watchCosts(kernel: KernelMachine, costs: Map<string, number[]>): void {
  let start = 0;
  let what = '';
  const at = (symbol: string, handle: (cycle: number) => void): void => {
    kernel.machine.trace(kernel.symbol(symbol), ({ cycle }) => handle(cycle));
  };
  at('network_interrupt', (cycle) => {
    start = cycle;
    what = 'to nobody';
  });
  at('frame_read', () => {
    if (what === 'to nobody') what = 'to a ring';
  });
  at('ash_run', () => {
    what = 'to a handler';
  });
  at('lance_release', (cycle) => {
    costs.set(what, [...(costs.get(what) ?? []), cycle - start]);
    what = '';
  });
}

/** Lower quartile: few frames go to a ring, and where code lies decides how many of them miss the cache. */
function typical(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 2] ?? Number.NaN;
}

describe.runIf(hasCompiler())('Aegis and the network', () => {
  let image: KernelImage;
  let kernel: KernelMachine;
  const sent: Uint8Array[] = [];
  const costs = new Map<string, number[]>();
  let events: Set<string>;

  /** Gives the guest a command and waits for the answer. */
  const command = (name: keyof typeof COMMAND, ...words: number[]): number => {
    const at = SERVICE_PAGE * 4096;
    words.forEach((value, index) => {
      kernel.view.setUint32(at + 4 + 4 * index, value, true);
    });
    kernel.view.setUint32(at, COMMAND[name], true);
    for (let steps = 0; word(0) !== 0; steps++) {
      if (steps > 10_000) throw new Error(`the guest does not answer: ${kernel.console}`);
      kernel.machine.run(kernel.machine.cycle + 2000);
    }
    return word(3) | 0;
  };

  const install = (atoms: readonly Atom[], flags: number): number => {
    atoms.forEach((atom, index) => {
      kernel.machine.ram.set(encode(atom), SERVICE_PAGE * 4096 + 64 + 16 * index);
    });
    return command('install', atoms.length, flags);
  };

  /** The filter that claims a frame, by the counts that the guest exports; -1: none. */
  const classify = (frame: Uint8Array): number => {
    const counts = Array.from(
      { length: AEGIS.FILTER_COUNT },
      (_, filter) => readFilter(kernel.view, filter).received,
    );
    const before = readNetwork(kernel.view).received;
    kernel.machine.network.send(frame);
    for (let steps = 0; readNetwork(kernel.view).received === before; steps++) {
      if (steps > 1000) throw new Error('a frame did not arrive');
      kernel.machine.run(kernel.machine.cycle + 500);
    }
    // Past the interrupt, so that its counts are complete.
    kernel.machine.run(kernel.machine.cycle + 2000);
    return counts.findIndex((count, filter) => readFilter(kernel.view, filter).received !== count);
  };

  /** Aegis's own note of which filters have a frame in common: a bit per other filter. */
  const overlaps = (a: number, b: number): boolean =>
    ((kernel.view.getUint32((kernel.symbol('filter_overlaps') & 0x1fff_ffff) + 8 * a, true) >>> b) & 1) !== 0;

  const word = (index: number): number => serviceWord(kernel, index);

  beforeAll(() => {
    image = buildKernel('net');
    kernel = new KernelMachine(image);
    answerRequests(kernel, sent);
    watchCosts(kernel, costs);
    events = watchEvents(kernel);
    const { machine } = kernel;
    while (!kernel.isHalted && !isServiceReady(kernel) && machine.cycle < LIMIT_CYCLES)
      machine.run(machine.cycle + 100_000);
  }, 120_000);

  afterAll(() => {
    if (process.env.AEGIS_VERBOSE !== undefined)
      console.log(
        kernel.console,
        kernel.output,
        kernel.machine.cycle,
        [...costs].map(([name, list]) => `${name} ${typical(list)}`),
      );
  });

  it('runs all its tests', () => {
    const tap = readTap(kernel.output);
    expect(tap.failed).toEqual([]);
    expect(tap.passed, kernel.console + kernel.output).toBeGreaterThan(77);
  });

  it("passes the trace point of each kind of the network's events", () => {
    const kinds = EVENTS.map(({ name }) => name).filter(isNetworkEvent);
    expect(kinds.filter((name) => !events.has(name))).toEqual([]);
  });

  it('compiles any set of filters to what they say, and knows which overlap', () => {
    const { station } = readNetwork(kernel.view);
    let claimed = 0;
    const check = (filters: readonly Atom[][], frames: readonly Uint8Array[], last: number): void => {
      command('removeAll');
      const installed: { number: number; atoms: readonly Atom[]; isLast: boolean }[] = [];
      filters.forEach((atoms, index) => {
        const isLast = index === last;
        const number = install(atoms, isLast ? 2 : 0);
        if (number >= 0) installed.push({ number, atoms, isLast });
        else if (number !== TOO_LARGE) {
          expect(number).toBe(-4);
          // Refused, because no frame can satisfy it: not even one made for it.
          for (const frame of frames) {
            const made = frame.slice();
            satisfy(atoms, made);
            expect(matches(atoms, made)).toBe(false);
          }
        }
      });
      const order = [
        ...installed.filter((one) => !one.isLast).reverse(),
        ...installed.filter((one) => one.isLast),
      ];
      frames.forEach((drawn, index) => {
        const frame = drawn.slice();
        const target = filters[index % filters.length];
        const other = filters[(index * 7 + 1) % filters.length];
        if (index % 3 !== 0 && other !== undefined) satisfy(other, frame);
        if (index % 2 === 0 && target !== undefined) satisfy(target, frame);
        frame.set(station.slice(0, 6));
        const wanted = order.find((one) => matches(one.atoms, frame))?.number ?? -1;
        expect(classify(frame), JSON.stringify({ filters, frame: [...frame] })).toBe(wanted);
        if (wanted >= 0) claimed++;
        const both = installed.filter((one) => matches(one.atoms, frame));
        for (const a of both) {
          for (const b of both) expect(a === b || overlaps(a.number, b.number)).toBe(true);
        }
      });
      for (const a of installed) {
        for (const b of installed) {
          if (a === b || [...a.atoms, ...b.atoms].some((atom) => atom.op === 'shift')) continue;
          const frame = new Uint8Array(256);
          satisfy(a.atoms, frame);
          satisfy(b.atoms, frame);
          const isPossible = matches(a.atoms, frame) && matches(b.atoms, frame);
          expect(overlaps(a.number, b.number), JSON.stringify([a, b])).toBe(isPossible);
        }
      }
    };
    fc.assert(
      fc.property(
        fc.array(filterArbitrary, { minLength: 1, maxLength: 10 }),
        fc.array(frameArbitrary, { minLength: 8, maxLength: 12 }),
        fc.integer({ min: -5, max: 9 }),
        check,
      ),
      { numRuns: Number(process.env.AEGIS_FILTER_SETS ?? 60), seed: 1995 },
    );
    expect(claimed).toBeGreaterThan(100);
  });

  it('refuses what does not fit any more, and goes on with the rest', () => {
    const large = fc.array(filterArbitrary, { minLength: 70, maxLength: 70 });
    const sets = fc.sample(large, { numRuns: 3, seed: 64 });
    const frames = fc.sample(frameArbitrary, { numRuns: 40, seed: 65 });
    const refused = new Set<number>();
    for (const filters of sets) {
      command('removeAll');
      const installed: { number: number; atoms: readonly Atom[] }[] = [];
      for (const atoms of filters) {
        const number = install(atoms, 0);
        if (number >= 0) installed.push({ number, atoms });
        else refused.add(number);
      }
      expect(readNetwork(kernel.view).filter_count).toBe(installed.length);
      frames.forEach((drawn, index) => {
        const frame = drawn.slice();
        satisfy(installed[(index * 11) % installed.length]?.atoms ?? [], frame);
        frame.set(readNetwork(kernel.view).station.slice(0, 6));
        const wanted = installed.findLast((one) => matches(one.atoms, frame))?.number ?? -1;
        expect(classify(frame)).toBe(wanted);
      });
    }
    expect(refused).toContain(TOO_LARGE);
    command('removeAll');
  });

  it('costs about what the README says, from the interrupt to the end of a frame of 60 bytes', () => {
    expect(typical(costs.get('to nobody') ?? [])).toBeLessThanOrEqual(520);
    expect(typical(costs.get('to a ring') ?? [])).toBeLessThanOrEqual(1000);
  });

  it.each([
    ['does not end', 0],
    ['copies for ever', 1],
    ['divides without a loop', 2],
  ])('leaves time to others under a flood of packets for a handler that %s', (_, which) => {
    const { machine } = kernel;
    const progress = (cycles: number): { turns: number; ticks: number } => {
      const turns = word(4);
      const { tick_count } = readHeader(kernel.view);
      const end = machine.cycle + cycles;
      machine.run(end);
      return { turns: word(4) - turns, ticks: readHeader(kernel.view).tick_count - tick_count };
    };
    const alone = progress(20 * TICK_CYCLES);
    const ash = command('slowHandler', which);
    expect(ash).toBeGreaterThanOrEqual(0);
    const frame = new Uint8Array(60);
    frame.set(readNetwork(kernel.view).station.slice(0, 6));
    frame.set([8, 0, 0x45], 12);
    frame.set([(900 + which) >> 8, (900 + which) & 255], 36);
    machine.network.onArrival = () => machine.network.send(frame);
    for (let index = 0; index < 4; index++) machine.network.send(frame);
    const flooded = progress(20 * TICK_CYCLES);
    // Each tick begins with a budget for some handlers: which reason was the last depends on where in a tick it is.
    const reasons = Array.from({ length: 8 }, () => {
      machine.run(machine.cycle + (TICK_CYCLES >> 3));
      return readAsh(kernel.view, ash).abort_reason;
    });
    machine.network.onArrival = undefined;
    expect(flooded.ticks).toBeGreaterThanOrEqual(alone.ticks - 1);
    // Frames come as fast as the wire takes them, and each is received, told apart and dropped, handlers or not.
    expect(flooded.turns).toBeGreaterThan(alone.turns / 6);
    machine.run(machine.cycle + TICK_CYCLES);
    expect(reasons).toContain(ABORT_TICK);
    expect(readNetwork(kernel.view).received).toBeGreaterThan(2000);
  });

  it('halts when told to, with nothing left behind', () => {
    kernel.view.setUint32(SERVICE_PAGE * 4096, COMMAND.end, true);
    kernel.runToHalt(20e6);
    expect(kernel.isHalted).toBe(true);
    expect(readTap(kernel.output).isComplete).toBe(true);
  });
});
