/** How long slices are when several programs compute, each on its own library OS. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readHeader, viewOf } from '../../../src/abi/index.js';
import { GuestSession } from './guest-session.js';

const TICK_CYCLES = 25_000_000 / 64;
const TICKS = 128;

describe('slices of programs that compute', () => {
  let session: GuestSession;
  beforeAll(() => {
    session = new GuestSession();
  });
  afterAll(() => session.dispose());

  test('last a tick each, whose end each answers', () => {
    for (const [line, libraryOs] of ['exos', 'exos-ipt', 'exos'].entries())
      session.start(line + 1, libraryOs, 'primes', '4000000');
    const { machine } = session.workstation;
    const view = viewOf(machine.ram);
    const settled = session.cycle + 16 * TICK_CYCLES;
    session.until(() => session.cycle >= settled);
    const before = readHeader(view);
    const start = session.cycle;
    session.until(() => session.cycle >= start + TICKS * TICK_CYCLES);
    const after = readHeader(view);
    expect(after.tick_count - before.tick_count).toBeGreaterThanOrEqual(TICKS - 1);
    expect(after.tick_count - before.tick_count).toBeLessThanOrEqual(TICKS + 2);
    // Positions of one program that follow on each other join, and init has a moment at each of its own.
    expect(after.switch_count - before.switch_count).toBeGreaterThan(0.9 * TICKS);
  });
});
