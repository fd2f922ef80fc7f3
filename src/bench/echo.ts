/**
 * The paper's Table 11 with one machine: a peer on the wire sends 60-byte UDP datagrams to a guest program that echoes
 * them, each when the echo before has come. The peer takes no time, so a round trip is twice the wire and once the
 * guest's software; the paper's is of two machines, with the software of both.
 */

import type { Workstation } from '../workstation/index.js';

type Machine = Workstation['machine'];

export const PEER_STATION = [2, 0, 0, 0, 0, 9] as const;
export const PEER_ADDRESS = [10, 0, 2, 200] as const;
const HEADER_BYTES = 34;
const ECHO_PORT = 7;
const DATAGRAM_BYTES = 26;
export const PROTOCOL = { icmp: 1, udp: 17 } as const;

/** The Internet checksum of RFC 1071. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 2)
    sum += ((bytes[index] as number) << 8) | (bytes[index + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

/** An IP datagram of the peer's without options, in its frame. `station`, `address`: whom it is for. */
export function ipFrame(
  protocol: number,
  address: readonly number[],
  station: readonly number[],
  bodyBytes: number,
): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + bodyBytes);
  frame.set([...station, ...PEER_STATION, 8, 0, 0x45]);
  put16(frame, 16, 20 + bodyBytes);
  frame.set([64, protocol], 22);
  frame.set(PEER_ADDRESS, 26);
  frame.set(address, 30);
  put16(frame, 24, checksum(frame.subarray(14, HEADER_BYTES)));
  return frame;
}

/** A datagram for the echo port: 60 bytes in all. */
export function udpFrame(
  address: readonly number[],
  station: readonly number[],
  sequence: number,
): Uint8Array {
  const frame = ipFrame(PROTOCOL.udp, address, station, DATAGRAM_BYTES);
  put16(frame, 34, 40_000 + sequence);
  put16(frame, 36, ECHO_PORT);
  put16(frame, 38, DATAGRAM_BYTES);
  put16(frame, 42, sequence);
  return frame;
}

/** True when a reply to a ping or datagram is whole: turned round, sums right, data as sent. */
export function isReply(request: Uint8Array, reply: Uint8Array): boolean {
  const length = 14 + (((request[16] as number) << 8) | (request[17] as number));
  const isSame = (at: number, from: number, count: number): boolean =>
    request.subarray(from, from + count).every((byte, index) => byte === reply[at + index]);
  if (reply.length < length || reply[23] !== request[23]) return false;
  if (!isSame(0, 6, 6) || !isSame(6, 0, 6) || !isSame(26, 30, 4) || !isSame(30, 26, 4)) return false;
  if (checksum(reply.subarray(14, HEADER_BYTES)) !== 0) return false;
  if (request[23] === PROTOCOL.icmp && (reply[34] !== 0 || checksum(reply.subarray(34, length)) !== 0))
    return false;
  if (request[23] === PROTOCOL.udp && !isSame(34, 36, 2)) return false;
  return isSame(42, 42, length - 42);
}

/**
 * Sends `requests` one after the other, each when the reply before has come. `onDone` gets the cycles from each request's
 * first bit to its reply's last.
 */
export function exchange(
  machine: Machine,
  requests: readonly Uint8Array[],
  onDone: (cycles: readonly number[]) => void,
): void {
  const cycles: number[] = [];
  let start = 0;
  const send = (): void => {
    start = machine.cycle;
    machine.network.send(requests[cycles.length] as Uint8Array);
  };
  machine.network.onFrame = (frame) => {
    const request = requests[cycles.length];
    if (request === undefined || !isReply(request, frame)) return;
    cycles.push(machine.cycle - start);
    if (cycles.length < requests.length) send();
    else onDone(cycles);
  };
  send();
}
