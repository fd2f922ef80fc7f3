/**
 * The public single-step vectors for the R3000 of a PlayStation (github.com/SingleStepTests/r3000, MIT licence), made with
 * ares' interpreter: a reader of their binary form, and a judge. A vector is one instruction with the state before and
 * after it, pending loads and branches included, and what it did to memory. Its addresses get TLB entries here.
 */
import type { Engine, FinalState } from './engine.js';

export interface VectorState {
  readonly registers: readonly number[];
  readonly hi: number;
  readonly lo: number;
  readonly epc: number;
  readonly cause: number;
  readonly pc: number;
  readonly branchTarget: number;
  /** The instruction at `pc` is in a delay slot; and its branch is taken. */
  readonly isSlot: boolean;
  readonly isTaken: boolean;
  /** Register of a load on its way, -1 when there is none. */
  readonly loadRegister: number;
  readonly loadValue: number;
}

interface MemoryAccess {
  readonly kind: 'read' | 'write' | 'fetch';
  readonly address: number;
  readonly size: number;
  readonly value: number;
}

export interface Vector {
  readonly name: string;
  readonly opcode: number;
  readonly initial: VectorState;
  readonly final: VectorState;
  readonly accesses: readonly MemoryAccess[];
}

const NAME_BYTES = 51;
const STATE_BYTES = 43 * 4;
const ACCESS_BYTES = 24;
const KINDS = { 1: 'read', 2: 'write', 4: 'fetch' } as const;

/** The vectors of one file of the set (`v1/ADD.json.bin`), or of several in a row. */
export function readVectors(file: Buffer): Vector[] {
  const vectors: Vector[] = [];
  let at = 0;
  while (at < file.length) {
    const count = file.readInt32LE(at);
    at += 4;
    for (let index = 0; index < count; index++) {
      const name = file.toString('latin1', at + 1, at + 1 + file.readUInt8(at));
      const body = at + NAME_BYTES + 8;
      const accessCount = file.readUInt32LE(body + 2 * STATE_BYTES);
      const first = body + 2 * STATE_BYTES + 4;
      vectors.push({
        name,
        opcode: file.readUInt32LE(at + NAME_BYTES),
        initial: readState(file, body),
        final: readState(file, body + STATE_BYTES),
        accesses: Array.from({ length: accessCount }, (_, number) =>
          readAccess(file, first + number * ACCESS_BYTES),
        ),
      });
      at = first + accessCount * ACCESS_BYTES;
    }
  }
  return vectors;
}

function readState(file: Buffer, at: number): VectorState {
  const word = (index: number): number => file.readUInt32LE(at + index * 4);
  return {
    registers: Array.from({ length: 32 }, (_, register) => word(register)),
    hi: word(32),
    lo: word(33),
    epc: word(34),
    cause: word(36),
    pc: word(37),
    branchTarget: word(38),
    isSlot: word(39) !== 0,
    isTaken: word(40) !== 0,
    loadRegister: word(41) | 0,
    loadValue: word(42),
  };
}

function readAccess(file: Buffer, at: number): MemoryAccess {
  const kind = KINDS[file.readUInt32LE(at + 8) as keyof typeof KINDS];
  const address = Number(file.readBigInt64LE(at + 12));
  return { kind, address, size: file.readUInt32LE(at + 20), value: file.readUInt32LE(at) };
}

const PAGE_MASK = 0xfff;
const VALID_AND_WRITABLE = 0x600;
const UNUSED_PAGE = 0x8000_0000;
const FRAMES = [0x10_0000, 0x10_1000] as const;
const EXCEPTION_VECTOR = 0x8000_0080;
/** Cause: BD and ExcCode. The interrupt bits are wires; BT and TAR are a PlayStation's own. */
const CAUSE_MASK = 0x8000_007c;

