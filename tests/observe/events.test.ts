/** Events and explanations in words; symbols by name and by address. */

import { describe, expect, it } from 'vitest';
import { describeEvent } from '../../src/observe/events.js';
import { type EventKind, explain, parseSymbolTable } from '../../src/observe/index.js';
import { isBranch } from '../../src/observe/inspector.js';

const HOG = { slot: 4, environmentId: 0x104, name: 'hog', libraryOs: 'exos' };
const KINDS: readonly EventKind[] = [
  'environment-created',
  'environment-stopped',
  'environment-destroyed',
  'revocation-asked',
  'revocation-answered',
  'revocation-refused',
  'revocation-told',
  'emergency-raised',
  'repossessed',
  'asid-revoked',
  'call-refused',
  'slice-overrun',
  'slice-forfeited',
  'filter-installed',
  'filter-refused',
  'filter-removed',
  'packet-dropped',
  'handler-downloaded',
  'handler-refused',
  'handler-aborted',
  'fault',
  'kernel-panic',
  'halt',
];

describe('events', () => {
  it('read as one line', () => {
    const text = (kind: EventKind, args: Record<string, number>): string =>
      describeEvent(kind, HOG, args).text;
    expect(text('revocation-asked', { count: 8, kind: 1 })).toBe('hog on exos asked for 8 pages');
    expect(text('revocation-refused', { count: 1, spoken: 0, kind: 1 })).toBe(
      'hog on exos did not answer: 1 page missing',
    );
    expect(text('revocation-told', { count: 8, deadline: 16, kind: 1 })).toBe(
      'hog on exos told to give 8 pages within 1953 us',
    );
    expect(text('repossessed', { kind: 1, instance: 700 })).toBe('page 700 repossessed from hog on exos');
    expect(text('repossessed', { kind: 7, instance: 9 })).toBe('time slice 9 repossessed from hog on exos');
    expect(text('asid-revoked', { context: 40, asid: 9 })).toBe('hog on exos lost ASID 9, untold');
    expect(text('call-refused', { call: 17, error: -5 >>> 0 })).toBe(
      'hog on exos was refused page_free: the caller does not own the resource',
    );
    expect(text('call-refused', { call: 99, error: -1 >>> 0 })).toBe(
      'hog on exos was refused call 99: no such call',
    );
    expect(text('revocation-asked', { count: 2, kind: 2 })).toBe('hog on exos asked for 2 terminal lines');
    expect(text('environment-destroyed', { reason: 3 })).toBe('hog on exos destroyed: too much excess time');
    expect(text('environment-destroyed', { reason: 5 })).toBe(
      'hog on exos destroyed: it did not submit itself in an emergency',
    );
    expect(text('revocation-answered', { kind: 4 })).toBe('hog on exos submitted itself');
    expect(text('filter-refused', { error: 14, filter: 3 })).toMatch(
      /^hog on exos was refused a packet filter: packets/,
    );
    expect(text('filter-removed', { filter: 3, taken: 1 })).toBe('packet filter 3 taken from hog on exos');
    expect(text('handler-aborted', { ash: 1, reason: 1 })).toBe(
      'handler 1 of hog on exos aborted: its budget was used up',
    );
    expect(text('fault', { cause: 2 << 2, epc: 0x40_0000 })).toMatch(
      /load from an unmapped page at 0x0040_0000/,
    );
  });

  it('all have an explanation, and those of Aegis name the section of the paper', () => {
    for (const kind of KINDS) {
      const { title, body, paper } = explain(kind);
      expect(title.length).toBeGreaterThan(5);
      expect(body.length).toBeGreaterThan(40);
      if (kind !== 'halt' && kind !== 'kernel-panic') expect(paper).toMatch(/SOSP 1995, section \d/);
    }
  });
});

describe('symbols', () => {
  const table = parseSymbolTable(
    { aegis: { start: '80020000', idle: '80020100' }, exos: { other: '0f000080' } },
    'aegis',
  );

  it('are found by name and by the address at or below', () => {
    expect(table.size).toBe(2);
    expect(table.address('idle')).toBe(0x8002_0100);
    expect(table.format(0x8002_0104)).toBe('idle+0x4');
    expect(table.format(0x8002_0000)).toBe('start');
    expect(table.format(0x8001_ffff)).toBe('');
    expect(table.format(0x9000_0000)).toBe('');
  });
});

describe('delay slots', () => {
  it.each([
    [0x1000_ffff, true],
    [0x0320_f809, true],
    [0x03e0_0008, true],
    [0x0c10_0000, true],
    [0x0411_0001, true],
    [0x4501_0003, true],
    [0x0000_000c, false],
    [0x2442_0001, false],
    [0x8c42_0000, false],
  ])('follow 0x%s: %s', (word, expected) => {
    expect(isBranch(word)).toBe(expected);
  });
});
