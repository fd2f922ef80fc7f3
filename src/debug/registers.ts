/**
 * The registers as GDB numbers and describes them: the three features that it knows for MIPS, and one of our own for what
 * else the R3000A has. One table gives the target description, `g`, `G`, `p` and `P`.
 * GDB manual, appendix G.5.5.
 */

import type { Machine, RegisterSet } from '../machine/index.js';
import { bytesToHex } from './hex.js';

interface Register {
  readonly name: string;
  readonly set: RegisterSet;
  readonly index: number;
  readonly type: 'uint32' | 'int32' | 'ieee_single' | 'code_ptr' | 'data_ptr';
  readonly group?: 'general' | 'float' | 'system';
}

const cp0 = (name: string, index: number, type: Register['type'] = 'uint32'): Register => ({
  name,
  set: 'cp0',
  index,
  type,
  group: 'system',
});

const numbered = (count: number, make: (index: number) => Register): Register[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** In the order of their numbers, without a gap. */
const TABLE: readonly Register[] = [
  ...numbered(32, (index) => ({ name: `r${index}`, set: 'general', index, type: 'int32' })),
  cp0('status', 12),
  { name: 'lo', set: 'lo', index: 0, type: 'int32' },
  { name: 'hi', set: 'hi', index: 0, type: 'int32' },
  cp0('badvaddr', 8, 'data_ptr'),
  cp0('cause', 13),
  { name: 'pc', set: 'pc', index: 0, type: 'code_ptr' },
  ...numbered(32, (index) => ({ name: `f${index}`, set: 'fpu', index, type: 'ieee_single' })),
  { name: 'fcsr', set: 'fcsr', index: 0, type: 'uint32', group: 'float' },
  { name: 'fir', set: 'fir', index: 0, type: 'uint32', group: 'float' },
  cp0('index', 0),
  cp0('random', 1),
  cp0('entrylo', 2),
  cp0('context', 4),
  cp0('entryhi', 10),
  cp0('epc', 14, 'code_ptr'),
  cp0('prid', 15),
];

const STANDARD = 'org.gnu.gdb.mips';
const CP0_NAMES = ['status', 'badvaddr', 'cause'];

const FEATURES: readonly {
  readonly name: string;
  readonly has: (register: Register, number: number) => boolean;
}[] = [
  { name: `${STANDARD}.cpu`, has: ({ name }, number) => number < 38 && !CP0_NAMES.includes(name) },
  { name: `${STANDARD}.cp0`, has: ({ name }) => CP0_NAMES.includes(name) },
  { name: `${STANDARD}.fpu`, has: (_, number) => number >= 38 && number < 72 },
  { name: 'org.exostation.r3000a', has: (_, number) => number >= 72 },
];

export const REGISTER_COUNT: number = TABLE.length;

const BYTES = 4;

/**
 * The XML document that GDB reads as `target.xml`. Without an operating system, since for Linux GDB does not ask the
 * machine to step, but looks for the next instruction itself.
 */
export function targetDescription(): string {
  const features = FEATURES.map(({ name, has }) => {
    const lines = TABLE.map((register, number) =>
      has(register, number)
        ? `<reg name="${register.name}" bitsize="32" regnum="${number}" type="${register.type}"` +
          `${register.group === undefined ? '' : ` group="${register.group}"`}/>`
        : '',
    ).filter((line) => line !== '');
    return `<feature name="${name}">\n${lines.join('\n')}\n</feature>`;
  });
  return (
    '<?xml version="1.0"?>\n<!DOCTYPE target SYSTEM "gdb-target.dtd">\n' +
    `<target version="1.0">\n<architecture>mips:3000</architecture>\n<osabi>none</osabi>\n${features.join('\n')}\n</target>\n`
  );
}

/** Value of one register as hexadecimal bytes; undefined when there is none of that number. */
export function readRegister(machine: Machine, number: number): string | undefined {
  const register = TABLE[number];
  if (register === undefined) return undefined;
  const bytes = new Uint8Array(BYTES);
  new DataView(bytes.buffer).setUint32(0, shownValue(machine, register.set, register.index), true);
  return bytesToHex(bytes);
}

export function readAllRegisters(machine: Machine): string {
  return TABLE.map((_, number) => readRegister(machine, number)).join('');
}

/** In a delay slot the PC is shown as that of the branch, as EPC would have it: GDB knows no other place to go on from. */
function shownValue(machine: Machine, set: RegisterSet, index: number): number {
  const value = machine.debugPort.readRegister(set, index);
  return set === 'pc' && machine.debugPort.isDelaySlot ? (value - BYTES) >>> 0 : value;
}

/** False when there is no such register, it cannot be written, or the value has another length. */
export function writeRegister(machine: Machine, number: number, value: Uint8Array): boolean {
  const register = TABLE[number];
  if (register === undefined || value.length !== BYTES) return false;
  const word = new DataView(value.buffer, value.byteOffset).getUint32(0, true);
  if (word === shownValue(machine, register.set, register.index)) return true;
  return machine.debugPort.writeRegister(register.set, register.index, word);
}

/** Takes values for all registers; those that cannot be written keep theirs. False when the length is another. */
export function writeAllRegisters(machine: Machine, values: Uint8Array): boolean {
  if (values.length !== TABLE.length * BYTES) return false;
  TABLE.forEach((_, number) => {
    writeRegister(machine, number, values.subarray(number * BYTES, (number + 1) * BYTES));
  });
  return true;
}
