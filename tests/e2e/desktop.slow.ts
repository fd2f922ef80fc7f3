/** The desktop as a person uses it, in a real terminal, at three sizes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { exostation } from '../support/command-line.js';
import { TmuxTerminal } from '../support/tmux.js';
import { hasTools } from '../support/tools.js';

/** User and system time of a process and its threads so far (Linux: in ticks of 10 ms). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe.skipIf(!hasTools('tmux'))('the desktop in a terminal', () => {
  let terminal: TmuxTerminal | undefined;
  let folder = '';
  afterEach(() => {
    terminal?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(columns: number, rows: number, words: string = '', home?: string): TmuxTerminal {
    folder = mkdtempSync(join(tmpdir(), 'exostation-desktop-'));
    const run = `cd ${ROOT} && echo before && ${process.execPath} bin/exostation.js ${words}; echo "status $?"`;
    const command = `${run}; stty -a | tr ' ' '\\n' | grep -x -e '-*icanon' -e '-*echo'`;
    terminal = new TmuxTerminal(columns, rows, command, { XDG_DATA_HOME: home ?? folder });
    return terminal;
  }

  async function startShell(columns: number, rows: number, words: string = ''): Promise<TmuxTerminal> {
    const desktop = start(columns, rows, words);
    // The first start shows the orientation; any way out of it leads to the shell. What is typed before it has left would
    // make a key of its own with the Escape.
    await desktop.waitFor(/Welcome to exostation/);
    desktop.press('Escape');
    await desktop.waitFor(/^(?![\s\S]*Welcome to exostation)[\s\S]*exos\$/);
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

  it('shows who owns what; pages are revoked from one that does not answer, and repossessed', async () => {
    const desktop = await startShell(120, 40);
    await launch(desktop, 'hog', 'exos', 'pages');
    await desktop.waitFor(/and I keep them/, 60);
    desktop.press('C-a', 'v');
    if (!/How many/.test(await desktop.waitFor(/Which environment|From which|How many/)))
      desktop.press('Enter');
    // The question comes with a number that makes sense.
    await desktop.waitFor(/How many shall it give back/);
    desktop.press('Enter');
    await desktop.waitFor(/repossessed/, 60);
    await quit(desktop);
  });

  it('is recorded, programs, a kill and all, and replayed without a terminal to the same state', async () => {
    const desktop = await startShell(120, 40, '--record $XDG_DATA_HOME/session --speed 2x');
    desktop.type('ls -l /bin');
    desktop.press('Enter');
    await desktop.waitFor(/vmstress/);
    await launch(desktop, 'sh', 'exos-ipt');
    await desktop.waitFor(/exos-ipt\$/);
    desktop.type('matmul');
    desktop.press('Enter');
    await desktop.waitFor(/verified/, 60);
    desktop.press('C-a', 'x');
    await quit(desktop);
    const { status, stderr, stdout } = await exostation(['replay', join(folder, 'session')], 120);
    expect(stderr).toMatch(/the same run, to cycle \d+: the same state at its end/);
    expect(status).toBe(0);
    expect(stdout).toContain('vmstress');
  });

  it('never came up where its folder could not be made', async () => {
    const desktop = start(80, 24, '', '/proc');
    await desktop.waitFor(/exos\$/);
    expect(await desktop.waitFor(/Nothing will be kept/)).toContain('/proc/exostation');
    await quit(desktop);
  });

  it('could not be left while the thread of its machine sat in a system call', async () => {
    const home = mkdtempSync(join(tmpdir(), 'exostation-desktop-home-'));
    mkdirSync(join(home, 'exostation'));
    // A pipe that nobody writes to in place of the lock: opening it never returns.
    execFileSync('mkfifo', [join(home, 'exostation', 'lock')]);
    const desktop = start(80, 24, '', home);
    await desktop.waitFor(/starting/);
    desktop.press('C-a', 'q');
    const screen = await desktop.waitFor(/status \d+[\s\S]*echo/, 5);
    rmSync(home, { recursive: true });
    expect(screen).toMatch(
      /^before[\s\S]*the thread of the machine does not answer: killed\n[\s\S]*status 137/,
    );
    expect(screen).toMatch(/^echo$/m);
  });

  it('idles on less than 15 % of a core', async () => {
    const desktop = start(120, 40);
    await desktop.waitFor(/exos\$/);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const cpuBefore = cpuSeconds(desktop.childPid());
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    expect(cpuSeconds(desktop.childPid()) - cpuBefore).toBeLessThan(1.5);
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
