/**
 * The screen view as a user has it: the desktop in a real terminal, an unmodified Linux on the machine, its console drawn
 * in half blocks, a key typed there that Linux reads. The kernel is that of tests/guests/linux; without it the test is
 * skipped.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { TmuxTerminal } from '../support/tmux.js';
import { hasTools } from '../support/tools.js';

const PROGRAM = fileURLToPath(new URL('../../bin/exostation.js', import.meta.url));
const CACHED = fileURLToPath(new URL('../guests/linux/cached.sh', import.meta.url));
const found = spawnSync('sh', [CACHED, 'path'], { encoding: 'utf8' });
const SECONDS = 240;

let terminal: TmuxTerminal | undefined;
afterEach(() => terminal?.dispose());

function opened(columns: number, rows: number, environment: Readonly<Record<string, string>>): TmuxTerminal {
  const kernel = found.stdout.trim();
  const command = `'${process.execPath}' '${PROGRAM}' run --speed max --kernel '${kernel}' --append 'console=ttyS3 rdinit=/screen'`;
  terminal = new TmuxTerminal(columns, rows, command, environment);
  return terminal;
}

describe.skipIf(found.status !== 0 || !hasTools('tmux'))('screen view', () => {
  it.each([
    [80, 24],
    [120, 40],
    [200, 60],
  ])('at %ix%i shows the frame buffer, and Linux reads its keys', async (columns, rows) => {
    const desktop = opened(columns, rows, { COLORTERM: 'truecolor' });
    await desktop.waitFor(/SCREEN: ready/, SECONDS);
    desktop.press('C-a', 'g');
    const picture = await desktop.waitFor(/Screen 1024x864[\s\S]*▀▀▀/, SECONDS);
    // As wide as the screen's proportions allow, in the middle: the text begins 80 of 1024 pixels from the left.
    const width = Math.min(columns, Math.floor(((rows - 3) * 2 * 1024) / 864));
    const line = picture.split('\n').find((one) => one.includes('▀▀▀')) ?? '';
    const left = Math.floor((columns - width) / 2) + (width * 80) / 1024;
    expect(Math.abs(line.indexOf('▀') - left)).toBeLessThanOrEqual(1);
    desktop.type('h');
    desktop.press('C-a', 'g');
    await desktop.waitFor(/KEY 68/, SECONDS);
  });

  it('says why it shows nothing when NO_COLOR is set', async () => {
    const desktop = opened(80, 24, { NO_COLOR: '1' });
    await desktop.waitFor(/exostation/, SECONDS);
    desktop.press('C-a', 'g');
    await desktop.waitFor(/NO_COLOR is set/, SECONDS);
  });
});
