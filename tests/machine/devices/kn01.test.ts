/** The KN01 board: its address map, system registers, shared byte lanes, network memory, interrupt wires. */

import { describe, expect, it } from 'vitest';
import { KN01_ADDRESS } from '../../../src/machine/boards/index.js';
import {
  CSR0,
  KN01_CSR,
  SII_COMMAND,
  SII_CSR,
  SII_PORT_ENABLE,
  SII_REGISTER,
  SII_TRANSFER,
} from '../../../src/machine/devices/index.js';
import { createMachine } from '../../../src/machine/index.js';
import { KN01_TIMING } from '../../../src/machine/time/kn01-timing.js';
import { HERTZ, Kn01Bench } from './kn01-fixture.js';
import { memoryDisk } from './sii-driver.js';

const IP2 = 1 << 2;
const IP3 = 1 << 3;
const IP5 = 1 << 5;
const IP6 = 1 << 6;

describe('memory that nothing answers', () => {
  it('times out a read without a trace but the bus error', () => {
    const bench = new Kn01Bench();
    for (const address of [0x0180_0000, 0x1300_0000, 0x1fc4_0000]) {
      expect(bench.read(address, 1)).toBe(0);
      expect(bench.board.bus.hasTimedOut).toBe(true);
      expect(bench.board.bus.lastCycles).toBe(KN01_TIMING.timeout);
    }
    expect(bench.read(KN01_ADDRESS.csr) & KN01_CSR.memoryError).toBe(0);
    expect(bench.interrupts).toBe(0);
  });

  it('keeps the address of the first failed write, and interrupts until acknowledged', () => {
    const bench = new Kn01Bench();
    bench.write(0x1300_0abc, 1, 4);
    bench.write(0x0180_0000, 2, 4);
    expect(bench.interrupts).toBe(IP6);
    expect(bench.read(KN01_ADDRESS.csr) & KN01_CSR.memoryError).not.toBe(0);
    expect(bench.read(KN01_ADDRESS.errorAddress, 4)).toBe(0x1300_0abc);
    bench.write(KN01_ADDRESS.csr, 0);
    expect(bench.interrupts).toBe(IP6);
    bench.write(KN01_ADDRESS.csr, KN01_CSR.memoryError);
    expect(bench.interrupts).toBe(0);
    expect(bench.read(KN01_ADDRESS.csr) & KN01_CSR.memoryError).toBe(0);
    bench.write(0x0180_0000, 2, 4);
    expect(bench.read(KN01_ADDRESS.errorAddress, 4)).toBe(0x0180_0000);
  });
});

describe('CSR', () => {
  it('keeps what software may set; the lights are for looking at only', () => {
    const bench = new Kn01Bench();
    bench.write(KN01_ADDRESS.csr, 0xffff);
    expect(bench.read(KN01_ADDRESS.csr)).toBe(KN01_CSR.status | KN01_CSR.parityOff | KN01_CSR.transmitOff);
    expect(bench.board.control.lights).toBe(0);
    bench.write(KN01_ADDRESS.csr, 0xaa, 1);
    expect(bench.board.control.lights).toBe(0x55);
    expect(bench.read(KN01_ADDRESS.csr) & KN01_CSR.parityOff).not.toBe(0);
    bench.write(KN01_ADDRESS.csr + 1, 0, 1);
    expect(bench.read(KN01_ADDRESS.csr)).toBe(0);
  });

  it('latches the vertical interrupt, beside the other cause of IP6', () => {
    const bench = new Kn01Bench();
    bench.board.control.raiseVideo();
    bench.write(0x1300_0000, 0, 4);
    expect(bench.read(KN01_ADDRESS.csr) & 0x0600).toBe(0x0600);
    bench.write(KN01_ADDRESS.csr, KN01_CSR.memoryError);
    expect(bench.interrupts).toBe(IP6);
    bench.write(KN01_ADDRESS.csr, KN01_CSR.videoInterrupt);
    expect(bench.interrupts).toBe(0);
  });
});

