/**
 * The other end of the wire for tests: a station that asks for an address, sends echo requests as fast as they come
 * back, and answers some itself. What it sends is made here, byte by byte, so that the guest's own code is checked
 * against another's.
 */

import type { Machine } from '../../../src/machine/index.js';

export const PEER_STATION = [2, 0, 0, 0, 0, 9] as const;
export const PEER_ADDRESS = [10, 0, 2, 200] as const;

/** The Internet checksum of RFC 1071 over an even or odd number of bytes. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 2)
    sum += ((bytes[index] as number) << 8) | (bytes[index + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

function ip(
  protocol: number,
  destination: readonly number[],
  station: readonly number[],
  body: number,
): Uint8Array {
  const frame = new Uint8Array(34 + body);
  frame.set([...station, ...PEER_STATION, 8, 0, 0x45]);
  put16(frame, 16, 20 + body);
  frame.set([64, protocol], 22);
  frame.set(PEER_ADDRESS, 26);
  frame.set(destination, 30);
  put16(frame, 24, checksum(frame.subarray(14, 34)));
  return frame;
}

export function pingFrame(
  address: readonly number[],
  station: readonly number[],
  sequence: number,
): Uint8Array {
  const frame = ip(1, address, station, 8 + 56);
  frame.set([8, 0, 0, 0, 0x12, 0x34, sequence >>> 8, sequence], 34);
  for (let index = 42; index < frame.length; index++) frame[index] = index * 3 + sequence;
  put16(frame, 36, checksum(frame.subarray(34)));
  return frame;
}

/** A UDP datagram for the echo port: 60 bytes in all, as in the paper's Table 11. */
export function udpFrame(
  address: readonly number[],
  station: readonly number[],
  sequence: number,
): Uint8Array {
  const frame = ip(17, address, station, 26);
  put16(frame, 34, 40_000 + sequence);
  put16(frame, 36, 7);
  put16(frame, 38, 26);
  put16(frame, 42, sequence);
  return frame;
}

export function arpRequest(address: readonly number[]): Uint8Array {
  const frame = new Uint8Array(60);
  frame.set([255, 255, 255, 255, 255, 255, ...PEER_STATION, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1]);
  frame.set([...PEER_STATION, ...PEER_ADDRESS, 0, 0, 0, 0, 0, 0, ...address], 22);
  return frame;
}

/** Answers ARP requests and pings for the peer's own address, as any host would. */
export function answer(frame: Uint8Array): Uint8Array | undefined {
  const isFor = (at: number): boolean => PEER_ADDRESS.every((byte, index) => frame[at + index] === byte);
  const reply = frame.slice();
  reply.set(frame.subarray(6, 12), 0);
  reply.set(PEER_STATION, 6);
  if (frame[12] === 8 && frame[13] === 6 && frame[21] === 1 && isFor(38)) {
    reply[21] = 2;
    reply.set(frame.subarray(22, 32), 32);
    reply.set([...PEER_STATION, ...PEER_ADDRESS], 22);
    return reply;
  }
  if (frame[12] !== 8 || frame[13] !== 0 || frame[23] !== 1 || frame[34] !== 8 || !isFor(30))
    return undefined;
  const length = 14 + (((frame[16] as number) << 8) | (frame[17] as number));
  if (checksum(frame.subarray(14, 34)) !== 0 || checksum(frame.subarray(34, length)) !== 0) return undefined;
  reply.set(frame.subarray(30, 34), 26);
  reply.set(frame.subarray(26, 30), 30);
  reply[34] = 0;
  put16(reply, 36, 0);
  put16(reply, 36, checksum(reply.subarray(34, length)));
  return reply;
}

/** True when a reply to a ping or datagram is whole: turned round, sums right, data as sent. */
export function isReply(request: Uint8Array, reply: Uint8Array): boolean {
  const length = 14 + (((request[16] as number) << 8) | (request[17] as number));
  const same = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, index) => byte === b[index]);
  if (reply.length < length || reply[23] !== request[23]) return false;
  if (
    !same(reply.subarray(0, 6), request.subarray(6, 12)) ||
    !same(reply.subarray(6, 12), request.subarray(0, 6))
  )
    return false;
  if (
    !same(reply.subarray(26, 30), request.subarray(30, 34)) ||
    !same(reply.subarray(30, 34), request.subarray(26, 30))
  )
    return false;
  if (checksum(reply.subarray(14, 34)) !== 0) return false;
  if (request[23] === 1 && (reply[34] !== 0 || checksum(reply.subarray(34, length)) !== 0)) return false;
  if (request[23] === 17 && !same(reply.subarray(34, 36), request.subarray(36, 38))) return false;
  return same(reply.subarray(42, length), request.subarray(42, length));
}

/**
 * Sends `requests` one after the other, each when the reply before has come. Returns cycles from a request's first to
 * its reply's last bit, of those that were answered right.
 */
export function exchange(
  machine: Machine,
  requests: readonly Uint8Array[],
  run: (condition: () => boolean) => void,
): number[] {
  const cycles: number[] = [];
  let next = 0;
  let start = 0;
  const send = (): void => {
    start = machine.cycle;
    machine.network.send(requests[next] as Uint8Array);
  };
  machine.network.onFrame = (frame) => {
    const request = requests[next];
    if (request === undefined || !isReply(request, frame)) return;
    cycles.push(machine.cycle - start);
    next++;
    if (next < requests.length) send();
  };
  send();
  run(() => next === requests.length);
  return cycles;
}
