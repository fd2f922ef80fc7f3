/** The screen view: asks for a picture of its size, draws it, and sends keys and mouse to the workstation. */

import { afterEach, describe, expect, it } from 'vitest';
import { strokesOf, strokesOfText } from '../../src/ui/screen-keys.js';
import type { KeyStroke, WorkstationCommand } from '../../src/workstation/index.js';
import { MountedDesktop, type MountOptions } from './mounted-desktop.js';

let mounted: MountedDesktop | undefined;

async function opened(options: MountOptions = {}): Promise<MountedDesktop> {
  mounted = await MountedDesktop.booted(options);
  await mounted.type('^ag');
  return mounted;
}

afterEach(() => {
  mounted?.dispose();
  mounted = undefined;
});

function commands<Kind extends WorkstationCommand['kind']>(
  desktop: MountedDesktop,
  kind: Kind,
): Extract<WorkstationCommand, { kind: Kind }>[] {
  return desktop.workstation.commands.filter(
    (command): command is Extract<WorkstationCommand, { kind: Kind }> => command.kind === kind,
  );
}

/** A report of a picture in which each pixel has the colour that `colour` says. */
function show(
  desktop: MountedDesktop,
  width: number,
  height: number,
  colour: (x: number, y: number) => number,
  leds = 0,
  bellCount = 0,
): Promise<void> {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = colour(x, y);
      pixels.set([value >>> 16, (value >>> 8) & 255, value & 255], (y * width + x) * 3);
    }
  }
  desktop.workstation.report({
    kind: 'screen',
    screen: { frameWidth: 1024, frameHeight: 864, picture: { width, height, pixels }, leds, bellCount },
  });
  return desktop.settle();
}

const typed = (strokes: readonly KeyStroke[]): string =>
  strokes.map(({ key, isDown }) => `${isDown ? '+' : '-'}${key}`).join(' ');

