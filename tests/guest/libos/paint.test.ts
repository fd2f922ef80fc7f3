/** Two programs on two library OSes share the screen, each by stores into its own tiles. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AEGIS, readColour, viewOf } from '../../../src/abi/index.js';
import { GuestSession } from './guest-session.js';

const BAND_LINES = 54 * AEGIS.TILE_LINES;
/** A dot of a letter, and where the first letter's corner is: pixels. */
const DOT = 6;
const CORNER = { x: 4 * DOT, y: DOT };

describe('paint', () => {
  let session: GuestSession;
  beforeAll(() => {
    session = new GuestSession();
  });
  afterAll(() => session.dispose());

  const picture = (): Uint8Array => {
    const { screen } = session.workstation.machine;
    const pixels = new Uint8Array(screen.width * screen.height * 3);
    screen.copyPixels(pixels);
    return pixels;
  };
  const band = (number: number): Uint8Array => {
    const bytes = BAND_LINES * AEGIS.TILE_WIDTH * 3;
    return picture().subarray(number * bytes, (number + 1) * bytes);
  };
  /** Dots of the letter at a place of a band's text, as rows of # and blanks. */
  const letter = (pixels: Uint8Array, place: number): string[] =>
    Array.from({ length: 7 }, (_, row) =>
      Array.from({ length: 5 }, (_, column) => {
        const x = CORNER.x + (place * 6 + column) * DOT + 1;
        const at = ((CORNER.y + row * DOT + 1) * AEGIS.TILE_WIDTH + x) * 3;
        return pixels[at] === 0 && pixels[at + 1] === 0 && pixels[at + 2] === 0 ? '#' : ' ';
      }).join(''),
    );
  const E = ['#####', '#    ', '#    ', '#### ', '#    ', '#    ', '#####'];
  const I = [' ### ', '  #  ', '  #  ', '  #  ', '  #  ', '  #  ', ' ### '];

  test('a few frames, and an end', () => {
    expect(session.run('exos', 'paint', '54', '2')).toEqual({
      output: 'tiles 0 to 53, lines 0 to 215 of the screen\n',
      end: { kind: 'exit', status: 0 },
    });
    expect(letter(band(0), 0)).toEqual(E);
    expect(band(1).every((value) => value === 0)).toBe(true);
  });

  test('two on two library OSes have a band each, and both move', () => {
    const first = session.start(2, 'exos', 'paint');
    const second = session.start(3, 'exos-ipt', 'paint');
    const isDrawn = (number: number, place: number, shape: readonly string[]): boolean =>
      letter(band(number), place).join() === shape.join();
    session.until(() => isDrawn(0, 0, E) && isDrawn(1, 5, I));
    expect(session.output(2)).toBe('tiles 0 to 53, lines 0 to 215 of the screen\n');
    expect(session.output(3)).toBe('tiles 54 to 107, lines 216 to 431 of the screen\n');
    // Each has colours of its own, eight for its bars.
    const view = viewOf(session.workstation.machine.ram);
    const owners = (): number[] =>
      Array.from({ length: AEGIS.COLOUR_COUNT }, (_, entry) => readColour(view, entry).owner);
    const shadesOf = (number: number): Set<string> => {
      const line = band(number).subarray(0, AEGIS.TILE_WIDTH * 3);
      return new Set(Array.from({ length: AEGIS.TILE_WIDTH }, (_, x) => line.slice(3 * x, 3 * x + 3).join()));
    };
    const levels = Array.from({ length: 8 }, (_, index) => 31 + 32 * index);
    expect(owners().filter((owner) => owner === first.environmentId).length).toBe(8);
    expect(shadesOf(0)).toEqual(new Set(levels.map((level) => `0,${level >> 1},${level}`)));
    expect(shadesOf(1)).toEqual(new Set(levels.map((level) => `${level},${level >> 1},0`)));
    for (const number of [0, 1]) {
      const before = band(number);
      session.until(() => Buffer.compare(before, band(number)) !== 0);
    }
    expect(band(2).every((value) => value === 0)).toBe(true);
    expect(session.run('exos', 'paint', '109')).toEqual({
      output: 'paint: no 109 tiles of the screen in a row are free\n',
      end: { kind: 'exit', status: 1 },
    });

    // The first one's place is free when it is gone; the second never notices.
    session.kill(first);
    session.until(() => first.end !== undefined);
    expect(new Set(owners())).toEqual(new Set([0, second.environmentId]));
    expect(session.run('exos-ipt', 'paint', '54', '1').output).toMatch(/^tiles 0 to 53,/);
    const before = band(1);
    session.until(() => Buffer.compare(before, band(1)) !== 0);
    expect(isDrawn(0, 5, I)).toBe(true);
    session.kill(second);
  });
});
