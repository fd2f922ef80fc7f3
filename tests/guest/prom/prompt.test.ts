/** The firmware's prompt: commands, line editing, environment variables and where they are kept. */

import { beforeAll, describe, expect, it } from 'vitest';
import { PromMachine } from './prom-machine.js';

describe('the prompt of a machine with an empty disk', () => {
  const prom = new PromMachine({ memoryMiB: 16, disks: [new Uint8Array(64 * 512)] });
  beforeAll(() => prom.runUntil('\n>>'));

  it('is reached in under 12 million cycles, every part of the self test named', () => {
    expect(prom.machine.cycle).toBeLessThan(12e6);
    expect(prom.output).toContain('KN02-BA V1.0 exostation\r\n');
    expect(prom.output).toContain(' CPU TLB D 64K I 64K RAM 16M RTC SCC IOASIC SCSI ESAR ok\r\n');
    expect(prom.output).toContain('?IO: 3/rz0 (no boot block)\r\n');
    expect(prom.machine.statistics().instructions.program).toBe(0);
  });

  it('lists commands and refuses unknown ones', () => {
    const help = prom.command('help');
    for (const name of ['boot', 'cnfg', 'init', 'ls', 'printenv', 'setenv', 'unsetenv'])
      expect(help).toContain(` ${name} `);
    expect(help).toContain(' halt - stop; only a reset goes on\r\n');
    expect(help).toContain(' cnfg [SLOT] - what the machine is made of\r\n');
    expect(prom.command('dance')).toContain('?dance: no such command; try help');
  });

  it('knows what is plugged in', () => {
    const configuration = prom.command('cnfg');
    expect(configuration).toMatch(/ 0: EXMUX-AA EXOSTATN V1\.0 /);
    expect(configuration).toMatch(/ 3: KN02-BA .*16 MB, enet 08-00-2b-/);
    expect(configuration).toMatch(/rz0 {2}disk/);
    expect(configuration).not.toContain('rz1');
    expect(prom.command('cnfg 0')).toMatch(/^cnfg 0\r\n 0: EXMUX-AA [^\n]*\r\n>>$/);
    expect(prom.command('cnfg 2')).toContain(' 2: empty\r\n');
    for (const slot of ['9', 'x', '-1'])
      expect(prom.command(`cnfg ${slot}`)).toContain(`${slot}: slots are 0 to 3\r\n`);
    expect(prom.command('ls')).toContain('3/rz0\r\n');
  });

  it('rubs out with backspace and with Ctrl-U', () => {
    expect(prom.command('printxx\b\benv booo\bt')).toContain('boot=3/rz0');
    expect(prom.command('nonsense\x15printenv boot')).toContain('boot=3/rz0');
  });

  it('sets, shows and removes variables', () => {
    prom.command('setenv colour "dark red"');
    expect(prom.command('printenv')).toContain('colour=dark red\r\n');
    prom.command('unsetenv colour');
    expect(prom.command('printenv colour')).toContain('colour: not set');
    expect(prom.command('setenv a')).toContain('usage:');
  });

  it('refuses a value that a variable of its own cannot have', () => {
    expect(prom.command('setenv haltaction x')).toContain(
      'haltaction: give h (halt), b (boot) or r (restart)\r\n',
    );
    expect(prom.command('setenv testaction hh')).toContain('testaction: give q (quick) or t (thorough)\r\n');
    expect(prom.command('setenv boot 9/zz')).toContain('boot: give 3/rz0 to 3/rz6\r\n');
    expect(prom.command('printenv')).toMatch(/boot=3\/rz0\r\n[\s\S]*haltaction=h\r\n/);
  });

  it('says why it cannot boot', () => {
    expect(prom.command('boot 3/rz5')).toContain('?IO: 3/rz5 (no disk)');
    expect(prom.command('boot 7/floppy')).toContain('?IO: 7/floppy (no such device');
  });

  it('starts over with init', () => {
    prom.output = '';
    prom.machine.console.send(new TextEncoder().encode('init\r'));
    prom.runUntil('(no boot block)\r\n>>');
    expect(prom.output).toContain('KN02-BA V1.0 exostation');
  });
});

describe('the environment', () => {
  it('keeps boot and haltaction in the clock chip, clear of the seed', () => {
    const first = new PromMachine();
    first.runUntil('\n>>');
    first.command('setenv boot 3/rz4');
    first.command('setenv haltaction b');
    first.command('setenv console x');
    const nvram = first.machine.nvram;
    expect([...nvram.subarray(0x20 - 14, 0x30 - 14)]).toEqual(new Array(16).fill(0));

    const second = new PromMachine({ nvram });
    second.runUntil('\n>>');
    expect(second.output).toContain('?IO: 3/rz4 (no disk)');
    const shown = second.command('printenv');
    expect(shown).toContain('haltaction=b\r\n');
    expect(shown).toContain('console=s\r\n');
  });

  it('goes to the prompt at once when boot is not set', () => {
    const first = new PromMachine();
    first.runUntil('\n>>');
    first.command('unsetenv boot');
    const second = new PromMachine({ nvram: first.machine.nvram });
    second.runUntil('\n>>');
    expect(second.output).toMatch(/ESAR ok\r\n>>$/);
  });
});
