/**
 * A copy-on-write overlay kept on the host: which sectors of a base image have changed. The file is a log: a header
 * with the base image's SHA-256, then records of a sector number and its 512 bytes; the last record of a sector counts,
 * and an unfinished one at the end (the host went down) is ignored. Opening rewrites a log that is mostly stale.
 */

import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

const MAGIC = 'EXOSOVL1';
const HEADER_BYTES = 8 + 32;
const SECTOR_BYTES = 512;
const RECORD_BYTES = 4 + SECTOR_BYTES;

export class OverlayFile {
  readonly #file: number;
  readonly #sectors: Map<number, Uint8Array>;
  #end: number;
  readonly #record: Uint8Array = new Uint8Array(RECORD_BYTES);

  private constructor(file: number, sectors: Map<number, Uint8Array>, end: number) {
    this.#file = file;
    this.#sectors = sectors;
    this.#end = end;
  }

  /**
   * Opens or creates the overlay at `path` for the base with that SHA-256 (32 bytes). An overlay of another base is
   * renamed to the path that `setAside` is then called with.
   */
  static open(path: string, baseHash: Uint8Array, setAside: (newPath: string) => void): OverlayFile {
    const existing = existsSync(path) ? readFileSync(path) : undefined;
    if (existing !== undefined && existing.length < HEADER_BYTES + RECORD_BYTES) {
      return OverlayFile.#create(path, baseHash, new Map());
    }
    if (existing !== undefined && !belongsTo(existing, baseHash)) {
      let aside = `${path}.old`;
      for (let count = 2; existsSync(aside); count++) aside = `${path}.old${count}`;
      renameSync(path, aside);
      setAside(aside);
      return OverlayFile.#create(path, baseHash, new Map());
    }
    if (existing === undefined) return OverlayFile.#create(path, baseHash, new Map());
    const sectors = readRecords(existing);
    const end = HEADER_BYTES + Math.floor((existing.length - HEADER_BYTES) / RECORD_BYTES) * RECORD_BYTES;
    if (end > HEADER_BYTES + 2 * RECORD_BYTES * (sectors.size + 64)) {
      return OverlayFile.#create(path, baseHash, sectors);
    }
    const file = openSync(path, 'r+');
    ftruncateSync(file, end);
    return new OverlayFile(file, sectors, end);
  }

  /** Writes a fresh file beside the old one and renames it, so that a crash leaves one of the two whole. */
  static #create(path: string, baseHash: Uint8Array, sectors: Map<number, Uint8Array>): OverlayFile {
    const file = openSync(`${path}.new`, 'w+');
    writeSync(file, Buffer.concat([Buffer.from(MAGIC, 'latin1'), baseHash]), 0, HEADER_BYTES, 0);
    const overlay = new OverlayFile(file, new Map(), HEADER_BYTES);
    for (const [sector, data] of sectors) overlay.write(sector, data);
    renameSync(`${path}.new`, path);
    return overlay;
  }

  /** Changed sectors by number, 512 bytes each. */
  get sectors(): ReadonlyMap<number, Uint8Array> {
    return this.#sectors;
  }

  get(sector: number): Uint8Array | undefined {
    return this.#sectors.get(sector);
  }

  /** `data` is 512 bytes; it is copied. */
  write(sector: number, data: Uint8Array): void {
    this.#sectors.set(sector, data.slice());
    new DataView(this.#record.buffer).setUint32(0, sector, true);
    this.#record.set(data, 4);
    writeSync(this.#file, this.#record, 0, RECORD_BYTES, this.#end);
    this.#end += RECORD_BYTES;
  }

  dispose(): void {
    closeSync(this.#file);
  }
}

function belongsTo(file: Buffer, baseHash: Uint8Array): boolean {
  return (
    file.length >= HEADER_BYTES &&
    file.toString('latin1', 0, 8) === MAGIC &&
    file.subarray(8, HEADER_BYTES).equals(baseHash)
  );
}

function readRecords(file: Buffer): Map<number, Uint8Array> {
  const sectors = new Map<number, Uint8Array>();
  for (let at = HEADER_BYTES; at + RECORD_BYTES <= file.length; at += RECORD_BYTES) {
    sectors.set(file.readUInt32LE(at), Uint8Array.from(file.subarray(at + 4, at + RECORD_BYTES)));
  }
  return sectors;
}
