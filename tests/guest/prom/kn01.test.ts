/** The firmware of the 3100 and 2100: its self test, its jump table, and the two ways in which it enters kernels. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addiu, jalr, jr, lbu, lui, lw, mfc0, nop, or, ori, sh, sw } from '../../conformance/encode.js';
import { PromMachine, type PromMachineOptions, romSymbol } from './prom-machine.js';

const [ZERO, V0, A0, A1, A2, A3, T0, T1, S0, S1] = [0, 2, 4, 5, 6, 7, 8, 9, 16, 17];
const RA = 31;
const TABLE = 0xbfc0_0000;
const KERNEL = 0x4_0000;
const STRINGS = KERNEL + 0x800;
const RESULTS = 0x5_0000;
const REX_MAGIC = 0x3046_4354;
const SELF_TEST = /CPU TLB D 64K I 64K RAM 8M CSR RTC DZ NET SCSI ESAR ok\r\n/;

const load = (register: number, value: number): number[] => [
  lui(register, value >>> 16),
  ori(register, register, value & 0xffff),
];
const keep = (register: number, index: number): number[] => [lui(T1, 0x8005), sw(register, 4 * index, T1)];
/** Calls entry `number` of the jump table. */
const call = (number: number, ...argumentSetup: readonly number[]): number[] => [
  ...load(T0, TABLE + 8 * number),
  ...argumentSetup,
  jalr(RA, T0),
  nop,
];
const string = (index: number): number => 0x8000_0000 + STRINGS + 64 * index;
const halt = call(54);

function boot(
  words: readonly number[],
  options: PromMachineOptions & { strings?: readonly string[]; argv?: readonly string[] } = {},
): PromMachine {
  const prom = new PromMachine({ model: '3100', ...options });
  prom.placeKernel(KERNEL, words, options.argv ?? ['boot', 'tftp()vmunix', 'console=ttyS3', 'x']);
  for (const [index, value] of (options.strings ?? []).entries()) {
    prom.machine.ram.set(new TextEncoder().encode(`${value}\0`), STRINGS + 64 * index);
  }
  prom.runUntil('\n>>');
  return prom;
}

function results(prom: PromMachine): number[] {
  const view = new DataView(prom.machine.ram.buffer, prom.machine.ram.byteOffset + RESULTS);
  return Array.from({ length: 16 }, (_, index) => view.getUint32(4 * index, true));
}

describe.each(['3100', '2100'] as const)('a %s with nothing to boot', (model) => {
  it('tests itself and shows the prompt within a second of its time', () => {
    const prom = new PromMachine({ model });
    prom.runUntil('\n>>');
    expect(prom.output).toContain('KN01 V1.0 exostation\r\n');
    expect(prom.output).toMatch(SELF_TEST);
    expect(prom.output).toContain('?IO: rz(0,0,0) (no disk)\r\n');
    expect(prom.machine.cycle).toBeLessThan(12e6);
    expect(prom.machine.statistics().instructions.program).toBe(0);
  });

  it('waits for at least as many milliseconds as it is told, and hardly longer', () => {
    const words = [
      or(S0, A3, ZERO),
      lw(T0, 0x74, S0), // msdelay(20)
      addiu(A0, ZERO, 20),
      jalr(RA, T0),
      nop,
      ...halt,
      REX_MAGIC,
    ];
    const prom = new PromMachine({ model });
    prom.placeKernel(KERNEL, words);
    const at: number[] = [];
    for (const pc of [KERNEL + 12, KERNEL + 20])
      prom.machine.trace(0x8000_0000 + pc, ({ cycle }) => at.push(cycle));
    prom.runUntil('\n>>');
    const milliseconds = (((at[1] as number) - (at[0] as number)) / prom.machine.hertz) * 1000;
    expect(milliseconds).toBeGreaterThan(20);
    expect(milliseconds).toBeLessThan(24);
  });
});

