import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AEGIS, readEnvironment, viewOf } from '../../../src/abi/index.js';
import { GuestSession } from './guest-session.js';

const LIBRARY_OSES = ['exos', 'exos-ipt'] as const;
const EXIT_0 = { kind: 'exit', status: 0 };

describe.each(LIBRARY_OSES)('programs on %s', (libraryOs) => {
  let session: GuestSession;
  beforeAll(() => {
    session = new GuestSession();
  });
  afterAll(() => session.dispose());

  test.each(['lib', 'interface'])('/test/%s passes', (name) => {
    const { output, end } = session.run(libraryOs, `/test/${name}`);
    expect(output).toMatch(/^1\.\.\d+\n/);
    expect(output.split('\n').filter((line) => line.startsWith('not ok'))).toEqual([]);
    expect(end).toEqual(EXIT_0);
  });

  test.each([
    ['matmul', 'x'],
    ['ps', 'x'],
    ['sh', '-c', 'ls'],
    ['hog', 'pages', 'x'],
    ['hog', 'pages', '0'],
    ['pingpong', '0'],
    ['pingpong', '-1'],
    ['pingpong', '10x'],
    ['primes', '1e4'],
    ['touch', 'dense', 'x'],
    ['vmstress', '16', '0'],
    ['paint', '1', '1', '1'],
  ])('%s %s %s: says its usage, status 2', (program, ...words) => {
    const { output, end } = session.run(libraryOs, program, ...words);
    expect(output).toMatch(new RegExp(`^usage: ${program}.*\\n$`));
    expect(end).toEqual({ kind: 'exit', status: 2 });
  });

  test.each([
    ['load', 'load from unmapped memory'],
    ['store', 'write to read-only memory|store to unmapped memory'],
    ['unaligned', 'unaligned load'],
    ['overflow', 'overflow'],
    ['break', 'breakpoint'],
    ['jump', 'load from unmapped memory'],
  ])('a program that does a wrong thing (%s) is ended by its library OS', (kind, text) => {
    const { output, end } = session.run(libraryOs, '/test/crash', kind);
    // Where an address means nothing, none is shown.
    const address = /overflow|breakpoint/.test(text) ? '' : ', address 0x[0-9a-f]{8}';
    expect(output).toMatch(
      new RegExp(`^${libraryOs}: /test/crash: (${text}): pc 0x[0-9a-f]{8}${address}\n$`),
    );
    expect(end).toEqual({ kind: 'killed', reason: 'fault' });
  });

  test('hello says where it runs', () => {
    expect(session.run(libraryOs, 'hello')).toEqual({ output: `hello from ${libraryOs}\n`, end: EXIT_0 });
  });

  test('arguments arrive, the heap works, the disk is read', () => {
    expect(session.run(libraryOs, 'echo', 'one', 'two').output).toBe('one two\n');
    expect(session.run(libraryOs, 'primes', '10000').output).toContain(
      '1229 primes below 10000, the largest is 9973',
    );
    expect(session.run(libraryOs, 'ls', '/lib').output).toMatch(/-\s+\d+ exos\.img\n-\s+\d+ exos-ipt\.img/);
  });

  test('a missing file is an error of the program that wants it', () => {
    expect(session.run(libraryOs, 'cat', '/nowhere')).toEqual({
      output: 'cat: /nowhere: no such file or directory\n',
      end: { kind: 'exit', status: 1 },
    });
  });

  test('ps lists what Aegis exports', () => {
    const { output } = session.run(libraryOs, 'ps');
    expect(output).toMatch(/00000100 00000000 \S+ +\d+ +8 .* static +init/);
    expect(output).toMatch(new RegExp(`running .* ${libraryOs} +ps`));
  });

  test('a thousand protected control transfers there and back', () => {
    expect(session.run(libraryOs, 'pingpong').output).toBe('pingpong: 1000 round trips, verified\n');
  });

  test('the shell starts programs on either library OS and passes statuses on', () => {
    const shell = session.start(2, libraryOs, 'sh');
    session.until(() => session.output(2).endsWith('$ '));
    session.type(2, 'hello\ron exos-ipt hello\rlibos exos\recho a  b\rcat /no\rstatus\r');
    session.until(() => session.output(2).endsWith('status\n1\nexos$ '));
    const record = readEnvironment(
      viewOf(session.workstation.machine.ram),
      shell.environmentId % AEGIS.ENV_COUNT,
    );
    expect(record).toMatchObject({ id: shell.environmentId, refused_count: 0 });
    session.type(2, 'exit 7\r');
    session.until(() => shell.end !== undefined);
    expect(session.output(2)).toContain(`hello\nhello from ${libraryOs}\n`);
    expect(session.output(2)).toContain('on exos-ipt hello\nhello from exos-ipt\n');
    expect(session.output(2)).toContain('exos$ echo a  b\na b\n');
    expect(session.output(2)).toContain('status\n1\n');
    expect(shell.end).toEqual({ kind: 'exit', status: 7 });
  });

  test('the shell knows which library OSes there are, and says why a program was destroyed', () => {
    const before = session.output(2).length;
    const shell = session.start(2, libraryOs, 'sh');
    session.type(2, 'libos foo\ron foo ls\ron ../bin/sh ls\rlibos\r/test/crash load\rexit\r');
    session.until(() => shell.end !== undefined);
    const output = session.output(2).slice(before);
    expect(output).toContain('libos foo\nsh: no library OS foo; there are exos exos-ipt\n');
    expect(output).toContain('on foo ls\nsh: no library OS foo; there are exos exos-ipt\n');
    expect(output).toContain('sh: no library OS ../bin/sh; there are exos exos-ipt\n');
    expect(output).toContain(`libos\n${libraryOs}\n`);
    expect(output).toContain('sh: /test/crash ended: fault\n');
  });

  test('input lines can be edited and ended', () => {
    const before = session.output(1).length;
    const cat = session.start(1, libraryOs, 'cat');
    session.type(1, 'abx\x7fc\r\x04');
    session.until(() => cat.end !== undefined);
    expect(session.output(1).slice(before)).toBe('abx\b \bc\nabc\n');
  });
});

describe('what cannot be started', () => {
  test('says why, in one line', () => {
    const session = new GuestSession(new TextEncoder().encode('#!/bin/sh\n'.padEnd(600, '#')));
    expect(() => session.run('exos', 'nothing')).toThrow("no such program 'nothing'");
    expect(() => session.run('other', 'hello')).toThrow("no library OS named 'other'");
    expect(() => session.run('exos', '/lib/exos.img')).toThrow(
      "'/lib/exos.img' is not a MIPS program: it is not an ELF file",
    );
    expect(() => session.run('exos', 'disk1:600')).toThrow(
      "'disk1:600' is not a MIPS program: it is not an ELF file",
    );
    session.start(3, 'exos', 'sh');
    expect(() => session.start(3, 'exos', 'hello')).toThrow('the line is busy');
    session.dispose();
  });
});

test('the same inputs give the same cycles', () => {
  const cycles = [0, 1].map(() => {
    const session = new GuestSession();
    const programs = [
      session.start(1, 'exos', 'primes', '20000'),
      session.start(2, 'exos-ipt', 'touch', 'dense', '3'),
    ];
    session.until(() => programs.every((program) => program.end !== undefined));
    session.dispose();
    return programs.map((program) => program.endCycle);
  });
  expect(cycles[0]).toEqual(cycles[1]);
});
