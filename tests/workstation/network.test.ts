/** The network's other end: what `--net` understands, frames over real sockets on loopback, hostile peers. */

import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { encodeFrame, FrameParser, MAX_STREAM_FRAME_BYTES } from '../../src/workstation/frame-stream.js';
import {
  type NetworkChoice,
  type NetworkConnection,
  openNetwork,
  parseNetworkChoice,
} from '../../src/workstation/network.js';
import { TestRandom } from '../support/random.js';

describe('--net', () => {
  test.each<[string, NetworkChoice]>([
    ['listen:5000', { kind: 'listen', address: '127.0.0.1', port: 5000 }],
    ['listen:0.0.0.0:5000', { kind: 'listen', address: '0.0.0.0', port: 5000 }],
    ['listen:[::1]:5000', { kind: 'listen', address: '::1', port: 5000 }],
    ['connect:localhost:80', { kind: 'connect', host: 'localhost', port: 80 }],
    ['mcast:230.0.0.1:1234', { kind: 'mcast', group: '230.0.0.1', port: 1234, localAddress: '127.0.0.1' }],
    [
      'mcast:230.0.0.1:1234,localaddr=0.0.0.0',
      { kind: 'mcast', group: '230.0.0.1', port: 1234, localAddress: '0.0.0.0' },
    ],
  ])('%s', (text, choice) => {
    expect(parseNetworkChoice(text)).toEqual(choice);
  });

  test.each([
    ['', /give listen:/],
    ['tap0', /give listen:/],
    ['connect:80', /give listen:/],
    ['listen:', /give listen:/],
    ['listen:1:2:3', /give listen:/],
    ['listen:80,localaddr=1.2.3.4', /give listen:/],
    ['listen:70000', /a port is 1 to 65535/],
    ['connect:host:0', /a port is 1 to 65535/],
    ['mcast:10.0.0.1:1234', /a multicast address is/],
    ['mcast:230.0.0.999:1234', /a multicast address is/],
  ])('%s is refused', (text, reason) => {
    expect(() => parseNetworkChoice(text)).toThrow(reason);
    expect(() => parseNetworkChoice(text)).toThrow(/^[^\n]*$/);
  });
});

describe('the stream', () => {
  test('frames of any size, cut anywhere, come out whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 2000 }), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 40 }),
        (frames, cuts) => {
          const stream = Buffer.concat(frames.map(encodeFrame));
          const received: Uint8Array[] = [];
          const parser = new FrameParser((frame) => received.push(frame));
          for (let at = 0, turn = 0; at < stream.length; turn++) {
            const count = cuts[turn % cuts.length] as number;
            expect(parser.push(stream.subarray(at, at + count))).toBeUndefined();
            at += count;
          }
          expect(received).toEqual(frames);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('arbitrary bytes end in an error or in frames, never in anything else', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 }), (pieces) => {
        const parser = new FrameParser((frame) =>
          expect(frame.length).toBeLessThanOrEqual(MAX_STREAM_FRAME_BYTES),
        );
        for (const piece of pieces) if (parser.push(piece) !== undefined) return;
      }),
    );
  });

  test('the length is most significant byte first; nonsense is refused', () => {
    expect([...encodeFrame(new Uint8Array(0x102)).subarray(0, 4)]).toEqual([0, 0, 1, 2]);
    const silent = (): FrameParser => new FrameParser(() => {});
    expect(silent().push(Uint8Array.of(0, 0, 0, 0))).toMatch('0 bytes');
    expect(silent().push(Uint8Array.of(0x47, 0x45, 0x54, 0x20))).toMatch('bytes');
    expect(silent().push(Uint8Array.of(0, 1, 0x10, 0))).toBeUndefined();
  });
});

