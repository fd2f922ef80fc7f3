/** Programs that compute with doubles: each keeps its registers, and the host's doubles agree in every bit. */

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { GuestSession } from './guest-session.js';

const EXIT_0 = { kind: 'exit', status: 0 };
const FAULT = { kind: 'killed', reason: 'fault' };

/** What `float print` prints: digits as JavaScript works them out, which are exact as well. */
function printed(count: number): string {
  const words = new Uint32Array(2);
  const value = new Float64Array(words.buffer);
  let seed = 1;
  const next = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed;
  };
  const text = (digits: number): string => {
    const number = value[0] as number;
    if (!Number.isFinite(number)) return `${number}`.replace('Infinity', 'inf').replace('NaN', 'nan');
    return number.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');
  };
  let all = '';
  for (let index = 0; index < count; index++) {
    words[0] = next();
    words[1] = next();
    if (index % 4 === 0) words[1] = (words[1] as number) & 0x800f_ffff;
    all += `${text(25)} ${text(16)}\n`;
  }
  return all;
}

/** What `float compute` prints. */
function computed(seed: number, steps: number): string {
  const bits = new Uint32Array(new Float64Array(1).buffer);
  const value = new Float64Array(bits.buffer);
  let hash = 0;
  const fold = (number: number): void => {
    value[0] = number;
    hash = (Math.imul(hash, 31) + (bits[0] as number)) | 0;
    hash = (Math.imul(hash, 31) + (bits[1] as number)) | 0;
  };
  let a = 1 / (seed + 2);
  let [b, c, d, e, f] = [a / 1.1, a / 1.2, a / 1.3, a / 1.4, a / 1.5];
  for (let step = 0; step < steps; step++) {
    const first = a;
    a = 0.9 * (3.9 * a * (1 - a)) + 0.1 * b;
    b = 0.9 * (3.8 * b * (1 - b)) + 0.1 * c;
    c = 0.9 * (3.7 * c * (1 - c)) + 0.1 * d;
    d = d < e ? e / (1 + d) : d / (1 + e);
    e = 0.9 * (3.6 * e * (1 - e)) + 0.1 * f;
    f = 0.9 * (3.5 * f * (1 - f)) + 0.1 * first;
    if (step % 16 === 0) [a, d, f].forEach(fold);
  }
  const digits = [a, c, e].map((number) => String(Number(number.toPrecision(17)).toPrecision(17)));
  const trimmed = digits.map((text) => text.replace(/0+$/, ''));
  return `float: ${(hash >>> 0).toString(16).padStart(8, '0')} ${trimmed.join(' ')}\n`;
}

/** The last line of `mandel`. */
function mandelbrot(columns: number, rows: number): string {
  const step = 3.2 / columns;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const im = 0 + (Math.trunc(rows / 2) - row) * 2 * step;
    for (let column = 0; column < columns; column++) {
      const re = -0.7 + (column - Math.trunc(columns / 2)) * step;
      let [x, y, xx, yy] = [0, 0, 0, 0];
      for (let steps = 0; steps < 512 && xx + yy <= 4; steps++) {
        y = 2 * x * y + im;
        x = xx - yy + re;
        xx = x * x;
        yy = y * y;
        total++;
      }
    }
  }
  return `mandel: 3.2 wide at -0.7+0i, ${total} steps\n`;
}

describe('floating point', () => {
  let session: GuestSession;
  beforeAll(() => {
    session = new GuestSession();
  });
  afterAll(() => session.dispose());

  it('is the same on both library OSes at once as on the host, bit for bit', () => {
    const steps = 60_000;
    const runs = [
      session.start(1, 'exos', '/test/float', 'compute', '1', `${steps}`),
      session.start(2, 'exos-ipt', '/test/float', 'compute', '2', `${steps}`),
      session.start(3, 'exos', '/test/float', 'compute', '3', `${steps}`),
    ];
    session.until(() => runs.every((run) => run.end !== undefined));
    for (const [index, run] of runs.entries()) {
      expect(session.output(run.line)).toBe(computed(index + 1, steps));
      expect(run.end).toEqual(EXIT_0);
    }
  });

  it.each(['exos', 'exos-ipt'])('is kept while handlers of the program compute as well (%s)', (libraryOs) => {
    const before = session.output(1).length;
    const other = session.start(2, 'exos', '/test/float', 'compute', '9', '4000000');
    const run = session.start(1, libraryOs, '/test/float', 'disturbed', '5', '20000');
    session.until(() => session.output(1).slice(before).includes('ready'));
    session.revoke(run, 1);
    session.until(() => run.end !== undefined);
    session.kill(other);
    expect(session.output(1).slice(before)).toBe(
      `float: ready\n${computed(5, 20_000)}float: 313 faults, 1 pages given\n`,
    );
  });

  test.each([
    [
      'denormal',
      'floating-point operation with a NaN, a denormal number or too large an integer: .*, FCR31 0x0002....',
    ],
    [
      'nan',
      'floating-point operation with a NaN, a denormal number or too large an integer: .*, FCR31 0x0002....',
    ],
    [
      'integer',
      'floating-point operation with a NaN, a denormal number or too large an integer: .*, FCR31 0x0002....',
    ],
    ['divide', 'floating-point exception: pc 0x........, FCR31 0x00008400'],
  ])('what an R3010 leaves to software ends the program, and says so (%s)', (cause, text) => {
    const { output, end } = session.run('exos', '/test/float', cause);
    expect(output).toMatch(new RegExp(`^exos: /test/float: ${text}\n$`));
    expect(end).toEqual(FAULT);
  });

  it('is printed in digits that are all right', () => {
    expect(session.run('exos', '/test/float', 'print', '200').output).toBe(printed(200));
  });

  it.each(['exos', 'exos-ipt'])('draws the Mandelbrot set (%s)', (libraryOs) => {
    const { output, end } = session.run(libraryOs, 'mandel', '41', '15');
    expect(
      output
        .split('\n')
        .slice(0, 15)
        .every((line) => line.length === 41),
    ).toBe(true);
    expect(output.endsWith(`\n${mandelbrot(41, 15)}`)).toBe(true);
    expect(end).toEqual(EXIT_0);
  });

  it('has infinities', () => {
    expect(session.run('exos', '/test/float', 'quiet').output).toBe('float: inf -inf inf\n');
  });
});
