/** Pacing against a clock of the test's own. */

import { describe, expect, it } from 'vitest';
import { Pacer } from '../../src/workstation/index.js';

describe('pacer', () => {
  it('follows real time at 1x', () => {
    let now = 0;
    const pacer = new Pacer(25_000_000, () => now);
    pacer.restart(1, 1000);
    expect(pacer.target(1000)).toBe(1000);
    now = 10;
    expect(pacer.target(1000)).toBe(251_000);
    now = 20;
    expect(pacer.target(251_000)).toBe(501_000);
  });

  it('never goes back, and forgets a lag that it cannot make good', () => {
    let now = 0;
    const pacer = new Pacer(25_000_000, () => now);
    pacer.restart(2, 0);
    expect(pacer.target(900_000)).toBe(900_000);
    now = 10_000;
    const next = pacer.target(900_000);
    expect(next).toBe(900_000 + 750_000);
    now = 10_010;
    expect(pacer.target(next)).toBe(1_650_000);
  });

  it('looks at signals every so often, however fast it is to go: a speed of a million ran on without end', () => {
    let now = 0;
    const pacer = new Pacer(25_000_000, () => now);
    pacer.restart(1_000_000, 0);
    expect(pacer.target(0)).toBe(0);
    for (let slice = 0; slice < 3; slice++) {
      now += 5;
      expect(pacer.target(slice * 10_000_000)).toBe((slice + 1) * 10_000_000);
      expect(pacer.sleepMilliseconds).toBe(0);
    }
    pacer.restart(1, 0);
    expect(pacer.target(0)).toBe(0);
    expect(pacer.sleepMilliseconds).toBeGreaterThan(0);
  });

  it('does not pace at max', () => {
    const pacer = new Pacer(25_000_000, () => 0);
    pacer.restart('max', 5);
    expect(pacer.target(5)).toBeGreaterThan(5);
    expect(pacer.sleepMilliseconds).toBe(0);
  });
});
