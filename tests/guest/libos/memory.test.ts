import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GuestSession } from './guest-session.js';

const LIBRARY_OSES = ['exos', 'exos-ipt'] as const;

describe.each(LIBRARY_OSES)('revocation on %s', (libraryOs) => {
  let session: GuestSession;
  beforeAll(() => {
    session = new GuestSession();
  });
  afterAll(() => session.dispose());

  test('vmstress gives pages back when asked, and keeps its data right', () => {
    const before = session.output(1).length;
    const program = session.start(1, libraryOs, 'vmstress', '128', '60');
    session.until(() => session.output(1).slice(before).includes('pages written'));
    session.revoke(program, 40);
    session.until(() => program.end !== undefined);
    expect(session.output(1).slice(before)).toContain('40 given back, 40 rewritten, verified');
    expect(program.end).toEqual({ kind: 'exit', status: 0 });
  });

  test('hog pages ignores it and is repossessed', () => {
    const before = session.output(1).length;
    const program = session.start(1, libraryOs, 'hog', 'pages', '100');
    session.until(() => session.output(1).slice(before).includes('I keep them'));
    session.revoke(program, 32);
    session.until(() => program.end !== undefined);
    expect(session.output(1).slice(before)).toContain('hog: 32 pages were repossessed');
    expect(program.end).toEqual({ kind: 'exit', status: 0 });
  });

  test('a program with data and no say in it gives clean pages, then refuses, then is told the truth', () => {
    const before = session.output(1).length;
    const program = session.start(1, libraryOs, 'primes', '1000000');
    const startCycle = session.cycle;
    session.until(() => session.cycle > startCycle + 12_000_000);
    session.revoke(program, 20);
    session.until(() => program.end !== undefined);
    expect(session.output(1).slice(before)).toBe(
      `${libraryOs}: /bin/primes: a page with data was repossessed\n`,
    );
    expect(program.end).toEqual({ kind: 'killed', reason: 'libos' });
  });

  test('hog time forfeits slices and is destroyed', () => {
    const other = session.start(2, libraryOs, 'touch', 'dense', '300');
    const program = session.start(1, libraryOs, 'hog', 'time');
    session.until(() => program.end !== undefined);
    expect(program.end).toEqual({ kind: 'killed', reason: 'excess-time' });
    session.until(() => other.end !== undefined);
    expect(session.output(2)).toContain('verified');
  });
});

describe('page tables', () => {
  let session: GuestSession;
  beforeAll(() => {
    session = new GuestSession();
  });
  afterAll(() => session.dispose());

  function run(
    libraryOs: string,
    shape: string,
    rounds: number,
  ): { readonly cycles: number; readonly instructions: number } {
    const { machine } = session.workstation;
    const before = session.output(1).length;
    const program = session.start(1, libraryOs, 'touch', shape, String(rounds));
    const { cycle } = session;
    const { attempted } = machine.statistics().instructions;
    session.until(() => program.end !== undefined);
    expect(session.output(1).slice(before)).toContain('verified');
    return {
      cycles: program.endCycle - cycle,
      instructions: machine.statistics().instructions.attempted - attempted,
    };
  }

  /** Cycles of 30 rounds over pages that exist: start-up and first touch taken off. */
  function roundCycles(libraryOs: string, shape: string): number {
    return run(libraryOs, shape, 31).cycles - run(libraryOs, shape, 1).cycles;
  }

  /** Instructions of the same: what both cost in cycles is close, and varies with where pages lie in the caches. */
  function roundInstructions(libraryOs: string, shape: string): number {
    return run(libraryOs, shape, 31).instructions - run(libraryOs, shape, 1).instructions;
  }

  test('the inverted table wins in a sparse space', () => {
    expect(roundCycles('exos-ipt', 'sparse')).toBeLessThan(0.9 * roundCycles('exos', 'sparse'));
  });

  test('and loses in a dense one', () => {
    expect(roundInstructions('exos-ipt', 'dense')).toBeGreaterThan(roundInstructions('exos', 'dense'));
  });
});
