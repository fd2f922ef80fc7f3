/** `exostation debug` as its user and its debugger see it: one line for every error, the end by halt and by kill. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { parseGdbAddress } from '../../src/cli/gdb-server.js';
import { encodePacket, PacketReader } from '../../src/debug/packet.js';
import { exostation, ROOT } from './exostation.js';

const EXC = join(ROOT, 'tests/workloads/bare/exc.elf');

/** The command under a debugger that is no more than a socket. */
class Debugged {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  stdout = '';
  stderr = '';
  readonly #ended: Promise<unknown>;
  readonly #packets: string[] = [];
  #onPacket: () => void = () => {};

  constructor(...words: string[]) {
    const args = [join(ROOT, 'bin/exostation.js'), 'debug', '--gdb', '0', ...words];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
    this.child.stdout.on('data', (text) => {
      this.stdout += text;
    });
    this.child.stderr.on('data', (text) => {
      this.stderr += text;
    });
    this.#ended = once(this.child, 'close');
  }

  async attach(): Promise<Socket> {
    for (;;) {
      const port = /target remote :(\d+)/.exec(this.stderr)?.[1];
      if (port !== undefined) {
        const socket = connect(Number(port), '127.0.0.1');
        await once(socket, 'connect');
        const reader = new PacketReader();
        socket.on('data', (bytes) => {
          for (const event of reader.feed(bytes)) {
            if (event.kind === 'packet') this.#packets.push(event.payload);
          }
          this.#onPacket();
        });
        return socket;
      }
      await once(this.child.stderr, 'data');
    }
  }

  /** The next packet from the machine. */
  async packet(): Promise<string> {
    while (this.#packets.length === 0) {
      await new Promise<void>((resolve) => {
        this.#onPacket = resolve;
      });
    }
    return this.#packets.shift() ?? '';
  }

  async status(): Promise<number | null> {
    await this.#ended;
    return this.child.exitCode;
  }
}

describe('exostation debug', () => {
  it('says in one line what is wrong', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const cases: [string[], RegExp][] = [
      [['debug'], /give --gdb \[HOST:\]PORT/],
      [['debug', '--gdb', 'here'], /--gdb here: give \[HOST:\]PORT/],
      [['debug', '--gdb', `${port}`], new RegExp(`--gdb 127.0.0.1:${port}: the port is in use`)],
      [['debug', '--gdb', '0', '--record', 'r'], /--record: a debugger may change/],
      [['debug', '--gdb', '0', '--kernel', '/nowhere'], /kernel \/nowhere/],
    ];
    for (const [words, message] of cases) {
      const { status, stdout, stderr } = await exostation(words);
      expect(stderr).toMatch(message);
      expect([status, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
    }
    taken.close();
  });

  it('ends with the machine, whose debugger is told', async () => {
    const run = new Debugged('--kernel', EXC);
    const socket = await run.attach();
    expect(run.stderr).toMatch(
      /^exostation: held at the reset vector; .*gdb-multiarch \S*exc\.elf -ex 'target remote :\d+'\n$/,
    );
    socket.write(encodePacket('?'));
    expect(await run.packet()).toBe('T05thread:1;');
    expect(run.stdout).toBe('');
    socket.write(encodePacket('vCont;c'));
    expect(await run.packet()).toBe('W00');
    expect(await run.status()).toBe(0);
    expect(run.stdout).toContain('BENCH exc checksum=73a4c901 DONE');
  });

  it('ends when the debugger kills it; another debugger waits outside, and is let in afterwards', async () => {
    const run = new Debugged('--kernel', EXC);
    const first = await run.attach();
    const second = await run.attach();
    await once(second, 'close');
    first.write(encodePacket('s'));
    expect(await run.packet()).toBe('T05thread:1;');
    first.destroy();
    while (!run.stderr.includes('stands still')) await once(run.child.stderr, 'data');
    const third = await run.attach();
    third.write(encodePacket('p25'));
    expect(await run.packet()).toBe('0400c0bf');
    third.write(encodePacket('k'));
    expect(await run.status()).toBe(0);
    expect(run.stdout).toBe('');
  });
});

describe('an address', () => {
  it('is a port, on loopback unless a host stands before it', () => {
    expect(parseGdbAddress('1234')).toEqual({ host: '127.0.0.1', port: 1234 });
    expect(parseGdbAddress(':1234')).toEqual({ host: '127.0.0.1', port: 1234 });
    expect(parseGdbAddress('0.0.0.0:1')).toEqual({ host: '0.0.0.0', port: 1 });
    expect(parseGdbAddress('[::1]:65535')).toEqual({ host: '::1', port: 65_535 });
    for (const text of ['', '65536', '-1', '1234x', 'a:b', '::1:5', '[::1]', '123456']) {
      expect(() => parseGdbAddress(text)).toThrow(/give \[HOST:\]PORT/);
    }
  });
});
