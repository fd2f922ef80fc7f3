/**
 * The sentinel: an ordinary program that reads exported tables. What it finds about hogs and probing programs, what it
 * may do with the machine owner's capability and what Aegis refuses it without, and that bystanders notice nothing.
 */

import { afterEach, describe, expect, test } from 'vitest';
import { readEnvironment, viewOf } from '../../../src/abi/index.js';
import { type EventView, Observer } from '../../../src/observe/index.js';
import { GuestSession, type Program } from './guest-session.js';

const EXIT_0 = { kind: 'exit', status: 0 };
const WATCH = 1;
const BYSTANDER = 4;

let session: GuestSession;
afterEach(() => session.dispose());

function id(program: Program): string {
  return program.environmentId.toString(16).padStart(8, '0');
}

/** A sentinel that watches, and a program beside it that computes. */
function begin(isGranted: boolean, ...words: string[]): Program {
  session = new GuestSession();
  if (isGranted) session.grant(WATCH, 'exos', 'sentinel', ...words);
  else session.start(WATCH, 'exos', 'sentinel', ...words);
  session.until(() => session.output(WATCH).endsWith('sentinel: watching\n'));
  return session.start(BYSTANDER, 'exos', 'primes', '300000');
}

function findings(program: Program): string[] {
  return session
    .output(WATCH)
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith(`sentinel: ${id(program)}`));
}

function expectUnharmed(bystander: Program): void {
  session.until(() => bystander.end !== undefined);
  expect(bystander.end).toEqual(EXIT_0);
  expect(session.output(BYSTANDER)).toContain('25997 primes below 300000');
  expect(findings(bystander)).toEqual([]);
}

describe('without a capability', () => {
  test('it reports hoarded pages and over-run slices, and touches nothing', () => {
    const bystander = begin(false);
    const pages = session.start(2, 'exos', 'hog', 'pages', '256');
    const time = session.start(3, 'exos', 'hog', 'time');
    session.until(() => time.end !== undefined && findings(pages).length > 0);
    expect(findings(pages).join('\n')).toMatch(
      /^sentinel: \w+ hog \(exos\) hoards: owns \d+ pages of 8192, more than 192; \d+ are free$/m,
    );
    expect(findings(time)[0]).toMatch(
      /hog \(exos\) over-runs its slices: [1-9]\d* ticks too long so far, \d+/,
    );
    expect(time.end).toEqual({ kind: 'killed', reason: 'excess-time' });
    expectUnharmed(bystander);
    expect(pages.end).toBeUndefined();
  });

  test('its attempt to act is refused by Aegis', () => {
    const bystander = begin(false, '-r');
    expect(session.output(WATCH)).toContain("sentinel: the machine's owner gave me no capability\n");
    const pages = session.start(2, 'exos', 'hog', 'pages', '256');
    const time = session.start(3, 'exos', 'hog', 'time');
    session.until(() => time.end !== undefined && findings(pages).length > 1);
    expect(findings(pages)).toContain(`sentinel: ${id(pages)}: Aegis refuses: I have no right to`);
    expect(findings(time)).toContain(`sentinel: ${id(time)}: Aegis refuses: I have no right to`);
    expect(time.end).toEqual({ kind: 'killed', reason: 'excess-time' });
    expectUnharmed(bystander);
    expect(pages.end).toBeUndefined();
  });

  test('probing calls are counted exactly, found and reported', () => {
    const bystander = begin(false);
    const prowl = session.start(2, 'exos', '/test/prowl', '100');
    session.until(() => prowl.end !== undefined);
    expect(session.output(2)).toBe('prowl: 100 refused, 100 counted\n');
    expect(prowl.end).toEqual(EXIT_0);
    expect(findings(prowl)[0]).toMatch(
      /prowl \(exos\) tries what it may not: \d+ calls refused, \d+ of them lately/,
    );
    expectUnharmed(bystander);
  });

  test('probing calls are traced, each kind told once in a tick, with the count that it reads', () => {
    begin(false);
    const { machine, symbols } = session.workstation;
    const events: EventView[] = [];
    const refused: number[] = [];
    new Observer(machine, symbols).onEvent = (event) => events.push(event);
    const point = symbols.aegis?.address('trace_refuse') ?? 0;
    machine.trace(point, ({ registers }) => refused.push(registers[27] as number));
    const prowl = session.start(2, 'exos', '/test/prowl', '100');
    session.until(() => prowl.end !== undefined);
    const slot = prowl.environmentId & 0xff;
    const { refused_count } = readEnvironment(viewOf(machine.ram), slot);
    expect(refused.length).toBeGreaterThanOrEqual(100);
    expect(refused_count).toBe(refused.length);
    const told = events.filter(({ kind }) => kind === 'call-refused');
    expect(told.every(({ environmentId }) => environmentId === prowl.environmentId)).toBe(true);
    expect(new Set(told.map(({ text }) => text.replace(/call \d+/, 'call N')))).toEqual(
      new Set([
        'prowl on exos was refused revoke: the binding or capability does not cover the right asked for',
        'prowl on exos was refused bind: not a valid capability, or one that was recalled',
        'prowl on exos was refused page_free: the caller does not own the resource',
        'prowl on exos was refused tlb_write: the binding or capability does not cover the right asked for',
        'prowl on exos was refused call N: no such call',
      ]),
    );
    expect(told.length).toBeGreaterThan(50);
    expect(told.at(-1)?.details.at(-1)).toEqual({
      label: 'calls refused',
      value: `${refused_count} so far`,
    });
  });

  test('a name that would write over the screen does not', () => {
    const bystander = begin(false);
    const prowl = session.start(2, 'exos', '/test/prowl', '50', 'label');
    session.until(() => prowl.end !== undefined);
    expect(findings(prowl)[0]).toMatch(/^sentinel: \w+ \?\?pxl \(exos\) tries/);
    expectUnharmed(bystander);
  });

  test('bindings to a stranger and filters that overlap are named', () => {
    const bystander = begin(false);
    const lender = session.start(2, 'exos', '/test/share', 'lend', '20');
    session.until(() => session.output(2).endsWith('\n'));
    const words = session.output(2).trim().split(' ').slice(1);
    const borrower = session.start(3, 'exos', '/test/share', 'bind', ...words);
    session.until(() => findings(borrower).length === 2);
    expect(session.output(3)).toBe('share: bound to 20 pages, filter installed\n');
    expect(findings(borrower)[0]).toMatch(
      new RegExp(`is bound to 20 pages of strangers, 20 for writing; page \\d+ is ${id(lender)}'s$`),
    );
    expect(findings(borrower)[1]).toMatch(
      new RegExp(`has filter \\d+, which may claim packets of filter \\d+ of ${id(lender)}$`),
    );
    expect(findings(lender)).toEqual([]);
    expectUnharmed(bystander);
  });
});

