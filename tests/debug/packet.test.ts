/** Framing: what is encoded is read back, whatever its bytes and however it is cut; damage is told, noise is dropped. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToHex, hexToBytes, parseNumber } from '../../src/debug/hex.js';
import { encodePacket, PACKET_BYTES, type PacketEvent, PacketReader } from '../../src/debug/packet.js';

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const payload = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

function read(bytes: Uint8Array, cuts: readonly number[] = []): PacketEvent[] {
  const reader = new PacketReader();
  const events: PacketEvent[] = [];
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    events.push(...reader.feed(bytes.subarray(at, at + cut)));
    at += cut;
  }
  return events;
}

describe('a packet', () => {
  it('is framed as in the manual', () => {
    expect(Buffer.from(encodePacket('OK')).toString()).toBe('$OK#9a');
    expect(Buffer.from(encodePacket('')).toString()).toBe('$#00');
    // Escaped: the byte with bit 5 changed, behind a '}'.
    expect([...encodePacket('}#$*')].slice(1, 9)).toEqual([0x7d, 0x5d, 0x7d, 0x03, 0x7d, 0x04, 0x7d, 0x0a]);
  });

  it('is read back, however it is cut', () => {
    fc.assert(
      fc.property(payload, fc.array(fc.nat(20)), (text, cuts) => {
        expect(read(encodePacket(text), cuts)).toEqual([{ kind: 'packet', payload: text }]);
      }),
    );
  });

  it('that is damaged is told, and does not spoil the next', () => {
    fc.assert(
      fc.property(payload, fc.nat(), fc.integer({ min: 1, max: 255 }), (text, place, change) => {
        const bytes = encodePacket(text);
        const at = 1 + (place % (bytes.length - 1));
        bytes[at] = (bytes[at] as number) ^ change;
        const events = read(Uint8Array.of(...bytes, ...encodePacket('g'), ...encodePacket('m')));
        // A changed '#' may swallow what follows, and an 'a' may have become 'A', which is the same digit.
        expect(events.at(-1)).toEqual({ kind: 'packet', payload: 'm' });
        if (text.length > 0 && at <= text.length)
          expect(events[0]).not.toEqual({ kind: 'packet', payload: text });
      }),
    );
  });

  it('of more than the greatest size is refused, and no more of it is kept', () => {
    const long = latin1(`$${'a'.repeat(PACKET_BYTES + 1)}#00`);
    expect(read(long)).toEqual([{ kind: 'damaged' }]);
    expect(read(encodePacket('a'.repeat(PACKET_BYTES)))[0]?.kind).toBe('packet');
  });

  it('may have acknowledgements, interrupts and noise between', () => {
    expect(read(latin1('+-x\x03$g#67\n+')).map(({ kind }) => kind)).toEqual([
      'ack',
      'nak',
      'interrupt',
      'packet',
      'ack',
    ]);
    expect(read(latin1('$m0,4$g#67'))).toEqual([{ kind: 'packet', payload: 'g' }]);
  });
});

describe('numbers', () => {
  it('are hexadecimal, of 32 bits, perhaps sign-extended', () => {
    expect(parseNumber('ffffffff80020000')).toBe(0x8002_0000);
    expect(parseNumber('0000000000400000')).toBe(0x40_0000);
    expect(parseNumber('ffffffff00400000')).toBeUndefined();
    expect(parseNumber('123456789')).toBeUndefined();
    for (const text of ['', '-1', '0x1', 'g', ' 1']) expect(parseNumber(text)).toBeUndefined();
  });

  it('and bytes go there and back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(hexToBytes(bytesToHex(bytes))).toEqual(bytes);
      }),
    );
    expect(hexToBytes('abc')).toBeUndefined();
    expect(hexToBytes('zz')).toBeUndefined();
  });
});
