/** The terminal line of a process: editing, lines that come back, Ctrl-C, what is typed ahead. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuestSession, type Program } from './guest-session.js';

const LEFT = '\x1b[D';
const RIGHT = '\x1b[C';
const UP = '\x1b[A';
const DOWN = '\x1b[B';

/** What a terminal of one endless line shows at last, of what a line has said since its last newline. */
function shownLine(output: string): string {
  const cells: string[] = [];
  let column = 0;
  for (const character of output.slice(output.lastIndexOf('\n', output.length - 2) + 1).trimEnd()) {
    if (character === '\b') column = Math.max(0, column - 1);
    else if (character >= ' ') cells[column++] = character;
  }
  return cells.join('').trimEnd();
}

describe('a line that is typed', () => {
  let session: GuestSession;
  beforeAll(() => {
    session = new GuestSession();
  });
  afterAll(() => session.dispose());

  function startShell(): Program {
    const before = session.output(1).length;
    const shell = session.start(1, 'exos', 'sh');
    session.until(() => session.output(1).length === before + 'exos$ '.length);
    return shell;
  }

  /** What is said when this is typed at a shell, and what the terminal shows of the line. */
  function typed(keys: string): { said: string; shown: string } {
    const shell = startShell();
    const before = session.output(1).length;
    session.type(1, `${keys}\r`);
    session.until(() => session.output(1).slice(before).endsWith('\nexos$ '));
    const [line = '', said = ''] = session.output(1).slice(before).split('\n');
    session.kill(shell);
    return { said, shown: shownLine(`\n${line}\n`) };
  }

  it.each([
    ['the cursor keys', `echo bd${LEFT}c${LEFT}${LEFT}a${RIGHT}${RIGHT}${RIGHT}${RIGHT}e`, 'abcde'],
    ['home and end', 'cho on\x1b[He\x1b[Fe\x1b[3~\x1b[1~\x1b[4~.', 'one.'],
    ['their control keys, and as applications send them', 'ho on\x01c\x1bOHe\x1bOFe\x01\x05.', 'one.'],
    ['backspace in the middle', `echo abXc${LEFT}\x7f`, 'abc'],
    ['delete', `echo abXc${LEFT}${LEFT}\x1b[3~`, 'abc'],
    ['Ctrl-W', 'echo one two  \x17three', 'one three'],
    ['Ctrl-U', 'one two\x15echo three', 'three'],
    ['keys that mean nothing', 'echo \x1b[15~a\x1bOPb\x1bxc\x1b[1;5Qd\x1b[<0;1;1M', 'abcd'],
  ])('is edited with %s', (_what, keys, text) => {
    expect(typed(keys)).toEqual({ said: text, shown: `echo ${text}` });
  });

  it('may be as long as the line takes, and rings beyond', () => {
    expect(typed(`echo ${'x'.repeat(400)}`).said).toBe('x'.repeat(250));
    expect(session.output(1)).toContain('\x07');
  });

  it('comes back with Up, and goes with Down', () => {
    const shell = startShell();
    const before = session.output(1).length;
    session.type(1, `echo one\recho two\recho two\r${UP}${UP}${DOWN}${DOWN}echo new\r`);
    session.type(1, `${UP}${UP}${UP} again\r${UP.repeat(7)}\rexit\r`);
    session.until(() => shell.end !== undefined);
    const lines = session.output(1).slice(before).split('\n');
    const said = lines.filter((line) => /^(one|two|new)/.test(line));
    expect(said).toEqual(['one', 'two', 'two', 'new', 'one again', 'one']);
  });

  it('is remembered among as many as fit, whole or not at all', () => {
    const shell = startShell();
    const lines = Array.from({ length: 6 }, (_, index) => `echo ${`${index}`.repeat(90)}`);
    session.type(1, lines.map((line) => `${line}\r`).join(''));
    session.until(() => session.output(1).endsWith(`\n${'5'.repeat(90)}\nexos$ `));
    const from = session.output(1).length;
    session.type(1, `${UP.repeat(6)}\rexit\r`);
    session.until(() => shell.end !== undefined);
    // Four lines of 95 bytes fit; the fifth and sixth Up only ring.
    expect(session.output(1).slice(from)).toContain(`\n${'2'.repeat(90)}\n`);
    expect(session.output(1).slice(from).split('\x07')).toHaveLength(3);
  });
});

describe('Ctrl-C', () => {
  let session: GuestSession;
  let shell: Program;
  beforeAll(() => {
    session = new GuestSession();
    shell = session.start(1, 'exos', 'sh');
  });
  afterAll(() => session.dispose());

  const until = (text: string): void => session.until(() => session.output(1).endsWith(text));

  it('at the prompt drops the line', () => {
    until('exos$ ');
    session.type(1, 'nonsense\x03');
    until('nonsense^C\nexos$ ');
  });

  it.each(['exos', 'exos-ipt'])('destroys a program on %s that computes and never reads', (libraryOs) => {
    session.type(1, `on ${libraryOs} hog pages 20\r`);
    until('I keep them\n');
    session.type(1, '\x03');
    until('^C\nsh: hog destroyed on request\nexos$ ');
  });

  it('leaves what was typed ahead to the shell, and what a program reads to that', () => {
    session.type(1, 'hog pages 20\r');
    until('I keep them\n');
    session.type(1, 'echo ahead\r');
    session.workstation.run(session.cycle + 50_000_000);
    session.type(1, '\x03');
    until('exos$ ');
    expect(session.output(1)).not.toContain('\nahead\n');
    const before = session.output(1).length;
    session.type(1, 'cat\rto cat\r\x04primes 200000\recho to sh\r');
    until('\nto sh\nexos$ ');
    expect(session.output(1).slice(before)).toContain('to cat\nto cat\n');
    expect(session.output(1).slice(before)).toMatch(/largest is \d+\n[\s\S]*\nto sh\n/);
  });

  it('ends a program that reads, with 130', () => {
    session.type(1, 'cat\r');
    session.workstation.run(session.cycle + 20_000_000);
    session.type(1, 'half\x03');
    until('half^C\nexos$ ');
    session.type(1, 'status\r');
    until('130\nexos$ ');
    expect(shell.end).toBeUndefined();
  });
});
