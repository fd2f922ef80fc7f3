/**
 * A state (`machine/snapshot`) as bytes and back. One tag byte a value; numbers are doubles, lengths 32 bits, all little-
 * endian; fields in the order they come. The same state gives the same bytes, so that their hash stands for it.
 * Decoding follows no length past the end and no nesting past sixteen; what is wrong throws RangeError.
 */

import type { StateValue } from '../machine/index.js';

const TAG = {
  number: 1,
  isFalse: 2,
  isTrue: 3,
  text: 4,
  nothing: 5,
  bytes: 6,
  words: 7,
  doubles: 8,
  list: 9,
  fields: 10,
} as const;
const MAX_DEPTH = 16;

export function encodeState(value: StateValue): Uint8Array {
  const writer = new Writer();
  writer.value(value);
  return writer.whole();
}

export function decodeState(bytes: Uint8Array): StateValue {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.left !== 0) throw new RangeError('something follows the state');
  return value;
}

class Writer {
  #bytes: Uint8Array = new Uint8Array(1 << 16);
  #view: DataView = new DataView(this.#bytes.buffer);
  #end = 0;

  whole(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  value(value: StateValue): void {
    if (typeof value === 'number') {
      this.#tag(TAG.number);
      const at = this.#grow(8);
      this.#view.setFloat64(at, value, true);
    } else if (typeof value === 'boolean') this.#tag(value ? TAG.isTrue : TAG.isFalse);
    else if (typeof value === 'string') {
      this.#tag(TAG.text);
      this.#text(value);
    } else if (value === null) this.#tag(TAG.nothing);
    else if (value instanceof Uint8Array) this.#array(TAG.bytes, value);
    else if (value instanceof Int32Array) this.#array(TAG.words, value);
    else if (value instanceof Float64Array) this.#array(TAG.doubles, value);
    else if (isList(value)) {
      this.#tag(TAG.list);
      this.#count(value.length);
      for (const item of value) this.value(item);
    } else {
      const entries = Object.entries(value);
      this.#tag(TAG.fields);
      this.#count(entries.length);
      for (const [name, field] of entries) {
        this.#text(name);
        this.value(field);
      }
    }
  }

  #array(tag: number, array: Uint8Array | Int32Array | Float64Array): void {
    this.#tag(tag);
    this.#count(array.length);
    const at = this.#grow(array.byteLength);
    this.#bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
  }

  #text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.#count(bytes.length);
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  #tag(tag: number): void {
    const at = this.#grow(1);
    this.#bytes[at] = tag;
  }

  #count(count: number): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, count, true);
  }

  /** Makes room, perhaps in a new array; returns where it begins. */
  #grow(count: number): number {
    const at = this.#end;
    this.#end += count;
    if (this.#end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#end, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  value(depth: number): StateValue {
    if (depth > MAX_DEPTH) throw new RangeError('nested too deeply');
    const tag = this.#view.getUint8(this.#take(1));
    switch (tag) {
      case TAG.number:
        return this.#view.getFloat64(this.#take(8), true);
      case TAG.isFalse:
        return false;
      case TAG.isTrue:
        return true;
      case TAG.text:
        return this.#text();
      case TAG.nothing:
        return null;
      case TAG.bytes:
        return this.#copy(1);
      case TAG.words:
        return new Int32Array(this.#copy(4).buffer);
      case TAG.doubles:
        return new Float64Array(this.#copy(8).buffer);
      case TAG.list: {
        const list: StateValue[] = [];
        for (let count = this.#count(); count > 0; count--) list.push(this.value(depth + 1));
        return list;
      }
      case TAG.fields: {
        // No prototype: a field may have any name.
        const fields: Record<string, StateValue> = Object.create(null);
        for (let count = this.#count(); count > 0; count--) fields[this.#text()] = this.value(depth + 1);
        return fields;
      }
      default:
        throw new RangeError(`no value begins with ${tag}`);
    }
  }

  #copy(itemBytes: number): Uint8Array<ArrayBuffer> {
    const length = this.#count() * itemBytes;
    const at = this.#take(length);
    const copy = new Uint8Array(length);
    copy.set(this.#bytes.subarray(at, at + length));
    return copy;
  }

  #text(): string {
    const length = this.#count();
    const at = this.#take(length);
    return new TextDecoder().decode(this.#bytes.subarray(at, at + length));
  }

  #count(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  #take(count: number): number {
    const at = this.#at;
    if (count > this.left) throw new RangeError('the state ends too early');
    this.#at += count;
    return at;
  }
}

function isList(value: StateValue): value is readonly StateValue[] {
  return Array.isArray(value);
}