describe('sockets', () => {
  const open: NetworkConnection[] = [];
  afterEach(() => {
    for (const network of open.splice(0)) network.dispose();
  });

  interface End {
    readonly network: NetworkConnection;
    readonly frames: Uint8Array[];
    readonly notices: string[];
  }

  async function end(choice: NetworkChoice): Promise<End> {
    const frames: Uint8Array[] = [];
    const notices: string[] = [];
    const network = await openNetwork(choice, {
      receive: (frame) => frames.push(Uint8Array.from(frame)),
      notice: (text) => notices.push(text),
    });
    open.push(network);
    return { network, frames, notices };
  }

  async function until(condition: () => boolean): Promise<void> {
    for (let turn = 0; !condition(); turn++) {
      if (turn > 500) throw new Error('nothing came within five seconds');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  const listen = { kind: 'listen', address: '127.0.0.1', port: 0 } as const;
  const frame = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index & 0xff);

  test('two ends of a TCP connection exchange frames', async () => {
    const server = await end(listen);
    const client = await end({ kind: 'connect', host: '127.0.0.1', port: server.network.port });
    for (let length = 60; length < 70; length++) client.network.send(frame(length));
    await until(() => server.frames.length === 10);
    server.network.send(frame(1514));
    await until(() => client.frames.length === 1);
    expect(server.frames).toEqual(Array.from({ length: 10 }, (_, index) => frame(60 + index)));
    expect(client.frames).toEqual([frame(1514)]);
    client.network.dispose();
    await until(() => server.notices.length > 0);
    expect(server.notices).toEqual([expect.stringMatching(/^network: 127\.0\.0\.1:\d+ has gone$/)]);
    expect(client.notices).toEqual([]);
  });

  test('a second peer is refused, one that sends nonsense dropped; the next is welcome', async () => {
    const server = await end(listen);
    const first = connect(server.network.port, '127.0.0.1');
    await once(first, 'connect');
    const second = connect(server.network.port, '127.0.0.1');
    await once(second, 'close');
    first.write('GET / HTTP/1.1\r\n\r\n');
    await once(first, 'close');
    expect(server.frames).toEqual([]);
    expect(server.notices[0]).toMatch(/refused, the wire has its peer$/);
    expect(server.notices[1]).toMatch(/dropped, it sent a frame of 1195725856 bytes$/);
    expect(server.notices.length).toBe(2);
    const third = await end({ kind: 'connect', host: '127.0.0.1', port: server.network.port });
    third.network.send(frame(60));
    await until(() => server.frames.length === 1);
  });

  test('whatever peers send and however they leave, the next one is welcome', async () => {
    const server = await end(listen);
    const random = new TestRandom(5);
    for (let turn = 0; turn < 25; turn++) {
      const before = server.notices.length;
      const peer = connect(server.network.port, '127.0.0.1');
      peer.on('error', () => {});
      await once(peer, 'connect');
      const bytes = Uint8Array.from({ length: random.below(5000) }, () => random.word() & 0xff);
      // Often a length that could be one, so that more of it is read.
      if (turn & 1) bytes.set([0, 0, random.below(3), random.below(256)].slice(0, bytes.length));
      peer.write(bytes);
      server.network.send(frame(1514));
      if (turn % 3 === 0) peer.resetAndDestroy();
      else peer.end();
      await until(() => server.notices.length > before);
    }
    expect(server.notices.every((text) => /^network: [^\n]* (has gone|dropped)[^\n]*$/.test(text))).toBe(
      true,
    );
    expect(server.frames.every(({ length }) => length > 0 && length <= MAX_STREAM_FRAME_BYTES)).toBe(true);
    const frames = server.frames.length;
    const last = await end({ kind: 'connect', host: '127.0.0.1', port: server.network.port });
    last.network.send(frame(60));
    await until(() => server.frames.length > frames);
    expect(server.frames.at(-1)).toEqual(frame(60));
  });

  test('what cannot be opened is one line', async () => {
    const server = await end(listen);
    const { port } = server.network;
    await expect(end({ ...listen, port })).rejects.toThrow(
      `--net listen:127.0.0.1:${port}: the port is in use`,
    );
    server.network.dispose();
    const choice = { kind: 'connect', host: '127.0.0.1', port } as const;
    await expect(end(choice)).rejects.toThrow(`--net connect:127.0.0.1:${port}: nobody listens there`);
  });

  test('members of a multicast group hear each other, not themselves', async () => {
    const port = 20_000 + (process.pid % 20_000);
    const choice = { kind: 'mcast', group: '230.7.99.0', port, localAddress: '127.0.0.1' } as const;
    const [one, two] = [await end(choice), await end(choice)];
    one.network.send(frame(60));
    two.network.send(frame(61));
    await until(() => one.frames.length > 0 && two.frames.length > 0);
    expect([one.frames, two.frames]).toEqual([[frame(61)], [frame(60)]]);
  });
});
