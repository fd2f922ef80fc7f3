import { afterEach, describe, expect, it } from 'vitest';
import { environment } from './fake-workstation.js';
import { MountedDesktop, type MountOptions } from './mounted-desktop.js';

let mounted: MountedDesktop | undefined;

async function boot(options: MountOptions = {}): Promise<MountedDesktop> {
  mounted = await MountedDesktop.booted(options);
  return mounted;
}

afterEach(() => {
  mounted?.dispose();
  mounted = undefined;
});

describe('desktop', () => {
  it('shows the serial console while the machine boots, then the first shell', async () => {
    mounted = await MountedDesktop.mounted();
    mounted.workstation.status('firmware');
    mounted.workstation.print(16, 'KN02-BA V1.0\n>>');
    await mounted.settle();
    expect(mounted.text()).toContain('serial console');
    expect(mounted.text()).toContain('>>');
    mounted.workstation.status('ready');
    await mounted.settle();
    expect(mounted.line(1)).toContain('#1 sh on exos');
    expect(mounted.line(2)).toBe('$');
    expect(mounted.text()).not.toContain('serial console');
    await mounted.type('^a0');
    expect(mounted.text()).toContain('>>');
  });

  it('says how to leave at all times', async () => {
    const desktop = await boot({ isFirstStart: true });
    const wayOut = /Ctrl-a q quits/;
    expect(desktop.line(-1)).toMatch(wayOut);
    await desktop.type('x^a');
    expect(desktop.line(-1)).toMatch(wayOut);
    await desktop.type('?');
    expect(desktop.line(-1)).toMatch(wayOut);
    await desktop.resize(50, 12);
    expect(desktop.line(-1)).toMatch(wayOut);
    await desktop.type('^aq');
    expect(desktop.hasQuit).toBe(true);
  });

  it('sends keys and pastes to the focused pane as they were typed, Ctrl-a only when doubled', async () => {
    const desktop = await boot();
    await desktop.type('é\x1b[A^c^a^a');
    await desktop.type('\x1b[200~two\nlines\x1b[201~');
    const sent = desktop.workstation.commands.flatMap((command) =>
      command.kind === 'input' ? [Buffer.from(command.bytes).toString()] : [],
    );
    expect(sent.join('|')).toBe('é|\x1b[A|\x03|\x01|two\rlines');
  });

  it('passes the first character typed over the welcome text on; Enter only takes the text away', async () => {
    const sent = (desktop: MountedDesktop): string =>
      desktop.workstation.commands
        .flatMap((command) => (command.kind === 'input' ? [Buffer.from(command.bytes).toString()] : []))
        .join('');
    const typing = await boot({ isFirstStart: true });
    expect(typing.text()).toContain('Welcome');
    await typing.type('ls');
    expect(sent(typing)).toBe('ls');
    expect(typing.text()).not.toContain('Welcome');
    typing.dispose();
    const reading = await boot({ isFirstStart: true });
    await reading.type('\rls');
    expect(sent(reading)).toBe('ls');
  });

  it('starts a program by the launcher: program, library OS, arguments', async () => {
    const desktop = await boot({ columns: 120, rows: 40 });
    await desktop.type('^ac');
    expect(desktop.text()).toContain('Which program?');
    await desktop.type('matm\r');
    expect(desktop.text()).toContain('On which library OS?');
    await desktop.type('\x1b[B\r');
    await desktop.type('3 "a b"\r');
    expect(desktop.workstation.commands.at(-1)).toMatchObject({
      kind: 'start',
      line: 2,
      program: 'matmul',
      arguments: ['3', 'a b'],
      libraryOs: 'exos-ipt',
    });
    expect(desktop.text()).toContain('#2 matmul 3 a b on exos-ipt');
  });

  it('tells why a program did not start, and keeps no pane of it', async () => {
    const desktop = await boot();
    desktop.workstation.refusal = 'no such file: /bin/nothing';
    await desktop.type('^achell\r\r\r');
    expect(desktop.line(-1)).toContain('no such file: /bin/nothing');
    expect(desktop.text()).not.toContain('#2 hello');
  });

  it('zooms, closes (destroying what runs there), and goes round the windows', async () => {
    const desktop = await boot();
    await desktop.type('^az');
    expect(desktop.text()).not.toContain('Who owns what');
    await desktop.type('^az^ao');
    expect(desktop.desktop.state.focus).toEqual({ kind: 'view', view: 'ownership' });
    await desktop.type('\x1b');
    expect(desktop.desktop.state.focus).toEqual({ kind: 'pane', id: 1 });
    await desktop.type('^achell\r\r\r');
    expect(desktop.text()).toContain('#2 hello on exos');
    await desktop.type('^ax');
    expect(desktop.text()).not.toContain('#2 hello');
    expect(desktop.workstation.commands.at(-1)).toMatchObject({ kind: 'kill', environmentId: 0x102 });
  });

  it.each([
    [80, 24],
    [120, 40],
  ])('had panes at %ix%i that got the keys without being shown', async (columns, rows) => {
    const desktop = await boot({ columns, rows });
    for (let pane = 2; pane <= 14; pane++) {
      await desktop.type('^achell\r\r\r');
      expect(desktop.text()).toContain(`#${pane} hello`);
    }
    const hidden = Number(/\+(\d+) panes hidden/.exec(desktop.line(0))?.[1]);
    expect(desktop.text().match(/#\d+ (hello|sh)/g)).toHaveLength(14 - hidden);
    for (let step = 0; step < 15; step++) {
      await desktop.type('^ao');
      const { focus } = desktop.desktop.state;
      if (focus.kind === 'pane') expect(desktop.text()).toMatch(new RegExp(`#${focus.id} (hello|sh)`));
    }
    await desktop.type('^a3');
    expect(desktop.text()).toContain('#3 hello');
    await desktop.type('typed');
    expect(desktop.text()).toContain('typed');
  });

  it('keeps the table of who owns what as more views are opened, and counts those without a place', async () => {
    const desktop = await boot({ columns: 120, rows: 40 });
    for (const key of ['n', 'b', 'i']) await desktop.type(`^a${key}`);
    expect(desktop.text()).toContain('Who owns what');
    expect(desktop.text()).toContain('Inspector');
    const hidden = Number(/\+(\d+) views hidden/.exec(desktop.line(0))?.[1]);
    expect(desktop.text().match(/Ctrl-a [wmtenbi] /g)).toHaveLength(6 - hidden);
  });

  it('explains the numbers of an environment on Enter', async () => {
    const desktop = await boot({ columns: 100, rows: 40 });
    await desktop.type('^aw');
    await desktop.type('\x1b[B\r');
    expect(desktop.text()).toMatch(/┌─ sh ─/);
    expect(desktop.text()).toContain("entries in Aegis's software TLB");
    expect(desktop.text()).toMatch(/each page has one owner or is on +│[^│]*│ the free list, and/);
    await desktop.type('\x1b');
    expect(desktop.text()).not.toMatch(/┌─ sh ─/);
  });

  it('revokes pages: which environment, how many; refuses what is no number', async () => {
    const desktop = await boot();
    await desktop.type('^av');
    expect(desktop.text()).toContain('From which environment?');
    await desktop.type('\r');
    await desktop.type('^ufew\r');
    expect(desktop.text()).toContain('A number of pages, please');
    await desktop.type('^u28\r');
    expect(desktop.text()).toContain('sh owns 27 pages.');
    await desktop.type('^u8\r');
    expect(desktop.workstation.commands.at(-1)).toMatchObject({
      kind: 'revoke',
      environmentId: 0x101,
      pageCount: 8,
    });
    expect(desktop.line(-1)).toContain('sh is asked for 8 pages; Ctrl-a e shows what it does.');
  });

  it('offers every environment but init to revoke from and to destroy', async () => {
    const desktop = await boot();
    for (const key of ['v', 'd']) {
      await desktop.type(`^a${key}`);
      expect(desktop.text()).toMatch(/^.*> 1 sh on exos/m);
      expect(desktop.text()).not.toContain('0 init  ');
      expect(desktop.text()).not.toMatch(/│ .*0 init.* │/);
      await desktop.type('\x1b');
    }
    desktop.workstation.environments = [environment(0, 'init', 'static', 5)];
    desktop.workstation.sample();
    await desktop.type('^av');
    expect(desktop.line(-1)).toContain('no program yet');
  });

  it('cut what it had to say at the way out', async () => {
    const desktop = await boot();
    const why =
      'a reason that is longer than the eighty columns that this terminal has, and is told all the same';
    desktop.workstation.refusal = why;
    await desktop.type('^achell\r\r\r');
    const lines = desktop.text().split('\n');
    expect(lines.slice(-3, -1).join(' ').replace(/ +/g, ' ')).toBe(` hello did not start on exos: ${why}`);
    expect(desktop.line(-1)).toMatch(/^ Ctrl-a then: .* Ctrl-a q quits/);
    await desktop.type('^ap^ap');
    expect(desktop.text()).not.toContain('a reason');
    await desktop.type('^a[');
    expect(desktop.line(-1)).toContain('Esc to the program');
    await desktop.type('\x1b');
    for (const key of 'wenbi') {
      await desktop.type(`^a${key}`);
      expect(desktop.line(-1)).toMatch(/Esc to the pane.* Ctrl-a q quits/);
    }
  });

  it('promised programs for ever where another kernel runs, or none', async () => {
    mounted = await MountedDesktop.mounted();
    mounted.workstation.kernelName = 'vmlinux';
    mounted.workstation.status('firmware');
    await mounted.type('^ac');
    expect(mounted.line(0)).toContain('runs vmlinux');
    expect(mounted.line(-1)).toContain('This machine runs vmlinux, not Aegis.');
    expect(mounted.text().match(/This machine runs vmlinux, not Aegis\./g)).toHaveLength(2);
    mounted.workstation.isPaused = true;
    mounted.workstation.status('halted');
    await mounted.type('^ac');
    expect(mounted.line(0)).toContain('HALTED');
    expect(mounted.line(0)).not.toContain('PAUSED');
    expect(mounted.line(-1)).toContain('The machine has halted.');
    mounted.workstation.kernelName = undefined;
    mounted.workstation.status('prompt');
    await mounted.type('^ac');
    expect(mounted.line(-1)).toContain('serial console (Ctrl-a 0) says why');
  });

  it('restarts on another library OS beside the old run and compares their cycles', async () => {
    const desktop = await boot({ columns: 120, rows: 40 });
    await desktop.type('^amat'); // Ctrl-a m is a view; the letters go to it and are ignored.
    await desktop.type('\x1b');
    await desktop.type('^acmatm\r');
    await desktop.type('\r');
    await desktop.type('\r');
    await desktop.type('^ar');
    expect(desktop.text()).toContain('It ran on exos. On which library OS now?');
    await desktop.type('\r');
    expect(desktop.text()).toMatch(/#3 matmul .*env 3 {2}41 pages/);
    expect(desktop.text()).toMatch(/^.*matmul +exos +exos-ipt/m);
    const report = { kind: 'ended', program: 'matmul', arguments: [], status: 0, reason: '' } as const;
    desktop.workstation.report({
      ...report,
      line: 2,
      libraryOs: 'exos',
      environmentId: 0x102,
      cycles: 91_000_000,
    });
    desktop.workstation.report({
      ...report,
      line: 3,
      libraryOs: 'exos-ipt',
      environmentId: 0x103,
      cycles: 100_100_000,
    });
    await desktop.settle();
    const text = desktop.text();
    expect(text).toMatch(/cycles +91,000,000 +100,100,000/);
    expect(text).toMatch(/ratio +1\.100 x/);
    expect(text).toContain('exit 0');
  });

  it('sees the end of a program that ends before the answer to its start', async () => {
    const desktop = await boot({ columns: 120, rows: 40 });
    desktop.workstation.delayReplies = true;
    await desktop.type('^achello\r\r\r');
    const report = { kind: 'ended', program: 'hello', arguments: [], status: 0, reason: '' } as const;
    desktop.workstation.report({
      ...report,
      line: 2,
      libraryOs: 'exos',
      environmentId: 0x102,
      cycles: 1_234_567,
    });
    desktop.workstation.releaseReplies();
    await desktop.settle();
    expect(desktop.text()).toContain('#2 hello on exos: exit 0, 1,234,567 cycles');
  });

  it.each([
    ['libos', 'ended: its library OS gave up'],
    ['excess-time', 'destroyed: too much excess time'],
  ])('says that a program was ended for %s as the events do', async (reason, text) => {
    const desktop = await boot();
    const report = { kind: 'ended', program: 'sh', arguments: [], status: undefined, reason } as const;
    const where = { line: 1, libraryOs: 'exos', environmentId: 0x101, cycles: 5 };
    desktop.workstation.report({ ...report, ...where });
    await desktop.settle();
    expect(desktop.line(1)).toContain(`#1 sh on exos: ${text}, 5 cycles`);
  });

  it('starts a shell where a program has ended, below its text', async () => {
    const desktop = await boot();
    desktop.workstation.print(1, 'what it said');
    const report = { kind: 'ended', program: 'sh', arguments: [], status: 0, reason: '' } as const;
    const where = { line: 1, libraryOs: 'exos', environmentId: 0x101, cycles: 5 };
    desktop.workstation.report({ ...report, ...where });
    await desktop.type('x');
    expect(desktop.line(1)).toContain('#1 sh on exos: exit 0, 5 cycles');
    expect(desktop.line(-1)).toContain('Enter a shell here');
    await desktop.type('\r');
    expect(desktop.workstation.commands.at(-1)).toMatchObject({ kind: 'start', line: 1, program: 'sh' });
    expect(desktop.line(1)).not.toContain('exit');
    expect(desktop.line(2)).toBe('$ what it said');
    expect(desktop.line(3)).toBe('$');
    await desktop.type('typed');
    expect(desktop.text()).toContain('typed');
  });

  it('explains an event on Enter and names the section of the paper', async () => {
    const desktop = await boot();
    desktop.workstation.happen({ text: 'first' });
    desktop.workstation.happen({ kind: 'repossessed', text: 'hog: 8 pages repossessed' });
    await desktop.type('^ae');
    await desktop.type('\x1b[A\x1b[B\r');
    expect(desktop.text()).toContain('About repossessed');
    expect(desktop.text()).toContain('hog: 8 pages repossessed');
    expect(desktop.text()).toContain('SOSP 1995, section 3.3');
  });

  it('finds every command in the palette and in help', async () => {
    const desktop = await boot({ columns: 140, rows: 60 });
    await desktop.type('^a:invert');
    expect(desktop.text()).toContain('nothing matches');
    await desktop.type('\x1b');
    await desktop.type('^a:memory map\r');
    expect(desktop.desktop.state.focus).toEqual({ kind: 'view', view: 'memory-map' });
    await desktop.type('^a?');
    for (const title of ['Start a program on a library OS', 'Step one instruction', 'Quit']) {
      expect(desktop.text()).toContain(title);
    }
  });

  it("names the arrow keys in the palette, not 'Ctrl-a ?', which is another command", async () => {
    const desktop = await boot({ columns: 140, rows: 60 });
    await desktop.type('^a:window to the left');
    expect(desktop.text()).toContain('Ctrl-a ←');
    expect(desktop.text()).not.toMatch(/Window to the left .*Ctrl-a \?/);
  });

  it('pauses, steps and shows the inspector with marked delay slots', async () => {
    const desktop = await boot({ columns: 120, rows: 40 });
    await desktop.type('^ai');
    expect(desktop.workstation.commands).toContainEqual(
      expect.objectContaining({ kind: 'inspect', isWanted: true }),
    );
    await desktop.type('ps');
    expect(desktop.workstation.commands.slice(-2)).toEqual([{ kind: 'pause' }, { kind: 'step' }]);
    expect(desktop.text()).toContain('PAUSED');
    expect(desktop.text()).toContain('main+0x4');
    expect(desktop.text()).toContain('code of program, running for 1 sh on exos');
    expect(desktop.text()).toMatch(/0040_010c ↳ addiu/);
    await desktop.type('\t\t');
    expect(desktop.text()).toContain('virtual   asid physical');
  });

  it('focuses on a click and scrolls on the wheel', async () => {
    const desktop = await boot();
    desktop.workstation.print(1, Array.from({ length: 60 }, (_, index) => `line ${index}\n`).join(''));
    await desktop.settle();
    await desktop.type('\x1b[<64;5;5M');
    expect(desktop.line(1)).toContain('scrollback: 3 of');
    await desktop.type('\x1b[<65;5;5M');
    expect(desktop.line(1)).toContain('#1 sh on exos');
    await desktop.type('\x1b[<0;5;20M');
    expect(desktop.desktop.state.focus).toEqual({ kind: 'view', view: 'ownership' });
    await desktop.type('\x1b[<0;5;5M');
    expect(desktop.desktop.state.focus).toEqual({ kind: 'pane', id: 1 });
    await desktop.type('^a[\x1b[5~');
    expect(desktop.line(1)).toContain('scrollback: 11 of');
    await desktop.type('\x1b');
    await desktop.settle();
    expect(desktop.line(1)).toContain('#1 sh on exos');
  });

  it('fits any size, from 200x60 down to one window below 60x16', async () => {
    const desktop = await boot({ columns: 200, rows: 60 });
    for (const title of ['Memory map', 'Time slices', 'Counters', 'Who owns what', 'Events']) {
      expect(desktop.text()).toContain(title);
    }
    for (const [columns, rows] of [
      [120, 40],
      [80, 24],
      [61, 17],
      [50, 12],
      [20, 5],
      [8, 3],
      [80, 24],
    ] as const) {
      await desktop.resize(columns, rows);
      const lines = desktop.text().split('\n');
      expect(lines).toHaveLength(rows);
      if (columns >= 60 && rows >= 16) expect(desktop.text()).toContain('Who owns what');
      else expect(desktop.text()).not.toContain('Who owns what');
    }
    expect(desktop.text()).toContain('#1 sh on exos');
  });

  it('writes no colour with NO_COLOR, and still shows the focus', async () => {
    const desktop = await boot({ depth: 'none' });
    const written = desktop.written.join('');
    const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*;?(3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]`);
    expect(written).not.toMatch(colour);
    expect(written).toContain('\x1b[0;1;7m');
  });

  it('writes nothing while nothing changes', async () => {
    const desktop = await boot();
    desktop.workstation.sample();
    await new Promise((resolve) => setTimeout(resolve, 600));
    const before = desktop.written.length;
    desktop.workstation.status('ready');
    desktop.workstation.sample();
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(desktop.written.length).toBe(before);
  });

  it('keeps guest control characters out of its own chrome', async () => {
    const desktop = await boot();
    desktop.workstation.environments = [
      environment(0, 'init', '', 5),
      environment(1, 'a\x1b[31m漢', 'exos', 5),
    ];
    desktop.workstation.sample();
    await desktop.settle();
    expect(desktop.text()).toContain('a?[31m?');
  });

  it('says what went wrong when the workstation stops', async () => {
    const desktop = await boot();
    desktop.workstation.report({ kind: 'failed', text: 'The disk cannot be read.', details: '' });
    await desktop.settle();
    expect(desktop.text()).toContain('The disk cannot be read.');
    expect(desktop.line(0)).toContain('STOPPED');
  });
});
