/**
 * Brooktree Bt459 RAMDAC: 256 colours of 24 bits, a 64x64 cursor of three colours, and 16 overlay colours. Four byte
 * registers: address low, address high, what the address names, and the colour map. Colours are written and read as
 * red, green, blue in turn, and change when blue arrives; then, as after every other register, the address counts up.
 * The overlay inputs are tied to 0 on the boards that use it here. Data sheet: Brooktree Bt459, as NetBSD's bt459reg.h
 * and cfb.c and Linux's pmag-ba-fb.c use it.
 */

import type { Stateful } from '../snapshot/state.js';
import { putPixel } from './screen.js';

/** Register select inputs C1:C0. */
export const BT459_SELECT = { addressLow: 0, addressHigh: 1, data: 2, colourMap: 3 } as const;

/** Internal addresses. */
export const BT459_REGISTER = {
  overlay: 0x100,
  cursorColour: 0x181,
  id: 0x200,
  command0: 0x201,
  command2: 0x203,
  readMask: 0x204,
  signatures: 0x20c,
  cursorCommand: 0x300,
  cursorX: 0x301,
  cursorY: 0x303,
  windowEnd: 0x30c,
  cursorRam: 0x400,
} as const;

const ID = 0x4a;
const ADDRESS_MASK = 0xfff;
/** Cursor command: each of the two bits of a cursor pixel can be switched off. */
const CURSOR_PLANES = 0xc0;
/** Command register 2: X-window mode, in which cursor colour 1 is transparent too. */
const X_WINDOW_MODE = 0x04;
const CURSOR_SIZE = 64;
const CURSOR_COLOUR_COUNT = 3;

export type Bt459State = {
  readonly map: Int32Array;
  readonly extra: Int32Array;
  readonly control: Uint8Array;
  readonly cursorRam: Uint8Array;
  readonly address: number;
  readonly component: number;
  readonly partial: number;
};

export class Bt459 implements Stateful<Bt459State> {
  /** Colour map as 0xrrggbb, the read mask not applied. */
  readonly #map: Int32Array = new Int32Array(256);
  /** Overlay colours 0 to 15, then cursor colours 1 to 3. */
  readonly #extra: Int32Array = new Int32Array(16 + CURSOR_COLOUR_COUNT);
  /** Registers 0x200 to 0x30f. */
  readonly #control: Uint8Array = new Uint8Array(0x110);
  /** Four pixels a byte, the leftmost in bits 7:6. */
  readonly #cursorRam: Uint8Array = new Uint8Array((CURSOR_SIZE * CURSOR_SIZE) / 4);
  readonly #onChange: () => void;
  /** The map as pixels see it, through the read mask. */
  readonly #palette: Int32Array = new Int32Array(256);
  #address = 0;
  /** Which of red, green, blue comes next, and those that came. */
  #component = 0;
  #partial = 0;

  /** `onChange` is called whenever the picture may look different from now on. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.reset();
  }

  /** The data sheet leaves the memories undefined at power-up; here they are black, and all pixel bits are read. */
  reset(): void {
    this.#map.fill(0);
    this.#extra.fill(0);
    this.#control.fill(0);
    this.#control[BT459_REGISTER.readMask - BT459_REGISTER.id] = 0xff;
    this.#cursorRam.fill(0);
    this.#address = 0;
    this.#component = 0;
    this.#partial = 0;
    this.#settle();
  }

  read(select: number): number {
    switch (select) {
      case BT459_SELECT.addressLow:
        return this.#address & 0xff;
      case BT459_SELECT.addressHigh:
        return this.#address >>> 8;
      case BT459_SELECT.data:
        return this.#readData();
      default:
        return this.#readColour(this.#map, this.#address & 0xff);
    }
  }

  write(select: number, value: number): void {
    switch (select) {
      case BT459_SELECT.addressLow:
        this.#setAddress((this.#address & 0xf00) | value);
        return;
      case BT459_SELECT.addressHigh:
        this.#setAddress((this.#address & 0xff) | ((value & 0xf) << 8));
        return;
      case BT459_SELECT.data:
        this.#writeData(value);
        return;
      default:
        this.#writeColour(this.#map, this.#address & 0xff, value);
    }
  }

  /** Colours of pixel values 0 to 255 as 0xrrggbb. A view. */
  get palette(): Int32Array {
    return this.#palette;
  }