/** Why this machine cannot be held to a vector; undefined when it can. */
export function differsByDesign({ opcode, initial, accesses }: Vector): string | undefined {
  const operation = opcode >>> 26;
  if (accesses.some(({ address }) => address >= 0x8000_0000 && address < 0xc000_0000))
    return 'an address that is not mapped here and lies outside of memory';
  const data = accesses.filter(({ kind }) => kind !== 'fetch');
  if (data.some(({ address }) => address >>> 2 === initial.pc >>> 2))
    return 'the instruction is its own data';
  // A PlayStation drops the first of two loads in a row to one register; here it arrives before the second does.
  // Programs cannot tell: what the second one's delay slot reads is undefined.
  const isLoad = operation >= 0x20 && operation <= 0x26;
  if (isLoad && initial.loadRegister > 0 && ((opcode >>> 16) & 31) === initial.loadRegister)
    return 'a load to the register of the load before';
  // The vectors have random bits where the manual wants zeros, which nobody minds, and codes that it reserves.
  if (operation === 1 && (opcode & 0x000e_0000) !== 0) return 'a reserved BCONDZ code';
  return undefined;
}

/** Runs a vector; what differs, as text, '' when nothing does. */
export function judge(engine: Engine, vector: Vector): string {
  const { initial, final, accesses, opcode } = vector;
  const pages = [
    ...new Set([initial.pc, ...accesses.map(({ address }) => address)].map((address) => address >>> 12)),
  ];
  const frameAt = (address: number): number =>
    0x8000_0000 + (FRAMES[pages.indexOf(address >>> 12)] as number) + (address & PAGE_MASK);
  FRAMES.forEach((frame, index) => {
    const page = pages[index];
    engine.setTlb(index, page === undefined ? UNUSED_PAGE : (page << 12) | 0, frame | VALID_AND_WRITABLE);
  });
  const bytes = (
    access: MemoryAccess,
    visit: (address: number, shift: number, byte: number) => void,
  ): void => {
    for (let index = 0; index < access.size; index++) {
      visit(
        frameAt((access.address + index) >>> 0),
        ((access.address + index) & 3) * 8,
        (access.value >>> (8 * index)) & 0xff,
      );
    }
  };
  for (const access of accesses) {
    if (access.kind === 'fetch') continue;
    bytes(access, (address, shift, byte) => {
      const word = engine.read(address & ~3) & ~(0xff << shift);
      engine.write(address & ~3, [
        access.kind === 'read' ? word | (byte << shift) : word | ((~byte & 0xff) << shift),
      ]);
    });
  }
  engine.write(frameAt(initial.pc), [opcode]);
  engine.start(initial.pc, {
    registers: Object.fromEntries(initial.registers.map((value, register) => [register, value])),
    hi: initial.hi,
    lo: initial.lo,
    cp0: { Status: 0, EntryHi: 0 },
    ...(initial.loadRegister > 0
      ? { pendingLoad: { register: initial.loadRegister, value: initial.loadValue } }
      : {}),
    ...(initial.isTaken ? { branchTarget: initial.branchTarget } : {}),
  });
  const state = engine.advance(1);
  const differences = compareStates(state, final);
  for (const access of accesses) {
    if (access.kind !== 'write') continue;
    bytes(access, (address, shift, byte) => {
      const found = (engine.read(address & ~3) >>> shift) & 0xff;
      if (found !== byte) differences.push(`memory ${hex(address)}: ${hex(found)}, not ${hex(byte)}`);
    });
  }
  return differences.join('; ');
}

function compareStates(state: FinalState, final: VectorState): string[] {
  const differences: string[] = [];
  const check = (name: string, found: number, expected: number): void => {
    if (found >>> 0 !== expected >>> 0) differences.push(`${name}: ${hex(found)}, not ${hex(expected)}`);
  };
  for (let register = 1; register < 32; register++) {
    check(`$${register}`, state.registers[register] as number, final.registers[register] as number);
  }
  check('HI', state.hi, final.hi);
  check('LO', state.lo, final.lo);
  check('PC', state.pc, final.pc);
  const load = Math.max(final.loadRegister, 0);
  check('register of the load under way', state.pendingLoad.register, load);
  if (load !== 0) check('value of the load under way', state.pendingLoad.value, final.loadValue);
  if (final.pc === EXCEPTION_VECTOR) {
    check('EPC', state.cp0.EPC, final.epc);
    check('Cause', state.cp0.Cause & CAUSE_MASK, final.cause & CAUSE_MASK);
  } else {
    check('in a delay slot', Number(state.isDelaySlot), Number(final.isSlot));
    check('next PC', state.nextPc, final.isTaken ? final.branchTarget : final.pc + 4);
  }
  return differences;
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}
