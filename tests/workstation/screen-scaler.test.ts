import { expect, it } from 'vitest';
import type { Screen } from '../../src/machine/index.js';
import { ScreenScaler } from '../../src/workstation/screen-scaler.js';

function screenOf(width: number, height: number, red: (x: number, y: number) => number): Screen {
  return {
    width,
    height,
    generation: 0,
    copyPixels(into) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) into.set([red(x, y), 10, 255], (y * width + x) * 3);
      }
    },
  };
}

it('each pixel is the mean of those it stands for', () => {
  const scaler = new ScreenScaler();
  const { width, height, pixels } = scaler.scale(
    screenOf(4, 4, (x, y) => (x < 2 && y < 2 ? ([0, 100, 200, 101][x + 2 * y] ?? 0) : 8)),
    2,
    2,
  );
  expect([width, height]).toEqual([2, 2]);
  expect([...pixels]).toEqual([100, 10, 255, 8, 10, 255, 8, 10, 255, 8, 10, 255]);
});

it('keeps proportions, and never enlarges', () => {
  const scaler = new ScreenScaler();
  const screen = screenOf(1024, 864, () => 77);
  const size = (width: number, height: number): number[] => {
    const picture = scaler.scale(screen, width, height);
    expect(new Set(picture.pixels)).toEqual(new Set([77, 10, 255]));
    return [picture.width, picture.height];
  };
  expect(size(120, 74)).toEqual([87, 74]);
  expect(size(80, 500)).toEqual([80, 67]);
  expect(size(1, 1)).toEqual([1, 1]);
  expect(size(3000, 3000)).toEqual([1024, 864]);
});