  /** Draws the cursor over a picture whose top left corner is at (`left`, `top`) in the cursor's coordinates. */
  drawCursor(into: Uint8Array, width: number, height: number, left: number, top: number): void {
    const planes = (this.#controlOf(BT459_REGISTER.cursorCommand) & CURSOR_PLANES) >>> 6;
    if (planes === 0) return;
    const isXWindow = (this.#controlOf(BT459_REGISTER.command2) & X_WINDOW_MODE) !== 0;
    const x0 = this.#position(BT459_REGISTER.cursorX) - left;
    const y0 = this.#position(BT459_REGISTER.cursorY) - top;
    for (let y = 0; y < CURSOR_SIZE; y++) {
      for (let x = 0; x < CURSOR_SIZE; x++) {
        const byte = this.#cursorRam[(y * CURSOR_SIZE + x) >>> 2] as number;
        const pixel = (byte >>> (6 - ((x & 3) << 1))) & planes;
        if (pixel === 0 || (isXWindow && pixel === 1)) continue;
        putPixel(into, width, height, x0 + x, y0 + y, this.#extra[15 + pixel] as number);
      }
    }
  }

  snapshot(): Bt459State {
    return {
      map: this.#map.slice(),
      extra: this.#extra.slice(),
      control: this.#control.slice(),
      cursorRam: this.#cursorRam.slice(),
      address: this.#address,
      component: this.#component,
      partial: this.#partial,
    };
  }

  restore(state: Bt459State): void {
    this.#map.set(state.map);
    this.#extra.set(state.extra);
    this.#control.set(state.control);
    this.#cursorRam.set(state.cursorRam);
    this.#address = state.address;
    this.#component = state.component;
    this.#partial = state.partial;
    this.#settle();
  }

  #setAddress(address: number): void {
    this.#address = address;
    this.#component = 0;
  }

  #advance(): void {
    this.#address = (this.#address + 1) & ADDRESS_MASK;
  }

  #controlOf(register: number): number {
    return this.#control[register - BT459_REGISTER.id] as number;
  }

  #position(register: number): number {
    return this.#controlOf(register) | ((this.#controlOf(register + 1) & 0xf) << 8);
  }

  /** Index into the overlay and cursor colours; -1 when the address is none of theirs. */
  #extraIndex(): number {
    const overlay = this.#address - BT459_REGISTER.overlay;
    if (overlay >= 0 && overlay < 16) return overlay;
    const cursor = this.#address - BT459_REGISTER.cursorColour;
    return cursor >= 0 && cursor < CURSOR_COLOUR_COUNT ? 16 + cursor : -1;
  }

  #readData(): number {
    const address = this.#address;
    if (address < BT459_REGISTER.overlay) return this.#readColour(this.#map, address);
    const extra = this.#extraIndex();
    if (extra >= 0) return this.#readColour(this.#extra, extra);
    this.#advance();
    if (address === BT459_REGISTER.id) return ID;
    if (address >= BT459_REGISTER.cursorRam) return this.#cursorRam[address & 0x3ff] ?? 0;
    return this.#control[address - BT459_REGISTER.id] ?? 0;
  }

  #writeData(value: number): void {
    const address = this.#address;
    if (address < BT459_REGISTER.overlay) {
      this.#writeColour(this.#map, address, value);
      return;
    }
    const extra = this.#extraIndex();
    if (extra >= 0) {
      this.#writeColour(this.#extra, extra, value);
      return;
    }
    this.#advance();
    if (address >= BT459_REGISTER.cursorRam) {
      if (address < BT459_REGISTER.cursorRam + this.#cursorRam.length)
        this.#cursorRam[address & 0x3ff] = value;
    } else if (address > BT459_REGISTER.id && address <= BT459_REGISTER.windowEnd) {
      this.#control[address - BT459_REGISTER.id] = value;
    }
    this.#settle();
  }

  #readColour(colours: Int32Array, index: number): number {
    const value = ((colours[index] as number) >>> (16 - 8 * this.#component)) & 0xff;
    this.#component++;
    if (this.#component === 3) {
      this.#component = 0;
      this.#advance();
    }
    return value;
  }

  #writeColour(colours: Int32Array, index: number, value: number): void {
    this.#partial = (this.#partial << 8) | value;
    this.#component++;
    if (this.#component < 3) return;
    colours[index] = this.#partial & 0xff_ffff;
    this.#component = 0;
    this.#advance();
    this.#settle();
  }

  #settle(): void {
    const mask = this.#controlOf(BT459_REGISTER.readMask);
    for (let pixel = 0; pixel < 256; pixel++) this.#palette[pixel] = this.#map[pixel & mask] as number;
    this.#onChange();
  }
}
