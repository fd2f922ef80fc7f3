/**
 * The other end of the wire for tests, with what `src/bench/echo.ts` has: ping, ARP, and a host that answers both. What it
 * sends is made here, byte by byte, so that the guest's own code is checked against another's.
 */

import { checksum, ipFrame, PEER_ADDRESS, PEER_STATION, PROTOCOL, put16 } from '../../../src/bench/echo.js';

export function pingFrame(
  address: readonly number[],
  station: readonly number[],
  sequence: number,
): Uint8Array {
  const frame = ipFrame(PROTOCOL.icmp, address, station, 8 + 56);
  frame.set([8, 0, 0, 0, 0x12, 0x34, sequence >>> 8, sequence], 34);
  for (let index = 42; index < frame.length; index++) frame[index] = index * 3 + sequence;
  put16(frame, 36, checksum(frame.subarray(34)));
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