describe('clock chip and station address', () => {
  it('share words, each on its own byte lane', () => {
    const bench = new Kn01Bench({ stationAddress: [8, 0, 0x2b, 0xaa, 0xbb, 0xcc] });
    const address = [0, 1, 2, 3, 4, 5].map((index) => bench.read(KN01_ADDRESS.clock + 4 * index + 1, 1));
    expect(address).toEqual([8, 0, 0x2b, 0xaa, 0xbb, 0xcc]);
    bench.write(KN01_ADDRESS.clock + 4 * 0x3e, 0x5a, 1);
    expect(bench.read(KN01_ADDRESS.clock + 4 * 0x3e, 1)).toBe(0x5a);
    // Index 30 of the address ROM is 0x55; the lanes of a word show both chips.
    bench.write(KN01_ADDRESS.clock + 4 * 30, 0x33, 4);
    expect(bench.read(KN01_ADDRESS.clock + 4 * 30, 4)).toBe(0x5533);
  });

  it('does not lose a clock interrupt to a look at the address ROM', () => {
    const bench = new Kn01Bench();
    bench.write(KN01_ADDRESS.clock + 4 * 10, 0x29, 1);
    bench.write(KN01_ADDRESS.clock + 4 * 11, 0x46, 1);
    bench.pass(HERTZ / 64);
    expect(bench.interrupts).toBe(IP5);
    bench.read(KN01_ADDRESS.clock + 4 * 12 + 1, 1);
    expect(bench.interrupts).toBe(IP5);
    expect(bench.read(KN01_ADDRESS.clock + 4 * 12, 1) & 0xc0).toBe(0xc0);
    expect(bench.interrupts).toBe(0);
  });
});

describe('network', () => {
  /** A halfword of network memory by the chip's own address. */
  const put = (bench: Kn01Bench, address: number, value: number): void =>
    bench.write(KN01_ADDRESS.lanceBuffer + 2 * address, value);
  const get = (bench: Kn01Bench, address: number): number =>
    bench.read(KN01_ADDRESS.lanceBuffer + 2 * address);

  it('memory has 16 bits in each word, 64 KB in all', () => {
    const bench = new Kn01Bench();
    put(bench, 0, 0x1234);
    put(bench, 0xfffe, 0x5678);
    expect(bench.read(KN01_ADDRESS.lanceBuffer, 4)).toBe(0x1234);
    expect(bench.read(KN01_ADDRESS.lanceBuffer + 1, 1)).toBe(0x12);
    expect(bench.read(KN01_ADDRESS.lanceBuffer + 2, 2)).toBe(0);
    bench.write(KN01_ADDRESS.lanceBuffer + 1, 0xab, 1);
    bench.write(KN01_ADDRESS.lanceBuffer + 2, 0xffff, 2);
    expect(get(bench, 0)).toBe(0xab34);
    expect(get(bench, 0xfffe)).toBe(0x5678);
  });

  it('sends and receives through that memory, and interrupts at IP3', () => {
    const bench = new Kn01Bench();
    const csr = (number: number, value: number): void => {
      bench.write(KN01_ADDRESS.lance + 4, number);
      bench.write(KN01_ADDRESS.lance, value);
    };
    const address = [8, 0, 0x2b, 1, 2, 3];
    const initBlock = [0, 0x0008, 0x012b, 0x0302, 0, 0, 0, 0, 0x100, 0, 0x200, 0];
    initBlock.forEach((word, index) => {
      put(bench, 2 * index, word);
    });
    // One descriptor each way: buffer at 0x1000 and 0x2000.
    [0x1000, 0x8000, 0x1000 - 1600, 0].forEach((word, index) => {
      put(bench, 0x100 + 2 * index, word);
    });
    const frame = Uint8Array.from({ length: 64 }, (_, index) => index * 3);
    for (let at = 0; at < frame.length; at += 2) {
      put(bench, 0x2000 + at, (frame[at] as number) | ((frame[at + 1] as number) << 8));
    }
    [0x2000, 0x8300, 0x1000 - frame.length, 0].forEach((word, index) => {
      put(bench, 0x200 + 2 * index, word);
    });
    const sent: Uint8Array[] = [];
    bench.board.network.onFrame = (bytes) => sent.push(bytes.slice());
    csr(1, 0);
    csr(2, 0);
    csr(0, CSR0.init | CSR0.enable);
    bench.pass(HERTZ / 1000);
    expect(bench.interrupts).toBe(IP3);
    csr(0, CSR0.initialised | CSR0.start | CSR0.enable);
    bench.pass(HERTZ / 1000);
    expect(sent).toEqual([frame]);
    expect(bench.read(KN01_ADDRESS.lance) & CSR0.transmitted).not.toBe(0);
    csr(0, CSR0.transmitted | CSR0.enable);
    expect(bench.interrupts).toBe(0);

    const incoming = Uint8Array.from({ length: 60 }, (_, index) =>
      index < 6 ? (address[index] as number) : index,
    );
    bench.board.network.send(incoming);
    bench.pass(HERTZ / 1000);
    expect(bench.interrupts).toBe(IP3);
    expect(get(bench, 0x106)).toBe(64);
    const got = Array.from({ length: 30 }, (_, index) => get(bench, 0x1000 + 2 * index)).flatMap((word) => [
      word & 0xff,
      word >>> 8,
    ]);
    expect(got).toEqual([...incoming]);
  });
});

