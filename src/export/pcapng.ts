/**
 * A pcapng file: one section, one Ethernet interface, an enhanced packet block for each frame. Time stamps are
 * nanoseconds since 1970 on the machine's clock: its date at cycle 0, and its cycles since. Little-endian. Format: IETF
 * draft-ietf-opsawg-pcapng.
 */

const BLOCK = { section: 0x0a0d_0d0a, interface: 1, packet: 6 } as const;
const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
const LINK_ETHERNET = 1;
const OPTION = { end: 0, packetFlags: 2, interfaceName: 2, application: 4, timeResolution: 9 } as const;
const NANOSECONDS = 9;
/** Of the packet flags: direction. */
const INBOUND = 1;
const OUTBOUND = 2;

export interface PcapngOptions {
  readonly hertz: number;
  /** Seconds since 1970 at cycle 0. */
  readonly epochSeconds: number;
}

export class PcapngWriter {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #options: PcapngOptions;

  /** Writes the file's head at once. */
  constructor(write: (bytes: Uint8Array) => void, options: PcapngOptions) {
    this.#write = write;
    this.#options = options;
    const text = new TextEncoder();
    const unknownLength = [0xffff_ffff, 0xffff_ffff];
    this.#block(
      BLOCK.section,
      words(BYTE_ORDER_MAGIC, 1, ...unknownLength),
      option(OPTION.application, text.encode('exostation')),
      option(OPTION.end, new Uint8Array(0)),
    );
    this.#block(
      BLOCK.interface,
      words(LINK_ETHERNET, 0),
      option(OPTION.interfaceName, text.encode('le0')),
      option(OPTION.timeResolution, Uint8Array.of(NANOSECONDS)),
      option(OPTION.end, new Uint8Array(0)),
    );
  }

  /** A frame without its check sequence; inbound is toward the guest, undefined when several share the wire. */
  add(cycle: number, isInbound: boolean | undefined, frame: Uint8Array): void {
    const { hertz, epochSeconds } = this.#options;
    const seconds = Math.floor(cycle / hertz);
    const rest = Math.round(((cycle - seconds * hertz) * 1e9) / hertz);
    const time = BigInt(epochSeconds + seconds) * 1_000_000_000n + BigInt(rest);
    this.#block(
      BLOCK.packet,
      words(0, Number(time >> 32n), Number(time & 0xffff_ffffn), frame.length, frame.length),
      padded(frame),
      option(OPTION.packetFlags, words(isInbound === undefined ? 0 : isInbound ? INBOUND : OUTBOUND)),
      option(OPTION.end, new Uint8Array(0)),
    );
  }

  #block(type: number, ...parts: readonly Uint8Array[]): void {
    const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
    const block = new Uint8Array(length);
    block.set(words(type, length));
    let at = 8;
    for (const part of parts) {
      block.set(part, at);
      at += part.length;
    }
    block.set(words(length), at);
    this.#write(block);
  }
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint32(index * 4, value, true);
  });
  return bytes;
}

/** Filled up with zeros to a multiple of four. */
function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array((bytes.length + 3) & ~3);
  whole.set(bytes);
  return whole;
}

function option(code: number, value: Uint8Array): Uint8Array {
  const whole = new Uint8Array(4 + ((value.length + 3) & ~3));
  whole.set(words((value.length << 16) | code));
  whole.set(value, 4);
  return whole;
}