describe('screen view', () => {
  it('fills the middle, and asks for as many pixels as it has half cells', async () => {
    const desktop = await opened({ columns: 120, rows: 40 });
    expect(desktop.line(1)).toContain('Screen');
    expect(commands(desktop, 'screen')).toEqual([{ kind: 'screen', isWanted: true, width: 120, height: 74 }]);
    await desktop.resize(100, 30);
    expect(commands(desktop, 'screen').at(-1)).toMatchObject({ width: 100, height: 54 });
    await desktop.type('^ag');
    expect(commands(desktop, 'screen').at(-1)).toMatchObject({ isWanted: false });
    expect(desktop.text()).toContain('1 sh on exos');
  });

  it('draws two pixels a cell, in the middle of the window', async () => {
    const desktop = await opened({ depth: 'truecolor' });
    await show(desktop, 40, 20, (x, y) => (x === 0 && y === 0 ? 0x123456 : x === 1 ? 0xffffff : 0x000000));
    expect(desktop.line(1)).toContain('Screen 1024x864');
    // 21 lines of window, 10 of picture: five lines above, and 20 columns to the left.
    const cells = desktop.desktop.shown();
    const at = (5 + 2) * 80 + 20;
    expect(cells?.codes[at]).toBe(0x2580);
    expect([cells?.foregrounds[at], cells?.backgrounds[at]]).toEqual([0x0212_3456, 0x0200_0000]);
    expect([cells?.codes[at + 1], cells?.backgrounds[at + 1]]).toEqual([0x20, 0x02ff_ffff]);
    expect(cells?.backgrounds[at - 1]).toBe(0);
    expect(desktop.written.join('')).toContain('38;2;18;52;86');
  });

  it('says so when nothing has been drawn, and where its keys go', async () => {
    const desktop = await opened();
    await show(desktop, 80, 44, () => 0);
    expect(desktop.text()).toContain('Nothing has been drawn on this screen.');
    expect(desktop.line(-1)).toContain('keys and mouse go to the workstation; Ctrl-a o leaves');
    await show(desktop, 80, 44, (x) => (x === 3 ? 0xffffff : 0));
    expect(desktop.text()).not.toContain('Nothing has been drawn');
    await desktop.type('^a0');
    expect(desktop.line(-1)).not.toContain('keys and mouse');
  });

  it('draws in 256 colours where there are no more', async () => {
    const desktop = await opened({ depth: '256' });
    await show(desktop, 10, 10, () => 0xff0000);
    expect(desktop.written.join('')).toContain('48;5;196');
    expect(desktop.written.join('')).not.toContain('48;2;');
  });

  it('says what to do where there are no colours', async () => {
    const desktop = await opened({ depth: 'none' });
    expect(desktop.text()).toContain('NO_COLOR');
    expect(desktop.text().replaceAll('\n', ' ')).toContain('--screenshot FILE.png');
    expect(commands(desktop, 'screen')).toEqual([]);
    await desktop.type('k');
    expect(commands(desktop, 'keys').length).toBe(1);
  });

  it('sends what is typed to the keyboard, until another window has the focus', async () => {
    const desktop = await opened();
    await desktop.type('aB\x1b[A');
    await desktop.type('\x1b[200~x\ny\x1b[201~');
    await desktop.type('^a^a');
    const strokes = commands(desktop, 'keys').map((command) => typed(command.strokes));
    expect(strokes).toEqual([
      '+a -a',
      '+shift +b -b -shift',
      '+up -up',
      '+x -x +return -return +y -y',
      '+control +a -a -control',
    ]);
    await desktop.type('^aoz');
    expect(commands(desktop, 'keys').length).toBe(5);
  });

  it('turns places of the mouse into movement, and sends its buttons', async () => {
    const desktop = await opened();
    await show(desktop, 40, 20, () => 0);
    const mouse = (code: number, column: number, row: number, final = 'M'): Promise<void> =>
      desktop.type(`\x1b[<${code};${column + 1};${row + 1}${final}`);
    await mouse(35, 20, 7);
    await mouse(35, 30, 12);
    await mouse(0, 30, 12);
    await mouse(32, 79, 12);
    await mouse(0, 79, 12, 'm');
    expect(commands(desktop, 'mouse').map(({ change }) => change)).toEqual([
      // 25.6 pixels a column, 86.4 a line.
      { kind: 'move', right: 256, down: 432 },
      { kind: 'button', button: 0, isDown: true },
      { kind: 'move', right: 1023 - 268, down: 0 },
      { kind: 'button', button: 0, isDown: false },
    ]);
    expect(desktop.written.join('')).toContain('\x1b[?1003h');
    await desktop.type('^ao');
    expect(desktop.written.join('')).toContain('\x1b[?1003l');
  });

  it('shows the lamps and rings the bell', async () => {
    const desktop = await opened();
    await show(desktop, 4, 4, () => 0, 5, 7);
    expect(desktop.line(1)).toContain('lit: wait, lock');
    expect(desktop.written.join('')).not.toContain('\x07');
    await show(desktop, 4, 4, () => 0, 0, 8);
    expect(desktop.line(1)).not.toContain('lit');
    expect(desktop.written.join('').split('\x07').length).toBe(2);
  });
});

describe('keys', () => {
  it.each([
    ['!', '+shift +1 -1 -shift'],
    ['"', "+shift +' -' -shift"],
    ['>', '+shift +< -< -shift'],
    ['-', '+- --'],
    [' ', '+space -space'],
    ['enter', '+return -return'],
    ['escape', '+control +[ -[ -control'],
    ['backtab', '+shift +tab -tab -shift'],
    ['ctrl-space', '+control +space -space -control'],
    ['ctrl-meta-shift-up', '+control +alt +shift +up -up -shift -alt -control'],
    ['meta-X', '+alt +shift +x -x -shift -alt'],
    ['delete', '+remove -remove'],
    ['f12', '+f12 -f12'],
    ['é', ''],
    ['constructor', ''],
  ])('%s is %s', (name, expected) => {
    expect(typed(strokesOf({ name }))).toBe(expected);
  });

  it('of a text are struck one after the other', () => {
    expect(typed(strokesOfText('a\r\n\té'))).toBe('+a -a +return -return +tab -tab');
  });
});
