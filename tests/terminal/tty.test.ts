import { EventEmitter } from 'node:events';
import type { ReadStream, WriteStream } from 'node:tty';
import { afterEach, describe, expect, it } from 'vitest';
import { Tty } from '../../src/terminal/index.js';

/** A terminal that only remembers, in order, what was done to it. */
function fakeTerminal(): { log: string[]; input: ReadStream; output: WriteStream } {
  const log: string[] = [];
  const input = Object.assign(new EventEmitter(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => log.push(`raw ${isRaw}`),
    resume: () => log.push('resume'),
    pause: () => log.push('pause'),
  });
  const output = Object.assign(new EventEmitter(), {
    isTTY: true,
    writable: true,
    columns: 90,
    rows: 30,
    write: (text: string) => {
      log.push(text);
      return true;
    },
  });
  return { log, input: input as unknown as ReadStream, output: output as unknown as WriteStream };
}

function open(): { tty: Tty; log: string[]; output: WriteStream; sizes: string[]; signals: string[] } {
  const { log, input, output } = fakeTerminal();
  const sizes: string[] = [];
  const signals: string[] = [];
  const tty = new Tty({
    input,
    output,
    isMouseWanted: true,
    onInput: (bytes) => log.push(`input ${Buffer.from(bytes).toString()}`),
    onResize: (columns, rows) => sizes.push(`${columns}x${rows}`),
    onSignal: (signal) => signals.push(signal),
  });
  tty.open();
  input.emit('data', Buffer.from('key'));
  return { tty, log, output, sizes, signals };
}

describe('tty', () => {
  // Signal handlers leave one turn later.
  afterEach(() => new Promise((resolve) => setImmediate(() => setImmediate(resolve))));

  it('takes the terminal and gives it back: mouse off before raw mode off, once', () => {
    const { tty, log } = open();
    const entered = log.join('|');
    for (const mode of ['?2004h', '?1002h', '?1006h', 'raw true', '?1049h', 'input key'])
      expect(entered).toContain(mode);
    log.length = 0;
    tty.restore();
    tty.restore();
    tty.write('lost');
    const left = log.join('|');
    const order = ['?1006l', '?1002l', '?2004l', '?1049l', 'raw false'].map((mode) => left.indexOf(mode));
    expect(order.every((at) => at >= 0)).toBe(true);
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    expect(left.split('raw false')).toHaveLength(2);
    expect(left).not.toContain('lost');
  });

  it('restores on SIGTERM before it tells, and leaves no handler behind', async () => {
    const before = process.listenerCount('SIGTERM');
    const { log, signals } = open();
    log.length = 0;
    process.emit('SIGTERM');
    expect(signals).toEqual(['SIGTERM']);
    expect(log.join('|')).toContain('raw false');
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });

  it('takes the terminal again on SIGCONT and asks for the whole picture', () => {
    const { tty, log, output, sizes } = open();
    output.columns = 70;
    output.emit('resize');
    process.emit('SIGCONT');
    expect(sizes).toEqual(['70x30', '70x30']);
    log.length = 0;
    tty.restore();
    expect(log.join('|')).toContain('?1049l');
  });
});