describe('the SII on its board', () => {
  const { scsi, scsiBuffer } = KN01_ADDRESS;

  it('reads a sector into its memory, which the CPU sees 16 bits to a word; IP2 all the while it wants attention', () => {
    const bench = new Kn01Bench({ disks: [memoryDisk(16)] });
    const wait = (bit: number): void => {
      for (let spin = 0; (bench.read(scsi + SII_REGISTER.transfer) & bit) === 0; spin++) {
        expect(spin).toBeLessThan(100_000);
        bench.pass(100);
      }
    };
    const transfer = (phase: number, count: number): void => {
      bench.write(scsi + SII_REGISTER.transfer, SII_TRANSFER.done);
      bench.write(scsi + SII_REGISTER.count, count);
      bench.write(
        scsi + SII_REGISTER.command,
        SII_COMMAND.dma | SII_COMMAND.transfer | SII_COMMAND.connected | phase,
      );
      wait(SII_TRANSFER.done);
    };
    bench.write(scsi + SII_REGISTER.diagnosis, SII_PORT_ENABLE);
    bench.write(scsi + SII_REGISTER.csr, SII_CSR.interruptEnable);
    bench.write(scsi + SII_REGISTER.command, SII_COMMAND.select | 2);
    bench.pass(1000);
    expect(bench.interrupts).toBe(IP2);
    // INQUIRY, because it is answered before the power-on condition is reported.
    [0x0012, 0, 0x0024].forEach((halfword, index) => {
      bench.write(scsiBuffer + 4 * index, halfword);
    });
    transfer(2, 6);
    wait(SII_TRANSFER.phaseMismatch);
    transfer(1, 36);
    const text = Array.from({ length: 4 }, (_, index) => bench.read(scsiBuffer + 16 + 4 * index));
    expect(text.map((word) => String.fromCharCode(word & 0xff, word >>> 8)).join('')).toBe('EXOSTATN');
    expect(bench.read(scsiBuffer + 0x3_fffc, 4)).toBe(0);
    bench.write(scsi + SII_REGISTER.command, SII_COMMAND.resetChip);
    expect(bench.interrupts).toBe(0);
  });

  it('takes at most seven disks', () => {
    expect(() => new Kn01Bench({ disks: Array.from({ length: 8 }, () => memoryDisk(1)) })).toThrow(
      /at most 7/,
    );
  });
});

describe('the machine around the board', () => {
  const rom = Uint8Array.from([0x08, 0, 0, 0]);
  const build = (memoryMiB: number): void => {
    createMachine({
      model: '2100',
      memoryMiB,
      rom,
      disks: [],
      seed: new Uint8Array(16),
      epochSeconds: 0,
    });
  };

  it('takes 4 to 24 MiB in steps of 4', () => {
    for (const memoryMiB of [4, 8, 24]) expect(() => build(memoryMiB)).not.toThrow();
    for (const memoryMiB of [0, 2, 6, 28, 4.5]) expect(() => build(memoryMiB)).toThrow(/2100 takes 4 to 24/);
  });

  it('shows the ROM at both of its addresses', () => {
    const bench = new Kn01Bench();
    expect(bench.read(KN01_ADDRESS.rom + 4, 4)).toBe(0x0807_0605);
    expect(bench.read(KN01_ADDRESS.romAlias + 4, 4)).toBe(0x0807_0605);
  });
});
