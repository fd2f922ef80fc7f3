/**
 * Brooktree Bt478 video DAC: 256 colours and 15 overlay colours of 24 bits, and a mask that pixels pass through. Colours are
 * written and read as red, green, blue in turn by an address register each for map and overlays, for writing and
 * reading; a colour changes when its blue arrives, then the address counts up. Overlay inputs of 0 let the pixel
 * through. Data sheet: Brooktree Bt478, with the registers where NetBSD's pmreg.h has them.
 */

import type { AccessSize, Device } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import { coversLane, fromLanes } from './lanes.js';

export const BT478_REGISTER = {
  mapWriteAddress: 0x00,
  map: 0x04,
  mask: 0x08,
  mapReadAddress: 0x0c,
  overlayWriteAddress: 0x10,
  overlay: 0x14,
  overlayReadAddress: 0x1c,
} as const;

export type Bt478State = {
  readonly map: Int32Array;
  readonly overlays: Int32Array;
  readonly mask: number;
  readonly address: number;
  readonly component: number;
  readonly partial: number;
};

export class Bt478 implements Device, Stateful<Bt478State> {
  /** Overlay colours as 0xrrggbb; 0 is never shown. */
  readonly overlays: Int32Array = new Int32Array(16);
  readonly #map: Int32Array = new Int32Array(256);
  /** The map as pixels see it, through the mask. */
  readonly #palette: Int32Array = new Int32Array(256);
  readonly #onChange: () => void;
  #mask = 0xff;
  #address = 0;
  #component = 0;
  #partial = 0;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** The data sheet leaves all this undefined at power-up; here it is black, and all pixel bits pass. */
  reset(): void {
    this.#map.fill(0);
    this.overlays.fill(0);
    this.#mask = 0xff;
    this.#address = 0;
    this.#component = 0;
    this.#partial = 0;
    this.#settle();
  }

  /** Colours of pixel values 0 to 255 as 0xrrggbb. A view. */
  get palette(): Int32Array {
    return this.#palette;
  }

  read(offset: number, size: AccessSize): number {
    return coversLane(offset, size, 0) ? fromLanes(this.#readRegister(offset & 0x1c), offset, size) : 0;
  }

  write(offset: number, value: number, size: AccessSize): void {
    if (!coversLane(offset, size, 0)) return;
    const byte = value & 0xff;
    switch (offset & 0x1c) {
      case BT478_REGISTER.map:
        this.#writeColour(this.#map, byte);
        return;
      case BT478_REGISTER.overlay:
        this.#writeColour(this.overlays, byte);
        return;
      case BT478_REGISTER.mask:
        this.#mask = byte;
        this.#settle();
        return;
      case BT478_REGISTER.mapWriteAddress:
      case BT478_REGISTER.mapReadAddress:
      case BT478_REGISTER.overlayWriteAddress:
      case BT478_REGISTER.overlayReadAddress:
        this.#address = byte;
        this.#component = 0;
    }
  }

  snapshot(): Bt478State {
    return {
      map: this.#map.slice(),
      overlays: this.overlays.slice(),
      mask: this.#mask,
      address: this.#address,
      component: this.#component,
      partial: this.#partial,
    };
  }

  restore(state: Bt478State): void {
    this.#map.set(state.map);
    this.overlays.set(state.overlays);
    this.#mask = state.mask;
    this.#address = state.address;
    this.#component = state.component;
    this.#partial = state.partial;
    this.#settle();
  }

  #readRegister(register: number): number {
    switch (register) {
      case BT478_REGISTER.map:
        return this.#readColour(this.#map);
      case BT478_REGISTER.overlay:
        return this.#readColour(this.overlays);
      case BT478_REGISTER.mask:
        return this.#mask;
      default:
        return this.#address;
    }
  }

  #readColour(colours: Int32Array): number {
    const colour = colours[this.#address & (colours.length - 1)] as number;
    const value = (colour >>> (16 - 8 * this.#component)) & 0xff;
    this.#next();
    return value;
  }

  #writeColour(colours: Int32Array, value: number): void {
    this.#partial = (this.#partial << 8) | value;
    const index = this.#address & (colours.length - 1);
    if (this.#next()) return;
    colours[index] = this.#partial & 0xff_ffff;
    this.#settle();
  }

  /** Goes on to the next component; false when that is the next colour's. */
  #next(): boolean {
    this.#component = (this.#component + 1) % 3;
    if (this.#component !== 0) return true;
    this.#address = (this.#address + 1) & 0xff;
    return false;
  }

  #settle(): void {
    for (let pixel = 0; pixel < 256; pixel++) {
      this.#palette[pixel] = this.#map[pixel & this.#mask] as number;
    }
    this.#onChange();
  }
}
