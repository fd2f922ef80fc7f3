/**
 * The packet layer of GDB's remote serial protocol: `$payload#checksum`, acknowledgements, escapes, the interrupt byte.
 * Payloads are strings of bytes (characters 0 to 255). Whatever bytes come in, a reader gives packets or drops them; it
 * never keeps more than one packet of the greatest size. GDB manual, appendix E.1.
 */

const PACKET = 0x24;
const CHECKSUM = 0x23;
const ESCAPE = 0x7d;
const RUN_LENGTH = 0x2a;
const INTERRUPT = 3;
const ACK = 0x2b;
const NAK = 0x2d;
const ESCAPED = 0x20;

/** Greatest payload in either direction, bytes on the wire; what `qSupported` announces. */
export const PACKET_BYTES = 0x4000;

export type PacketEvent =
  | { readonly kind: 'packet'; readonly payload: string }
  /** A packet whose checksum is wrong, or that is too long. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'ack' }
  | { readonly kind: 'nak' }
  | { readonly kind: 'interrupt' };

export class PacketReader {
  /** Bytes of the packet that is under way, as they came; undefined between packets. */
  #raw: number[] | undefined;
  #isTooLong = false;
  /** Characters of the checksum so far, once '#' has come. */
  #checksum: string | undefined;

  feed(bytes: Uint8Array): PacketEvent[] {
    const events: PacketEvent[] = [];
    for (const byte of bytes) {
      const event = this.#take(byte);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  #take(byte: number): PacketEvent | undefined {
    if (this.#checksum !== undefined) {
      this.#checksum += String.fromCharCode(byte);
      return this.#checksum.length === 2 ? this.#end(this.#checksum) : undefined;
    }
    if (byte === PACKET) {
      this.#raw = [];
      this.#isTooLong = false;
      return undefined;
    }
    if (this.#raw === undefined) {
      if (byte === INTERRUPT) return { kind: 'interrupt' };
      if (byte === ACK) return { kind: 'ack' };
      return byte === NAK ? { kind: 'nak' } : undefined;
    }
    if (byte === CHECKSUM) this.#checksum = '';
    else if (this.#raw.length < PACKET_BYTES) this.#raw.push(byte);
    else this.#isTooLong = true;
    return undefined;
  }

  #end(checksum: string): PacketEvent {
    const raw = this.#raw ?? [];
    const isSound =
      !this.#isTooLong && /^[0-9a-f]{2}$/i.test(checksum) && Number.parseInt(checksum, 16) === sumOf(raw);
    this.#raw = undefined;
    this.#checksum = undefined;
    return isSound ? { kind: 'packet', payload: withoutEscapes(raw) } : { kind: 'damaged' };
  }
}

/** The bytes of a packet with this payload. */
export function encodePacket(payload: string): Uint8Array {
  const raw: number[] = [];
  for (let index = 0; index < payload.length; index++) {
    const byte = payload.charCodeAt(index) & 0xff;
    if (byte === PACKET || byte === CHECKSUM || byte === ESCAPE || byte === RUN_LENGTH) {
      raw.push(ESCAPE, byte ^ ESCAPED);
    } else raw.push(byte);
  }
  const checksum = sumOf(raw).toString(16).padStart(2, '0');
  return Uint8Array.of(PACKET, ...raw, CHECKSUM, checksum.charCodeAt(0), checksum.charCodeAt(1));
}

export const ACKNOWLEDGED: Uint8Array = Uint8Array.of(ACK);
export const REFUSED: Uint8Array = Uint8Array.of(NAK);

function sumOf(raw: readonly number[]): number {
  let sum = 0;
  for (const byte of raw) sum = (sum + byte) & 0xff;
  return sum;
}

function withoutEscapes(raw: readonly number[]): string {
  let payload = '';
  for (let index = 0; index < raw.length; index++) {
    const byte = raw[index] as number;
    payload += String.fromCharCode(byte === ESCAPE ? ((raw[++index] ?? 0) ^ ESCAPED) & 0xff : byte);
  }
  return payload;
}
