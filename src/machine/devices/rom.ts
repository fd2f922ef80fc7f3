/**
 * Read-only memory: the boot ROM. Answers over the whole window; bytes behind the image read as 0xff like an unwritten
 * EPROM. Writes are acknowledged and ignored.
 */

import type { AccessSize, Device } from '../memory/bus.js';

export class Rom implements Device {
  readonly #words: Uint32Array;
  readonly #lengthMask: number;

  /** `lengthBytes`: a power of two, the size of the window. */
  constructor(image: Uint8Array, lengthBytes: number) {
    if (image.length > lengthBytes) {
      throw new RangeError(`the firmware has ${image.length} bytes, but the ROM holds ${lengthBytes}`);
    }
    const bytes = new Uint8Array(lengthBytes).fill(0xff);
    bytes.set(image);
    const view = new DataView(bytes.buffer);
    this.#words = new Uint32Array(lengthBytes / 4);
    for (let index = 0; index < this.#words.length; index++)
      this.#words[index] = view.getUint32(index * 4, true);
    this.#lengthMask = lengthBytes - 1;
  }

  read(offset: number, size: AccessSize): number {
    const word = this.#words[(offset & this.#lengthMask) >>> 2] as number;
    if (size === 4) return word;
    const shifted = word >>> ((offset & 3) << 3);
    return size === 2 ? shifted & 0xffff : shifted & 0xff;
  }

  write(): void {}
}
