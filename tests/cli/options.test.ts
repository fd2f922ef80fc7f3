/** Options and words: what is understood, and one line for what is not. */

import { describe, expect, it } from 'vitest';
import { parseCcWords } from '../../src/cli/cc-command.js';
import { parseExecWords } from '../../src/cli/exec-command.js';
import { LineText } from '../../src/cli/line-text.js';
import {
  machineChoice,
  parseDisplay,
  parseExpect,
  parseMaxCycles,
  parseMemory,
  parseModel,
  parseSeed,
  parseSpeed,
} from '../../src/cli/machine-options.js';
import { restoredChoice } from '../../src/cli/restored-choice.js';
import type { MachineChoice } from '../../src/workstation/index.js';

describe('machine options', () => {
  it('are understood', () => {
    expect(parseMemory('128', '5000/125')).toBe(128);
    expect(parseMemory('4', '2100')).toBe(4);
    expect([parseMemory(undefined, '5000/125'), parseMemory(undefined, '3100')]).toEqual([32, 24]);
    expect(['5000/125', '3100', '2100'].map(parseModel)).toEqual(['5000/125', '3100', '2100']);
    expect([parseDisplay('colour', '5000/125'), parseDisplay('mono', '2100')]).toEqual([
      {},
      { display: 'mono' },
    ]);
    expect(parseMaxCycles('1_000_000')).toBe(1_000_000);
    expect(parseMaxCycles(undefined)).toBe(Number.POSITIVE_INFINITY);
    expect([parseSpeed('max'), parseSpeed('1x'), parseSpeed('2.5'), parseSpeed(undefined)]).toEqual([
      'max',
      1,
      2.5,
      undefined,
    ]);
    expect(Array.from(parseSeed('0xabc')).slice(13)).toEqual([0, 0x0a, 0xbc]);
    expect(parseExpect('^login')?.test('x\nlogin:')).toBe(true);
  });

  it.each([
    ['memory', () => parseMemory('12', '5000/125'), /--memory 12: give 8 to 128 MiB/],
    ['memory', () => parseMemory('256', '5000/125'), /multiple of 8/],
    ['memory', () => parseMemory('32', '3100'), /--memory 32: give 4 to 24 MiB, a multiple of 4, for a 3100/],
    ['memory', () => parseMemory('6', '2100'), /multiple of 4, for a 2100/],
    ['memory', () => parseMemory('much', '3100'), /--memory much: give/],
    ['model', () => parseModel('vax'), /no such machine; there are 5000\/125, 3100, 2100/],
    ['model', () => parseModel('constructor'), /no such machine/],
    ['display', () => parseDisplay('green', '3100'), /--display green: give colour or mono/],
    ['display', () => parseDisplay('mono', '5000/125'), /use --model 3100 or 2100/],
    ['seed', () => parseSeed('xyz'), /hexadecimal/],
    ['cycles', () => parseMaxCycles('-1'), /positive whole number/],
    ['speed', () => parseSpeed('fast'), /positive factor/],
    ['regular expression', () => parseExpect('('), /not a regular expression/],
    [
      'engine',
      () => machineChoice({ model: '5000/125', memory: '32', disk: [], engine: 'translator' }, true),
      /not in this version/,
    ],
  ])('of a bad %s give one line', (_what, parse, message) => {
    expect(parse).toThrow(message);
  });

  it('make the same machine twice when nobody watches', () => {
    const flags = {
      model: '5000/125',
      memory: '32',
      disk: ['a.img,rw'],
      append: [' root=/dev/sda  quiet'],
      engine: 'interpreter',
    };
    expect(machineChoice(flags, true)).toEqual(machineChoice(flags, true));
    expect(machineChoice(flags, true).append).toEqual(['root=/dev/sda', 'quiet']);
    expect(machineChoice(flags, true).disks).toEqual([{ path: 'a.img', isWrittenThrough: true }]);
    expect(machineChoice(flags, false).seed).not.toEqual(machineChoice(flags, false).seed);
  });
});

