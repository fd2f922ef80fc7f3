/**
 * The other end of the machine's Ethernet: a TCP connection or a UDP multicast group that carries frames as QEMU's
 * `-netdev socket` does, so that machines and QEMU guests can share a wire. What it binds, it binds to loopback unless
 * told otherwise. A peer that sends nonsense is dropped with one line; the machine goes on without it.
 */

import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, isIPv4, type Server, type Socket } from 'node:net';
import { encodeFrame, FrameParser } from './frame-stream.js';
import { InputError } from './input-error.js';

const LOOPBACK = '127.0.0.1';
/** Bytes on their way to a peer that does not read; more frames are lost. */
const MAX_UNSENT_BYTES = 1 << 20;

export type NetworkChoice =
  | { readonly kind: 'listen'; readonly address: string; readonly port: number }
  | { readonly kind: 'connect'; readonly host: string; readonly port: number }
  | { readonly kind: 'mcast'; readonly group: string; readonly port: number; readonly localAddress: string };

export interface NetworkHooks {
  /** A frame for the guest. */
  receive(frame: Uint8Array): void;
  /** One line for the user. */
  notice(text: string): void;
}

export interface NetworkConnection {
  /** Port that is bound or connected to. */
  readonly port: number;
  send(frame: Uint8Array): void;
  dispose(): void;
}

/** The text after `--net`. Throws InputError. */
export function parseNetworkChoice(text: string): NetworkChoice {
  const forms = 'listen:[ADDR:]PORT, connect:HOST:PORT, mcast:ADDR:PORT[,localaddr=ADDR] or lan';
  const match = /^(listen|connect|mcast):(?:(\[[^\]]+\]|[^:,]+):)?(\d{1,5})(?:,localaddr=(.+))?$/.exec(text);
  const [, kind, bracketed, digits, localAddress] = match ?? [];
  const address = bracketed?.replace(/^\[|\]$/g, '');
  const port = Number(digits);
  const isComplete = kind === 'listen' || address !== undefined;
  if (match === null || !isComplete || (localAddress !== undefined && kind !== 'mcast')) {
    throw new InputError(`--net ${text}: give ${forms}`);
  }
  if (port < 1 || port > 65_535) throw new InputError(`--net ${text}: a port is 1 to 65535`);
  if (kind === 'listen') return { kind, address: address ?? LOOPBACK, port };
  if (kind === 'connect') return { kind, host: address as string, port };
  const group = address as string;
  if (!isIPv4(group) || !/^2(2[4-9]|3\d)\./.test(group)) {
    throw new InputError(`--net ${text}: a multicast address is 224.0.0.0 to 239.255.255.255`);
  }
  return { kind: 'mcast', group, port, localAddress: localAddress ?? LOOPBACK };
}