describe('disks on the SII', () => {
  const disks = [0x11, 0x22].map((seed) =>
    new Uint8Array(64 * 512).map((_, index) => (index * seed + (index >>> 8)) & 0xff),
  );

  it('are listed with their names', () => {
    const prom = new PromMachine({ model: '3100', disks });
    prom.runUntil('\n>>');
    expect(prom.output).toContain('?IO: rz(0,0,0) (no boot block)\r\n');
    const list = prom.command('cnfg');
    expect(list).toMatch(/rz0 +disk +EXOSTATN IMAGE DISK +1\.0 *\r\n +rz1 +disk +EXOSTATN/);
    expect(list).not.toContain('rz2');
  });

  it('are read through the jump table, by any bytes of them', () => {
    const words = [
      ...call(6, ...load(A0, string(0)), addiu(A1, ZERO, 0)),
      or(S0, V0, ZERO),
      ...keep(V0, 0),
      ...call(11, or(A0, S0, ZERO), addiu(A1, ZERO, 9001), addiu(A2, ZERO, 0)),
      ...keep(V0, 1),
      ...call(7, or(A0, S0, ZERO), ...load(A1, 0x8006_0000), ori(A2, ZERO, 10_001)),
      ...keep(V0, 2),
      ...halt,
    ];
    const prom = boot(words, { disks, strings: ['rz(0,1,0)'] });
    expect(results(prom).slice(0, 3)).toEqual([2, 9001, 10_001]);
    const read = prom.machine.ram.subarray(0x6_0000, 0x6_0000 + 10_001);
    expect(Buffer.compare(read, (disks[1] as Uint8Array).subarray(9001, 19_002))).toBe(0);
    expect(prom.machine.ram[0x6_0000 + 10_001]).toBe(0);
  });
});

describe('the prompt', () => {
  const prom = new PromMachine({ model: '3100', memoryMiB: 24 });
  prom.runUntil('\n>>');

  it('has the same commands as its sister', () => {
    const help = prom.command('help');
    for (const name of ['boot', 'cnfg', 'halt', 'init', 'ls', 'printenv', 'setenv', 'test', 'unsetenv'])
      expect(help).toContain(` ${name} `);
    expect(prom.command('cnfg')).toMatch(/ KN01 \(24 MB, enet 08-00-2b-12-31-01, SCSI id 7\)\r\n/);
    expect(prom.command('printexx\b\bnv bootpath')).toContain('bootpath=rz(0,0,0)\r\n');
  });

  it('names disks as KN01 firmware does', () => {
    expect(prom.command('boot rz(0,5,0)')).toContain('?IO: rz(0,5,0) (no disk)');
    expect(prom.command('boot -f rz(0,3,0)vmunix')).toContain('?IO: rz(0,3,0)vmunix (no disk)');
    for (const path of ['rz(0,7,0)', 'rz(0,12,0)', 'rz(1,0,0)', 'rz(0,0', '3/rz0', 'rz(0,,0)', 'rz(0,0,9)'])
      expect(prom.command(`boot ${path}`)).toContain(`?IO: ${path} (no such device; disks are rz(0,0,0) to`);
  });

  it('keeps bootpath and haltaction when power goes off', () => {
    prom.command('setenv bootpath rz(0,4,0)');
    prom.command('setenv haltaction b');
    const second = new PromMachine({ model: '3100', nvram: prom.machine.nvram });
    second.runUntil('\n>>');
    expect(second.output).toContain('?IO: rz(0,4,0) (no disk)');
    expect(second.command('printenv')).toContain('haltaction=b\r\n');
  });

  it.each([4, 8, 16, 24])('finds %d MB', (memoryMiB) => {
    const machine = new PromMachine({ model: '2100', memoryMiB });
    machine.runUntil('\n>>');
    expect(machine.output).toContain(` RAM ${memoryMiB}M `);
    expect(machine.command('printenv bitmaplen')).toContain(
      `bitmaplen=0x${(memoryMiB * 8).toString(16)}\r\n`,
    );
  });
});