describe("with the machine owner's capability and -r", () => {
  test('it takes the pages of a hoarder by revocation', () => {
    const bystander = begin(true, '-r');
    const pages = session.start(2, 'exos', 'hog', 'pages', '256');
    session.until(() => pages.end !== undefined);
    const asked = /asked for (\d+) pages/.exec(findings(pages).join('\n'));
    expect(Number(asked?.[1])).toBeGreaterThan(0);
    expect(session.output(2)).toContain(`hog: ${asked?.[1]} pages were repossessed`);
    expectUnharmed(bystander);
  });

  test('it destroys who over-runs slices again and again, before Aegis does', () => {
    const bystander = begin(true, '-r');
    const time = session.start(3, 'exos', 'hog', 'time');
    session.until(() => time.end !== undefined);
    expect(time.end).toEqual({ kind: 'killed', reason: 'killed' });
    expect(findings(time)).toContain(`sentinel: ${id(time)}: destroyed`);
    expectUnharmed(bystander);
  });

  test('the capability is its own: what it starts does not get it', () => {
    begin(false);
    session.grant(2, 'exos', 'sh');
    session.until(() => session.output(2).endsWith('$ '));
    session.type(2, 'sentinel -r -n 1\r');
    session.until(() => session.output(2).includes('sentinel: watching'));
    expect(session.output(2)).toContain("the machine's owner gave me no capability");
  });

  test('it destroys who goes on probing', () => {
    const bystander = begin(true, '-r');
    const prowl = session.start(2, 'exos', '/test/prowl', '10000');
    session.until(() => prowl.end !== undefined);
    expect(prowl.end).toEqual({ kind: 'killed', reason: 'killed' });
    expectUnharmed(bystander);
  });
});

test('wrong words get a usage line and status 2', () => {
  session = new GuestSession();
  expect(session.run('exos', 'sentinel', '-p', 'many')).toEqual({
    output: 'usage: sentinel [-r] [-p PAGES] [-c CALLS] [-b BINDINGS] [-f FREE] [-s SERVER] [-n LOOKS]\n',
    end: { kind: 'exit', status: 2 },
  });
});
