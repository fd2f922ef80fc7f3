/** The desktop as a person uses it, in a real terminal, at three sizes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { TmuxTerminal } from '../support/tmux.js';
import { hasTools } from '../support/tools.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe.skipIf(!hasTools('tmux'))('the desktop in a terminal', () => {
  let terminal: TmuxTerminal | undefined;
  let folder = '';
  afterEach(() => {
    terminal?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(columns: number, rows: number): TmuxTerminal {
    folder = mkdtempSync(join(tmpdir(), 'exostation-desktop-'));
    const run = `cd ${ROOT} && echo before && ${process.execPath} bin/exostation.js; echo "status $?"`;
    const command = `${run}; stty -a | tr ' ' '\\n' | grep -x -e '-*icanon' -e '-*echo'`;
    terminal = new TmuxTerminal(columns, rows, command, { XDG_DATA_HOME: folder });
    return terminal;
  }

  async function startShell(columns: number, rows: number): Promise<TmuxTerminal> {
    const desktop = start(columns, rows);
    // The first start shows the orientation; any way out of it leads to the shell.
    await desktop.waitFor(/Ctrl-a/);
    desktop.press('Escape');
    await desktop.waitFor(/exos\$/);
    return desktop;
  }

  async function launch(
    desktop: TmuxTerminal,
    program: string,
    libraryOs: string,
    words: string = '',
  ): Promise<void> {
    desktop.press('C-a', 'c');
    await desktop.waitFor(/Which program\?/);
    desktop.type(program);
    desktop.press('Enter');
    await desktop.waitFor(/On which library OS\?/);
    desktop.type(libraryOs);
    desktop.press('Enter');
    await desktop.waitFor(/Arguments for/);
    desktop.type(words);
    desktop.press('Enter');
  }

  it.each([
    [80, 24],
    [120, 40],
    [200, 60],
  ])('at %ix%i: shell, programs on both library OSes, zoom, resize, kill, quit', async (columns, rows) => {
    const desktop = await startShell(columns, rows);
    desktop.type('echo typed into exos');
    desktop.press('Enter');
    await desktop.waitFor(/^.?typed into exos/m);

    await launch(desktop, 'sh', 'exos-ipt');
    await desktop.waitFor(/exos-ipt\$/);
    desktop.type('echo and into exos-ipt');
    desktop.press('Enter');
    await desktop.waitFor(/and into exos-ipt\s*[^\n]*\n(?:[^\n]*\n)*[^\n]*and into exos-ipt/);

    desktop.press('C-a', 'z');
    await desktop.waitFor(/exos-ipt\$/);
    desktop.press('C-a', 'z');
    desktop.resize(columns + 20, rows + 5);
    await desktop.waitFor(/exos-ipt\$/);
    desktop.resize(columns, rows);
    await desktop.waitFor(/exos-ipt\$/);

    desktop.press('C-a', 'x');
    await desktop.waitFor(/exos\$/);
    await quit(desktop);
  });

  it('shows who owns what, and revokes pages from a program', async () => {
    const desktop = await startShell(120, 40);
    await launch(desktop, 'vmstress', 'exos');
    desktop.press('C-a', 'w');
    await desktop.waitFor(/vmstress/);
    await quit(desktop);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    'leaves the terminal as it was when %s ends it',
    async (signal) => {
      const desktop = await startShell(80, 24);
      process.kill(desktop.childPid(), signal);
      const screen = await desktop.waitFor(/status \d+[\s\S]*echo/);
      expect(screen).toMatch(/^before/);
      expect(screen).toMatch(/^icanon$/m);
      expect(screen).toMatch(/^echo$/m);
      expect(screen).not.toMatch(/exos\$/);
    },
  );

  async function quit(desktop: TmuxTerminal): Promise<void> {
    desktop.press('C-a', 'q');
    // With programs running it may ask; Enter agrees.
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (!/status \d+/.test(desktop.screen())) desktop.press('Enter');
    await desktop.waitFor(/status 0/);
  }
});