describe('a kernel that knows the jump table', () => {
  it('gets path and arguments, no magic, its vectors in RAM; and halts through the table', () => {
    const prom = boot([
      ...keep(A0, 0),
      ...keep(A2, 1),
      mfc0(T0, 12),
      nop,
      ...keep(T0, 2),
      lw(T0, 0, A1), // argv[0]
      lw(V0, 4, A1), // argv[1]
      lbu(T0, 0, T0),
      lbu(V0, 0, V0),
      nop,
      ...keep(T0, 3),
      ...keep(V0, 4),
      lw(V0, 12, A1), // argv[3]
      nop,
      ...keep(V0, 5),
      ...halt,
    ]);
    expect(prom.output).toContain('-tftp boot tftp()vmunix\r\n');
    expect(prom.output).toMatch(/\nhalted\r\n$/);
    expect(prom.isHalted).toBe(true);
    const [argc, magic, status, first, second, end] = results(prom) as number[];
    expect([argc, magic]).toEqual([3, 0]);
    expect((status as number) & 0x0040_0001).toBe(0);
    expect(String.fromCharCode(first as number, second as number)).toBe('tc');
    expect(end).toBe(0);
  });

  it('prints, reads variables and numbers, and handles strings through it', () => {
    const prom = boot(
      [
        ...call(33, ...load(A0, string(0))), // getenv2("systype")
        or(A0, V0, ZERO),
        ...call(35, ...load(A1, 0x8000_0000 + RESULTS)), // atonum
        ...call(33, ...load(A0, string(1))), // getenv2("bitmap")
        or(A0, V0, ZERO),
        ...call(35, ...load(A1, 0x8000_0000 + RESULTS + 4)),
        ...call(33, ...load(A0, string(2))), // no such variable
        ...keep(V0, 2),
        ...call(37, ...load(A0, string(0))), // strlen
        ...keep(V0, 3),
        ...call(36, ...load(A0, string(0)), ...load(A1, string(1))), // strcmp
        ...keep(V0, 4),
        ...call(17, ...load(A0, string(3)), ...load(A1, string(0)), addiu(A2, ZERO, -5)), // printf
        ...call(13, addiu(A0, ZERO, 0x41)), // putchar
        ...call(14, addiu(A0, ZERO, 3)), // showchar
        ...call(16, ...load(A0, string(4))), // puts
        ...call(34, ...load(A0, string(2)), ...load(A1, string(4))), // setenv2
        ...call(47), // printenv
        ...call(99 - 2), // startcvax: nothing here
        ...keep(V0, 5),
        ...halt,
      ],
      { strings: ['systype', 'bitmap', 'colour', '[%s|%4d]\n', 'red\n'] },
    );
    const view = results(prom);
    expect(view[0]).toBe(0x8201_1001);
    const bitmap = view[1] as number;
    expect(bitmap >>> 29).toBe(4);
    const map = prom.machine.ram.subarray(bitmap & 0x1fff_ffff, (bitmap & 0x1fff_ffff) + 257);
    expect([...map.subarray(0, 256)].every((byte) => byte === 0xff)).toBe(true);
    expect(map[256]).toBe(0);
    expect(view[2]).toBe(0);
    expect(view[3]).toBe(7);
    expect((view[4] as number) | 0).toBeGreaterThan(0);
    expect(view[5]).toBe(0);
    expect(prom.output).toContain('[systype|  -5]\r\nA^Cred\r\n');
    expect(prom.output).toContain('colour=red\r\n');
  });

  it('leaves the serial chip as the kernel had set it, whatever it prints', () => {
    const DZ = 0xbc00_0000;
    const prom = boot(
      [
        ...load(S1, DZ),
        ori(T0, ZERO, 0x0507),
        sh(T0, 0x10, S1), // TCR: lines 0 to 2, not the console
        ori(T0, ZERO, 0x4020),
        sh(T0, 0, S1), // scan, transmit interrupt
        ...call(16, ...load(A0, string(0))),
        lw(V0, 0x10, S1),
        lw(T0, 0, S1),
        nop,
        ...keep(V0, 0),
        ...keep(T0, 1),
        ...halt,
      ],
      { strings: ['still here\n'] },
    );
    expect(prom.output).toContain('still here\r\n');
    expect((results(prom)[0] as number) & 0xffff).toBe(0x0507);
    expect((results(prom)[1] as number) & 0x4060).toBe(0x4020);
  });

  it('reads a character and a line', () => {
    const prom = new PromMachine({ model: '3100' });
    prom.placeKernel(KERNEL, [
      ...call(12),
      ...keep(V0, 0),
      ...call(15, ...load(A0, 0x8000_0000 + RESULTS + 16)),
      ...halt,
    ]);
    prom.runUntil('vmunix');
    prom.machine.console.send(new TextEncoder().encode('!hell\bl no\r'));
    prom.runUntil('\n>>');
    expect(results(prom)[0]).toBe('!'.charCodeAt(0));
    const line = prom.machine.ram.subarray(RESULTS + 16, RESULTS + 24);
    expect(new TextDecoder().decode(line)).toBe('hell no\0');
  });

  it('goes back by restart, reinit, halt, by a jump to the reset vector, and by an exception', () => {
    for (const back of [call(2), call(3), call(54), [...load(T0, TABLE), jr(T0), nop]]) {
      const prom = boot([...call(16, ...load(A0, string(0))), ...back], { strings: ['goodbye'] });
      expect(prom.output).toMatch(/goodbye\r\nhalted\r\n$/);
      expect(prom.isHalted).toBe(true);
    }
    const prom = boot([...load(T0, 0xb300_0000), lw(T0, 0, T0), nop]);
    expect(prom.output).toContain('?EXCEPTION bus error on load\r\n epc 80040008 ');
  });
});