describe('options of several machines', () => {
  const flags = { model: '5000/125', memory: '32', engine: 'interpreter' };

  it('are given once for all or once for each, the last for the rest', () => {
    const three = { ...flags, kernel: ['vmlinux'], append: ['one', 'two'] };
    const choices = [0, 1, 2].map((index) => machineChoice(three, true, index, 3));
    expect(choices.map(({ kernelPath, append }) => [kernelPath, ...append])).toEqual([
      ['vmlinux', 'one'],
      ['vmlinux', 'two'],
      ['vmlinux', 'two'],
    ]);
    expect(new Set(choices.map(({ seed }) => seed.join())).size).toBe(3);
  });

  it('are refused when there are more than machines, or when two would write one disk', () => {
    const many = { ...flags, append: ['one', 'two'] };
    expect(() => machineChoice(many, true)).toThrow(
      /^--append: given 2 times for one machine; see --machines$/,
    );
    const written = { ...flags, disk: ['a.img,rw'] };
    expect(() => machineChoice(written, true, 0, 2)).toThrow(/2 machines cannot write one image/);
  });
});

describe('exec', () => {
  it('takes its options before and after the program, the rest goes to the program', () => {
    const parsed = parseExecWords([
      '--stats',
      's.json',
      'ls',
      '-l',
      '--libos',
      'exos-ipt',
      '/bin',
      '--',
      '--libos',
      'x',
    ]);
    expect(parsed.program).toBe('ls');
    expect(parsed.arguments).toEqual(['-l', '/bin', '--libos', 'x']);
    expect(parsed.options).toEqual({ '--stats': 's.json', '--libos': 'exos-ipt' });
    expect(parsed.isGranted).toBe(false);
  });

  it('gives a capability only before the program, where no program has such a word', () => {
    expect(parseExecWords(['--grant', 'sentinel', '-r']).isGranted).toBe(true);
    expect(parseExecWords(['echo', '--grant'])).toMatchObject({ isGranted: false, arguments: ['--grant'] });
  });

  it('refuses an unknown option before the program, a missing value, and no program', () => {
    expect(() => parseExecWords(['--bogus', 'ls'])).toThrow(/unknown option '--bogus'/);
    expect(() => parseExecWords(['ls', '--libos'])).toThrow(/--libos needs a value/);
    expect(() => parseExecWords([])).toThrow(/give a program/);
  });
});

describe('cc', () => {
  it('takes --libos and leaves the rest to gcc', () => {
    expect(parseCcWords(['-O2', 'a.c', '--libos', 'exos-ipt', '-o', 'a'])).toEqual({
      words: ['-O2', 'a.c', '-o', 'a'],
      libraryOs: 'exos-ipt',
      isLinked: true,
    });
    expect(parseCcWords(['-c', 'a.c']).isLinked).toBe(false);
    expect(parseCcWords(['--version']).words).toEqual(['--version']);
    expect(parseCcWords(['-xc', '-', '-march=r3000']).isLinked).toBe(true);
  });

  it.each([
    [[], /give a C file/],
    // gcc would remove hi.
    [['-o', 'hi'], /give a C file/],
    [['-O2', '-I', 'include', '-D', 'A=1'], /give a C file/],
    [['-march=mips32r2', 'a.c'], /-march=mips32r2: the machine is an R3000/],
    [['a.c', '-mips2'], /-mips2: the machine is an R3000/],
  ])('refuses %j before gcc is run', (words, message) => {
    expect(() => parseCcWords(words)).toThrow(message);
  });
});

describe('text of lines', () => {
  it('comes in whole lines without control sequences', () => {
    const shown: string[] = [];
    const text = new LineText((line, said) => shown.push(`${line}:${said}`));
    const feed = (line: number, bytes: string): void => {
      for (const byte of new TextEncoder().encode(bytes)) text.take(line, byte);
    };
    feed(1, 'one \x1b[31mred\x1b[0m');
    feed(2, 'other\r\n\r\n');
    feed(1, ' end\r\n$ ');
    text.flush();
    expect(shown).toEqual(['2:other', '1:one red end', '1:$']);
  });
});

describe('a restored machine', () => {
  const identity = {
    model: '3100',
    memoryMiB: 16,
    display: 'mono',
    rom: '',
    disks: [],
    append: [],
    seed: '00'.repeat(16),
    epochSeconds: 0,
  } as const;
  const restored = (flags: { display?: string }): MachineChoice =>
    restoredChoice(
      { model: '3100', engine: 'interpreter', ...flags },
      Object.keys(flags),
      undefined,
      identity,
      'snapshot s',
    );

  it('has the frame buffer that it had; another one is refused', () => {
    expect(restored({}).display).toBe('mono');
    expect(restored({ display: 'mono' }).display).toBe('mono');
    expect(() => restored({ display: 'colour' })).toThrow(
      '--display: snapshot s was made with mono; leave --display out',
    );
  });
});
