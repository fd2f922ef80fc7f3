import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InputRouter, type MouseReport } from '../../src/terminal/index.js';

const received: string[] = [];
const reports: MouseReport[] = [];
let router: InputRouter;

function feed(text: string): void {
  router.feed(Buffer.from(text, 'utf8'));
}

beforeEach(() => {
  vi.useFakeTimers();
  received.length = 0;
  reports.length = 0;
  router = new InputRouter({
    onKey: (key) => received.push(key.name),
    onMouse: (report) => reports.push(report),
    onPaste: (text) => received.push(`paste:${text}`),
  });
});

afterEach(() => {
  router.dispose();
  vi.useRealTimers();
});

describe('input router', () => {
  it('names letters, control keys, arrows and their modifiers', () => {
    feed('aZ\r\t\x7f\x01\x1b[A\x1bOD\x1b[5~\x1b[1;5C\x1b[Z\x1bx');
    expect(received).toEqual([
      'a',
      'Z',
      'enter',
      'tab',
      'backspace',
      'ctrl-a',
      'up',
      'left',
      'pageup',
      'ctrl-right',
      'backtab',
      'meta-x',
    ]);
  });

  it('tells a lone Esc from a sequence by 25 ms of silence', () => {
    feed('\x1b');
    expect(received).toEqual([]);
    vi.advanceTimersByTime(24);
    expect(received).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(received).toEqual(['escape']);
    feed('\x1b');
    vi.advanceTimersByTime(10);
    feed('[B');
    expect(received).toEqual(['escape', 'down']);
  });

  it('takes Esc and Ctrl-a in one read for two keys', () => {
    feed('\x1b\x01q');
    expect(received).toEqual(['escape', 'ctrl-a', 'q']);
  });

  it('keeps mouse reports apart from keys, also when a report is split between reads', () => {
    feed('x\x1b[<0;10;5M\x1b[<0;10;5m');
    feed('\x1b[<6');
    vi.advanceTimersByTime(100);
    feed('5;3;4My');
    expect(received).toEqual(['x', 'y']);
    expect(reports).toEqual([
      { action: 'press', button: 0, column: 9, row: 4 },
      { action: 'release', button: 0, column: 9, row: 4 },
      { action: 'wheel-down', button: 1, column: 2, row: 3 },
    ]);
  });

  it('decodes UTF-8 that was cut in the middle', () => {
    const bytes = Buffer.from('é漢', 'utf8');
    router.feed(bytes.subarray(0, 1));
    router.feed(bytes.subarray(1, 3));
    router.feed(bytes.subarray(3));
    expect(received).toEqual(['é', '漢']);
  });

  it('takes a bracketed paste as one text, with its end marker split', () => {
    feed('\x1b[200~ls\ncat');
    feed('\x1b[20');
    vi.advanceTimersByTime(300);
    feed('1~z');
    expect(received).toEqual(['paste:ls\ncat', 'z']);
  });

  it('swallows answers of the terminal and sequences it does not know', () => {
    feed('\x1b[?62;4c\x1b]11;rgb:0000/0000/0000\x07\x1bP1+r\x1b\\\x1b[12;40R\x1b[99~q');
    expect(received).toEqual(['q']);
  });

  it('gives up on a sequence that never ends', () => {
    feed('\x1b[');
    vi.advanceTimersByTime(250);
    feed('k');
    expect(received).toEqual(['meta-[', 'k']);
  });
});