describe('what follows the end of a kernel', () => {
  it('is another boot when haltaction is b, and after reboot and autoboot', () => {
    const first = new PromMachine({ model: '3100' });
    first.runUntil('\n>>');
    first.command('setenv haltaction b');
    const { nvram } = first.machine;
    for (const [words, options] of [
      [halt, { nvram }],
      [call(4), {}],
      [call(5), {}],
    ] as const) {
      const prom = boot(words, options);
      expect(prom.isHalted).toBe(false);
      expect(prom.output.match(/KN01 V1\.0/g)?.length).toBe(2);
      expect(prom.output).toMatch(/\(no disk\)\r\n>>$/);
    }
  });
});

describe('a broken word of RAM', () => {
  it('is named by the test command', () => {
    const prom = new PromMachine({ model: '2100', memoryMiB: 4 });
    prom.runUntil('\n>>');
    const from = romSymbol('memory_test', 'kn01');
    for (let pc = from; pc < from + 0x180; pc += 4) {
      prom.machine.trace(pc, () => {
        prom.machine.ram[0x1_2344] = (prom.machine.ram[0x1_2344] as number) | 0x10;
      });
    }
    expect(prom.command('test')).toMatch(/\?TEST RAM: at a0012344 /);
  });
});

describe('an image that asks for the REX protocol', () => {
  it('gets magic, vector and all words, and the vector names the system', () => {
    const prom = boot([
      or(S0, A3, ZERO),
      ...keep(A0, 0),
      ...keep(A2, 1),
      lw(T0, 0x80, S0), // getsysid
      nop,
      jalr(RA, T0),
      nop,
      ...keep(V0, 2),
      lw(T0, 0x84, S0), // getbitmap
      ...load(A0, 0x8006_0000),
      jalr(RA, T0),
      nop,
      ...keep(V0, 3),
      lw(T0, 0xa4, S0), // gettcinfo
      nop,
      jalr(RA, T0),
      nop,
      ...keep(V0, 4),
      lw(T0, 0x9c, S0), // halt
      nop,
      jalr(RA, T0),
      nop,
      REX_MAGIC,
    ]);
    expect(results(prom).slice(0, 5)).toEqual([4, REX_MAGIC, 0x8201_1001, 256, 0]);
    expect(prom.output).toMatch(/\nhalted\r\n$/);
  });

  it('must do so among its first 64 words', () => {
    const words = (at: number): number[] => {
      const all = [...keep(A2, 0), ...halt];
      return [...all, ...new Array<number>(at - all.length).fill(0), REX_MAGIC];
    };
    expect(results(boot(words(63)))[0]).toBe(REX_MAGIC);
    expect(results(boot(words(64)))[0]).toBe(0);
  });
});

describe('the jump table', () => {
  it('jumps into the ROM at every entry from reset to 97, and nowhere else', () => {
    const rom = readFileSync(new URL('../../../rom/kn01.bin', import.meta.url));
    for (let number = 0; number <= 97; number++) {
      const word = rom.readUInt32LE(8 * number);
      expect(word >>> 26, `entry ${number}`).toBe(2);
      const target = ((word & 0x03ff_ffff) << 2) - 0x0fc0_0000;
      expect(target).toBeGreaterThanOrEqual(98 * 8);
      expect(target).toBeLessThan(rom.length);
      expect(rom.readUInt32LE(8 * number + 4)).toBe(0);
    }
  });
});
