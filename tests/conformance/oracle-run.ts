/**
 * Builds small static MIPS Linux programs and runs them twice: under qemu-mipsel, and on an engine in user mode with
 * this file in the part of the kernel (the system calls write and exit). For comparing what both leave behind.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, TEXT } from './engine.js';

export const ORACLE_TOOLS = ['mipsel-linux-gnu-gcc', 'qemu-mipsel'] as const;

const FLAGS =
  '-march=r3000 -mfp32 -mabi=32 -mno-abicalls -fno-pic -fno-pie -no-pie -G0 -ffreestanding -fno-stack-protector ' +
  '-nostdlib -nostdinc -static -Wall -Wextra -Werror -Wl,--build-id=none -Wl,-z,max-page-size=4096';

/** Compiles sources (paths) to `output`; `more` are further words for gcc. */
export function compile(
  sources: readonly string[],
  output: string,
  optimisation: string = '-O2',
  more: readonly string[] = [],
): void {
  const words = [...FLAGS.split(' '), optimisation, ...more, ...sources, '-o', output];
  execFileSync('mipsel-linux-gnu-gcc', words, { stdio: 'pipe' });
}

export function compileAssembly(text: string, folder: string): string {
  const source = join(folder, 'program.s');
  const output = join(folder, 'program.elf');
  writeFileSync(source, text);
  compile([source], output);
  return output;
}

export function runUnderQemu(file: string): Uint8Array {
  return execFileSync('qemu-mipsel', [file], { maxBuffer: 1 << 26, timeout: 120_000 });
}

const PHYSICAL = 0x10_0000;
const PAGE = 0x1000;
const USER = 2;
const VALID_AND_WRITABLE = 0x600;
const SYSCALL = 8;
const CALLS = { exit: 4001, write: 4004 } as const;

/** Runs a static ELF on an engine until it exits; returns its standard output. Throws on any other exception. */
export function runOnEngine(engine: Engine, file: string, maximumCycles: number = 2e9): Uint8Array {
  const image = readFileSync(file);
  const frames = loadSegments(engine, image);
  const physical = (address: number): number => {
    const frame = frames.get(address >>> 12);
    if (frame === undefined) throw new Error(`unmapped address 0x${address.toString(16)}`);
    return frame + (address & (PAGE - 1));
  };
  // The handler: a branch to itself, so that the program's last state stays.
  engine.write(0x8000_0080, [0x1000_ffff, 0]);
  engine.write(0x8000_0000, [0x1000_ffff, 0]);
  engine.start(image.readUInt32LE(24), { cp0: { Status: USER, EntryHi: 0 } });
  const output: number[] = [];
  for (let cycle = 0; cycle < maximumCycles; ) {
    cycle += 20_000;
    const state = engine.advanceToCycle(engine.state().cycles + 20_000);
    if (state.pc < 0x8000_0000) continue;
    const cause = (state.cp0.Cause >>> 2) & 31;
    const [call = 0, from = 0, count = 0] = [state.registers[2], state.registers[5], state.registers[6]];
    if (cause !== SYSCALL) {
      throw new Error(
        `cause ${cause} at 0x${state.cp0.EPC.toString(16)}, address 0x${state.cp0.BadVAddr.toString(16)}`,
      );
    }
    if (call === CALLS.exit) return Uint8Array.from(output);
    if (call !== CALLS.write) throw new Error(`system call ${call}`);
    for (let index = 0; index < count; index++) {
      const at = physical(from + index);
      output.push((engine.read((TEXT & 0xe000_0000) + (at & ~3)) >>> ((at & 3) * 8)) & 0xff);
    }
    engine.start(state.cp0.EPC + 4, { registers: { 2: count, 7: 0 }, cp0: { Status: USER } });
  }
  throw new Error(`still running after ${maximumCycles} cycles`);
}

/** Copies the segments into RAM from PHYSICAL on and maps them, a TLB entry a page. Returns page -> physical address. */
function loadSegments(engine: Engine, image: Buffer): Map<number, number> {
  const frames = new Map<number, number>();
  const headers = image.readUInt32LE(28);
  for (let index = 0; index < image.readUInt16LE(44); index++) {
    const at = headers + index * image.readUInt16LE(42);
    if (image.readUInt32LE(at) !== 1) continue;
    const [offset, address] = [image.readUInt32LE(at + 4), image.readUInt32LE(at + 8)];
    const [fileBytes, memoryBytes] = [image.readUInt32LE(at + 16), image.readUInt32LE(at + 20)];
    for (let page = address >>> 12; page <= (address + memoryBytes - 1) >>> 12; page++) {
      if (!frames.has(page)) {
        const frame = PHYSICAL + frames.size * PAGE;
        if (frames.size === 64) throw new Error('more pages than the TLB has entries');
        engine.setTlb(frames.size, page << 12, frame | VALID_AND_WRITABLE);
        engine.write(0x8000_0000 + frame, new Array<number>(PAGE / 4).fill(0));
        frames.set(page, frame);
      }
    }
    const padded = Buffer.alloc((fileBytes + 3) & ~3);
    image.copy(padded, 0, offset, offset + fileBytes);
    for (let byte = 0; byte < fileBytes; byte += 4) {
      const frame = frames.get((address + byte) >>> 12) ?? 0;
      engine.write(0x8000_0000 + frame + ((address + byte) & (PAGE - 1)), [padded.readUInt32LE(byte)]);
    }
  }
  return frames;
}