/** Throws InputError when the address cannot be bound or nobody answers. */
export async function openNetwork(choice: NetworkChoice, hooks: NetworkHooks): Promise<NetworkConnection> {
  try {
    if (choice.kind === 'mcast') return await openMulticast(choice, hooks);
    if (choice.kind === 'connect') return await openStream(choice.host, choice.port, hooks);
    return await openListener(choice.address, choice.port, hooks);
  } catch (error) {
    const where =
      choice.kind === 'mcast' ? choice.group : choice.kind === 'listen' ? choice.address : choice.host;
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === undefined ? String((error as Error).message) : (REASONS[code] ?? code);
    throw new InputError(`--net ${choice.kind}:${where}:${choice.port}: ${reason}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; give another',
  EADDRNOTAVAIL: 'this computer has no such address',
  EACCES: 'not allowed; give a port above 1023',
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'no such host',
  EINVAL: 'not an address that can be used here',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no way to that host',
  ENETUNREACH: 'no way to that host',
  ENODEV: 'no network interface has this address',
};

/** One peer at a time, the next when it has gone. */
class StreamNetwork implements NetworkConnection {
  port = 0;
  server: Server | undefined;
  readonly #hooks: NetworkHooks;
  #peer: Socket | undefined;

  constructor(hooks: NetworkHooks) {
    this.#hooks = hooks;
  }

  adopt(peer: Socket): void {
    const name = `${peer.remoteAddress}:${peer.remotePort}`;
    if (this.#peer !== undefined) {
      this.#hooks.notice(`network: ${name} refused, the wire has its peer`);
      peer.on('error', () => {});
      peer.destroy();
      return;
    }
    this.#peer = peer;
    const parser = new FrameParser((frame) => this.#hooks.receive(frame));
    let reason = 'has gone';
    peer.setNoDelay(true);
    peer.on('data', (bytes: Uint8Array) => {
      if (this.#peer !== peer) return;
      const wrong = parser.push(bytes);
      if (wrong === undefined) return;
      reason = `dropped, it sent ${wrong}`;
      this.#leave(peer, name, reason);
    });
    peer.on('error', (error: NodeJS.ErrnoException) => {
      reason = `has gone (${error.code ?? error.message})`;
    });
    peer.on('end', () => this.#leave(peer, name, reason));
    peer.on('close', () => this.#leave(peer, name, reason));
  }

  send(frame: Uint8Array): void {
    if (this.#peer === undefined || this.#peer.writableLength > MAX_UNSENT_BYTES) return;
    this.#peer.write(encodeFrame(frame));
  }

  dispose(): void {
    const peer = this.#peer;
    this.#peer = undefined;
    peer?.destroySoon();
    peer?.unref();
    this.server?.close();
  }

  #leave(peer: Socket, name: string, reason: string): void {
    if (this.#peer !== peer) return;
    this.#peer = undefined;
    peer.destroy();
    this.#hooks.notice(`network: ${name} ${reason}`);
  }
}

async function openStream(host: string, port: number, hooks: NetworkHooks): Promise<NetworkConnection> {
  const peer = connect({ host, port });
  try {
    await once(peer, 'connect');
  } catch (error) {
    peer.destroy();
    throw error;
  }
  const network = new StreamNetwork(hooks);
  network.port = port;
  network.adopt(peer);
  return network;
}

async function openListener(address: string, port: number, hooks: NetworkHooks): Promise<NetworkConnection> {
  const network = new StreamNetwork(hooks);
  const server = createServer((peer) => network.adopt(peer));
  server.listen(port, address);
  await once(server, 'listening');
  const bound = server.address();
  network.port = bound !== null && typeof bound === 'object' ? bound.port : port;
  network.server = server;
  return network;
}

/** Sends from a socket of its own, whose address tells our own frames when they come back. */
class MulticastNetwork implements NetworkConnection {
  readonly port: number;
  readonly #group: string;
  readonly #receiver: DatagramSocket;
  readonly #sender: DatagramSocket;
  #unsentCount = 0;
  #isClosing = false;

  constructor(group: string, port: number, receiver: DatagramSocket, sender: DatagramSocket) {
    this.#group = group;
    this.port = port;
    this.#receiver = receiver;
    this.#sender = sender;
  }

  send(frame: Uint8Array): void {
    if (this.#sender.getSendQueueSize() > MAX_UNSENT_BYTES) return;
    this.#unsentCount++;
    this.#sender.send(frame, this.port, this.#group, () => {
      this.#unsentCount--;
      if (this.#isClosing && this.#unsentCount === 0) this.#sender.close();
    });
  }

  /** What has been sent still leaves. */
  dispose(): void {
    this.#isClosing = true;
    this.#receiver.close();
    if (this.#unsentCount === 0) this.#sender.close();
  }
}

async function openMulticast(
  { group, port, localAddress }: Extract<NetworkChoice, { kind: 'mcast' }>,
  hooks: NetworkHooks,
): Promise<NetworkConnection> {
  const receiver = createSocket({ type: 'udp4', reuseAddr: true });
  const sender = createSocket('udp4');
  try {
    receiver.bind(port, group);
    await once(receiver, 'listening');
    receiver.addMembership(group, localAddress);
    sender.bind(0, localAddress);
    await once(sender, 'listening');
    sender.setMulticastInterface(localAddress);
    sender.setMulticastLoopback(true);
  } catch (error) {
    receiver.close();
    sender.close();
    throw error;
  }
  const own = sender.address();
  receiver.on('message', (frame, from) => {
    if (from.address !== own.address || from.port !== own.port) hooks.receive(frame);
  });
  receiver.on('error', (error) => hooks.notice(`network: ${error.message}`));
  sender.on('error', (error) => hooks.notice(`network: ${error.message}`));
  return new MulticastNetwork(group, port, receiver, sender);
}
