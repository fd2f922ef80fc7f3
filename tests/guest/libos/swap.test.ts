/**
 * The swap server: environments that submit themselves in an emergency leave memory whole, guaranteed pages included, and
 * go on later as if nothing had been; who does not answer is destroyed; and what the server is not given it cannot touch.
 */

import { afterEach, describe, expect, test } from 'vitest';
import {
  AEGIS,
  ENV_STATE,
  readEnvironment,
  readExtent,
  readFreeList,
  readHeader,
  readPage,
  viewOf,
} from '../../../src/abi/index.js';
import { GuestSession, type Program } from './guest-session.js';

const LIBRARY_OSES = ['exos', 'exos-ipt'] as const;
const EXIT_0 = { kind: 'exit', status: 0 };
const SERVER = 1;
const SMALL_MIB = 8;
const PLACES = 1024;

let session: GuestSession;
afterEach(() => session.dispose());

function view(): DataView {
  return viewOf(session.workstation.machine.ram);
}

function ownedPages(program: Program): number[] {
  const { page_count } = readHeader(view());
  return Array.from({ length: page_count }, (_, page) => page).filter(
    (page) => readPage(view(), page).owner === program.environmentId,
  );
}

function record(program: Program): ReturnType<typeof readEnvironment> {
  return readEnvironment(view(), program.environmentId % AEGIS.ENV_COUNT);
}

/** A server that brings nobody back by itself, unless told how many pages are to stay free. */
function begin(free = '1000000'): Program {
  session = new GuestSession(undefined, '5000/125', SMALL_MIB);
  const server = session.lend(SERVER, 'exos', 'swapd', free);
  session.until(() => session.output(SERVER).includes(`room for ${PLACES} pages`));
  return server;
}

function swapOut(program: Program, server: Program): void {
  session.swap(program, server);
  session.until(() => session.output(SERVER).includes('are out\n'));
}

function undisturbed(libraryOs: string): string {
  const program = session.start(2, libraryOs, '/test/keep', '300');
  session.until(() => program.end !== undefined);
  return session.output(2);
}

