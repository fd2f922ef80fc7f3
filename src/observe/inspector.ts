/** The CPU at one instruction, as view data: registers, TLB decoded, disassembly with symbols, who owns the PC. */

import { disassemble, type Machine } from '../machine/index.js';
import type { SymbolTable } from './symbols.js';
import type { DisassemblyLine, InspectorView, TranslationView } from './types.js';

const ROM_START = 0x1fc0_0000;
const ROM_END = 0x1fc4_0000;
const LIBRARY_START = 0x0f00_0000;
const LIBRARY_END = 0x1000_0000;
const GUARANTEED_START = 0x7f00_0000;
const KERNEL_SEGMENTS = 0x8000_0000;
/** Instructions shown before the PC. */
const LINES_BEFORE = 4;
/** Opcode classes whose next instruction is a delay slot: j, jal, branches, jr, jalr, bcond. */
const BRANCH_OPCODES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7]);

export interface InspectedSymbols {
  readonly firmware: SymbolTable;
  readonly aegis: SymbolTable | undefined;
  readonly images: ReadonlyMap<string, SymbolTable>;
}

/** The environment that has the processor; slot -1 and no names when there is none. */
interface InspectedEnvironment {
  readonly slot: number;
  readonly name: string;
  readonly libraryOs: string;
}

export function inspect(
  machine: Machine,
  symbols: InspectedSymbols,
  current: InspectedEnvironment,
  lineCount: number,
): InspectorView {
  const state = machine.cpuState();
  const owner = ownerOf(state.pc, current, symbols);
  const format = (address: number): string => owner.symbols?.format(address) ?? '';
  return {
    cycle: machine.cycle,
    pc: state.pc,
    pcSymbol: format(state.pc),
    isDelaySlot: state.isDelaySlot,
    pcOwner: owner.name,
    currentSlot: current.slot,
    registers: state.registers,
    hi: state.hi,
    lo: state.lo,
    cp0: state.cp0,
    tlb: state.tlb.map(decodeTranslation),
    disassembly: disassembly(machine, state.pc, lineCount, owner.symbols),
  };
}

export function decodeTranslation(
  entry: { readonly entryHi: number; readonly entryLo: number },
  index: number,
): TranslationView {
  const { entryHi, entryLo } = entry;
  return {
    index,
    virtualPage: entryHi >>> 12,
    asid: (entryHi >>> 6) & 63,
    physicalPage: entryLo >>> 12,
    isValid: (entryLo & 0x200) !== 0,
    isWritable: (entryLo & 0x400) !== 0,
    isGlobal: (entryLo & 0x100) !== 0,
    isUncached: (entryLo & 0x800) !== 0,
  };
}

/** True for an instruction that is followed by a delay slot. */
export function isBranch(word: number): boolean {
  const opcode = word >>> 26;
  if (opcode === 0) return (word & 0x3e) === 0x08;
  if (opcode >= 0x10 && opcode <= 0x13) return ((word >>> 21) & 31) === 8;
  return BRANCH_OPCODES.has(opcode);
}

function disassembly(
  machine: Machine,
  pc: number,
  lineCount: number,
  symbols: SymbolTable | undefined,
): DisassemblyLine[] {
  const lines: DisassemblyLine[] = [];
  const first = (pc - 4 * Math.min(LINES_BEFORE, Math.floor(lineCount / 3))) >>> 0;
  let previous = machine.readVirtualWord(first - 4);
  for (let index = 0; index < lineCount; index++) {
    const address = (first + 4 * index) >>> 0;
    const word = machine.readVirtualWord(address);
    const found = symbols?.find(address, 0);
    lines.push({
      address,
      word,
      text: word === undefined ? '' : disassemble(word, address),
      symbol: found?.name ?? '',
      isCurrent: address === pc,
      isDelaySlot: previous !== undefined && isBranch(previous),
    });
    previous = word;
  }
  return lines;
}

function ownerOf(
  pc: number,
  { name, libraryOs }: InspectedEnvironment,
  symbols: InspectedSymbols,
): { readonly name: string; readonly symbols: SymbolTable | undefined } {
  if (pc >= KERNEL_SEGMENTS) {
    const physical = pc & 0x1fff_ffff;
    const isFirmware = physical >= ROM_START && physical < ROM_END;
    if (isFirmware) return { name: 'PROM', symbols: symbols.firmware };
    return { name: symbols.aegis === undefined ? 'kernel' : 'Aegis', symbols: symbols.aegis };
  }
  const isLibrary = (pc >= LIBRARY_START && pc < LIBRARY_END) || pc >= GUARANTEED_START;
  if (isLibrary)
    return { name: libraryOs === '' ? 'library OS' : libraryOs, symbols: symbols.images.get(libraryOs) };
  return { name: 'program', symbols: symbols.images.get(name) };
}
