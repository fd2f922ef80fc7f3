/**
 * Ethernet frames in a byte stream, as QEMU's socket network sends them: a length of four bytes, most significant first,
 * then the frame. The parser takes the stream in pieces of any size and never holds more than one frame.
 */

/** QEMU's own limit; a longer frame means that the other end speaks something else. */
export const MAX_STREAM_FRAME_BYTES = 69_632;
const HEADER_BYTES = 4;

export function encodeFrame(frame: Uint8Array): Uint8Array {
  const whole = new Uint8Array(HEADER_BYTES + frame.length);
  new DataView(whole.buffer).setUint32(0, frame.length);
  whole.set(frame, HEADER_BYTES);
  return whole;
}

export class FrameParser {
  readonly #onFrame: (frame: Uint8Array) => void;
  readonly #header: Uint8Array = new Uint8Array(HEADER_BYTES);
  #headerBytes = 0;
  #frame: Uint8Array = new Uint8Array(0);
  #frameBytes = 0;

  constructor(onFrame: (frame: Uint8Array) => void) {
    this.#onFrame = onFrame;
  }

  /** Returns what is wrong with the stream, undefined while it is right. After an error it takes no more. */
  push(bytes: Uint8Array): string | undefined {
    let at = 0;
    while (at < bytes.length) {
      if (this.#headerBytes < HEADER_BYTES) {
        this.#header[this.#headerBytes++] = bytes[at++] as number;
        if (this.#headerBytes < HEADER_BYTES) continue;
        const length = new DataView(this.#header.buffer).getUint32(0);
        if (length === 0 || length > MAX_STREAM_FRAME_BYTES) return `a frame of ${length} bytes`;
        this.#frame = new Uint8Array(length);
        this.#frameBytes = 0;
      }
      const count = Math.min(this.#frame.length - this.#frameBytes, bytes.length - at);
      this.#frame.set(bytes.subarray(at, at + count), this.#frameBytes);
      this.#frameBytes += count;
      at += count;
      if (this.#frameBytes < this.#frame.length) continue;
      this.#headerBytes = 0;
      this.#onFrame(this.#frame);
    }
    return undefined;
  }
}