describe.each(LIBRARY_OSES)('a program on %s', (libraryOs) => {
  test('leaves memory whole, others use its pages, and it ends with the right checksum elsewhere', () => {
    const server = begin();
    const program = session.start(2, libraryOs, 'vmstress', '128', '60');
    session.until(() => session.output(2).includes('pages written'));
    const before = ownedPages(program);
    const { slice_count } = record(program);
    expect(before.length).toBeGreaterThan(128);
    swapOut(program, server);
    expect(ownedPages(program)).toEqual([]);
    expect(record(program)).toMatchObject({ page_count: 0, upage: 0, state: ENV_STATE.NEW, slice_count });
    const free = new Set(readFreeList(view()));
    // The server may have taken one for itself by now.
    const itsOwn = new Set(ownedPages(server));
    expect(before.filter((page) => !free.has(page) && !itsOwn.has(page))).toEqual([]);
    const other = session.start(3, 'exos', 'hog', 'pages', String(free.size - 260));
    session.until(() => session.output(3).includes('I keep them'));
    const taken = new Set(ownedPages(other));
    expect(before.filter((page) => taken.has(page)).length).toBeGreaterThan(64);
    session.bringBack(program, server);
    session.until(() => session.output(SERVER).includes('are in again\n'));
    const after = ownedPages(program);
    expect(before.filter((page) => !after.includes(page)).length).toBeGreaterThan(64);
    session.until(() => program.end !== undefined);
    expect(session.output(2)).toContain('0 given back, 0 rewritten, verified');
    expect(program.end).toEqual(EXIT_0);
    expect(other.end).toBeUndefined();
  });

  test('that waits for input is swapped out and in, twice, and takes up the line where it was', () => {
    const server = begin();
    const cat = session.start(2, libraryOs, 'cat');
    session.type(2, 'one\rtw');
    session.until(() => session.output(2).includes('one\none\ntw'));
    for (const round of [1, 2]) {
      session.swap(cat, server);
      session.until(() => outputCount('are out') === round);
      expect(ownedPages(cat)).toEqual([]);
      session.bringBack(cat, server);
      session.until(() => outputCount('are in again') === round);
    }
    session.type(2, 'o\r\x04');
    session.until(() => cat.end !== undefined);
    expect(session.output(2)).toContain('two\ntwo\n');
    expect(cat.end).toEqual(EXIT_0);
  });

  test('with more page tables than are pinned has the same checksum as one that is left alone', () => {
    const server = begin();
    const checksum = undisturbed(libraryOs);
    const program = session.start(3, libraryOs, '/test/keep', '300');
    session.until(() => session.output(3).includes('begun'));
    for (const round of [1, 2]) {
      session.swap(program, server);
      session.until(() => outputCount('are out') === round);
      const filler = session.start(4, 'exos', 'hog', 'pages', '200');
      session.until(() => session.output(4).split('I keep them').length === round + 1);
      session.bringBack(program, server);
      session.until(() => outputCount('are in again') === round);
      session.kill(filler);
    }
    session.until(() => program.end !== undefined);
    expect(checksum).toMatch(/^keep: begun\nkeep: checksum [0-9a-f]{8}\n$/);
    expect(session.output(3)).toBe(checksum);
  });

  test('that computes in floating point has its registers again', () => {
    const server = begin();
    const words = ['100', '20'];
    const alone = session.start(2, libraryOs, 'mandel', ...words);
    session.until(() => alone.end !== undefined);
    const program = session.start(3, libraryOs, 'mandel', ...words);
    session.until(() => session.output(3).split('\n').length > 8);
    swapOut(program, server);
    const other = session.start(4, 'exos', 'mandel', '20', '5');
    session.until(() => other.end !== undefined);
    session.bringBack(program, server);
    session.until(() => program.end !== undefined);
    expect(session.output(3)).toBe(session.output(2));
    expect(program.end).toEqual(EXIT_0);
  });

  test('that does not answer is destroyed, and its pages are free', () => {
    const server = begin();
    const hog = session.start(2, libraryOs, 'hog', 'pages', '64');
    session.until(() => session.output(2).includes('I keep them'));
    session.swap(hog, server);
    session.until(() => hog.end !== undefined);
    expect(hog.end).toEqual({ kind: 'killed', reason: 'revoked' });
    expect(ownedPages(hog)).toEqual([]);
    expect(session.output(SERVER)).toBe(`swapd: room for ${PLACES} pages\n`);
  });
});

function outputCount(text: string): number {
  return session.output(SERVER).split(text).length - 1;
}

test('the server brings back by itself when memory is free again', () => {
  const server = begin('1200');
  const hog = session.start(3, 'exos', 'hog', 'pages', '600');
  session.until(() => session.output(3).includes('I keep them'));
  const program = session.start(2, 'exos', 'vmstress', '128', '60');
  session.until(() => session.output(2).includes('pages written'));
  swapOut(program, server);
  const out = session.cycle;
  session.until(() => session.cycle > out + 75_000_000);
  expect(outputCount('are in again')).toBe(0);
  session.kill(hog);
  session.until(() => program.end !== undefined);
  expect(session.output(2)).toContain('verified');
});

test('three at once go out and come back; one that is killed meanwhile leaves its room to others', () => {
  const server = begin();
  const programs = [2, 3, 4].map((line) =>
    session.start(line, line === 3 ? 'exos-ipt' : 'exos', 'vmstress', '128', '1000'),
  );
  const killed = session.start(5, 'exos', 'vmstress', '600', '1000');
  for (const line of [2, 3, 4, 5]) session.until(() => session.output(line).includes('pages written'));
  session.swap(killed, server);
  session.until(() => outputCount('are out') === 1);
  session.kill(killed);
  for (const program of programs) session.swap(program, server);
  session.until(() => outputCount('are out') === 4);
  for (const program of programs) session.bringBack(program, server);
  session.until(() => programs.every((program) => program.end !== undefined));
  for (const program of programs) {
    expect(session.output(program.line)).toContain('0 rewritten, verified');
    expect(program.end).toEqual(EXIT_0);
  }
});

test('the sentinel, given the capability, makes room by the swap server when memory is short', () => {
  const server = begin('300');
  const id = server.environmentId.toString(16).padStart(8, '0');
  session.grant(6, 'exos', 'sentinel', '-r', '-p', '2000', '-f', '200', '-s', id);
  session.until(() => session.output(6).endsWith('sentinel: watching\n'));
  const program = session.start(2, 'exos', 'vmstress', '900', '100');
  session.until(() => session.output(2).includes('pages written'));
  const { free_count } = readHeader(view());
  const other = session.start(3, 'exos-ipt', 'hog', 'pages', String(free_count - 150));
  session.until(() => session.output(SERVER).includes('are out'));
  expect(session.output(6)).toMatch(
    /vmstress \(exos\) has \d+ pages, the most, and only \d+ are free\n.*told to submit/,
  );
  session.until(() => session.output(3).includes('I keep them'));
  session.kill(other);
  session.until(() => program.end !== undefined);
  expect(session.output(2)).toContain('0 rewritten, verified');
});

test('who submits itself to one that is no swap server is destroyed, and nobody else is touched', () => {
  session = new GuestSession(undefined, '5000/125', SMALL_MIB);
  const other = session.start(2, 'exos', 'primes', '300000');
  const server = session.start(3, 'exos', 'sh');
  const program = session.start(4, 'exos', 'vmstress', '64', '1000');
  session.until(() => session.output(4).includes('pages written'));
  session.swap(program, server);
  session.until(() => program.end !== undefined && other.end !== undefined);
  expect(program.end).toEqual({ kind: 'killed', reason: 'revoked' });
  expect(session.output(2)).toContain('25997 primes below 300000');
  expect(server.end).toBeUndefined();
});

test.each([true, false])("who means ill gets at nobody in a server's care (%s) or outside", (isOut) => {
  const server = begin();
  const checksum = undisturbed('exos');
  const victim = session.start(3, 'exos', '/test/keep', '300');
  session.until(() => session.output(3).includes('begun'));
  if (isOut) swapOut(victim, server);
  const ids = [server, victim].map(({ environmentId }) => environmentId.toString(16));
  const pose = session.start(4, 'exos-ipt', '/test/pose', ...ids);
  session.until(() => pose.end !== undefined);
  expect(session.output(4)).toBe('pose: 0 allowed\n');
  expect(outputCount('are out')).toBe(isOut ? 1 : 0);
  expect(outputCount('are in again')).toBe(0);
  if (isOut) session.bringBack(victim, server);
  session.until(() => victim.end !== undefined);
  expect(session.output(3)).toBe(checksum);
});

test('swapd without an extent says so', () => {
  session = new GuestSession(undefined, '5000/125', SMALL_MIB);
  expect(session.run('exos', 'swapd')).toEqual({
    output: 'swapd: I was lent no disk extent\n',
    end: { kind: 'exit', status: 1 },
  });
});

test('the end of the disk is lent to one at a time, and nobody else can read it', () => {
  const server = begin();
  expect(() => session.lend(2, 'exos', 'swapd')).toThrow('the end of the disk is lent already');
  const cat = session.start(2, 'exos', 'cat');
  session.until(() => record(cat).state === ENV_STATE.WAITING);
  const reach = (program: Program): number[] =>
    Array.from({ length: AEGIS.EXTENT_COUNT }, (_, extent) => readExtent(view(), extent))
      .filter(({ owner, readers }) => owner !== 0 && (readers & record(program).slot_mask) !== 0)
      .map(({ start, count }) => start + count);
  const [end = 0, last] = reach(server).sort((a, b) => a - b);
  expect(reach(cat)).toEqual([end]);
  expect(last).toBe(end + 8 * PLACES);
});
