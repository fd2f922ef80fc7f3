/**
 * The registers as GDB numbers and describes them: the three features that it knows for MIPS, and one of our own for what
 * else the R3000A has and for the cycle counter. One table gives the target description, `g`, `G`, `p` and `P`.
 * GDB manual, appendix G.5.5.
 */

import type { Machine, RegisterSet } from '../machine/index.js';
import { bytesToHex } from './hex.js';

interface Register {
  readonly name: string;
  /** Undefined: the cycle counter, 64 bits, which cannot be written. */
  readonly set: RegisterSet | undefined;
  readonly index: number;
  readonly type: 'uint32' | 'int32' | 'ieee_single' | 'uint64' | 'code_ptr' | 'data_ptr';
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
  { name: 'cycle', set: undefined, index: 0, type: 'uint64', group: 'system' },
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

/** Bits of a register in the protocol. */
const bits = ({ type }: Register): number => (type === 'uint64' ? 64 : 32);

/** The XML document that GDB reads as `target.xml`. */
export function targetDescription(): string {
  const features = FEATURES.map(({ name, has }) => {
    const lines = TABLE.map((register, number) =>
      has(register, number)
        ? `<reg name="${register.name}" bitsize="${bits(register)}" regnum="${number}" type="${register.type}"` +
          `${register.group === undefined ? '' : ` group="${register.group}"`}/>`
        : '',
    ).filter((line) => line !== '');
    return `<feature name="${name}">\n${lines.join('\n')}\n</feature>`;
  });
  return (
    '<?xml version="1.0"?>\n<!DOCTYPE target SYSTEM "gdb-target.dtd">\n' +
    `<target version="1.0">\n<architecture>mips:3000</architecture>\n${features.join('\n')}\n</target>\n`
  );
}

/** Value of one register as hexadecimal bytes; undefined when there is none of that number. */
export function readRegister(machine: Machine, number: number): string | undefined {
  const register = TABLE[number];
  if (register === undefined) return undefined;
  const bytes = new Uint8Array(bits(register) / 8);
  const view = new DataView(bytes.buffer);
  if (register.set === undefined) view.setBigUint64(0, BigInt(machine.cycle), true);
  else view.setUint32(0, machine.debugPort.readRegister(register.set, register.index), true);
  return bytesToHex(bytes);
}

export function readAllRegisters(machine: Machine): string {
  return TABLE.map((_, number) => readRegister(machine, number)).join('');
}

/** False when there is no such register, it cannot be written, or the value has another length. */
export function writeRegister(machine: Machine, number: number, value: Uint8Array): boolean {
  const register = TABLE[number];
  if (register?.set === undefined || value.length !== bits(register) / 8) return false;
  const word = new DataView(value.buffer, value.byteOffset).getUint32(0, true);
  return machine.debugPort.writeRegister(register.set, register.index, word);
}

/** Takes values for all registers; those that cannot be written keep theirs. False when the length is another. */
export function writeAllRegisters(machine: Machine, values: Uint8Array): boolean {
  const length = TABLE.reduce((sum, register) => sum + bits(register) / 8, 0);
  if (values.length !== length) return false;
  let at = 0;
  TABLE.forEach((register, number) => {
    const end = at + bits(register) / 8;
    writeRegister(machine, number, values.subarray(at, end));
    at = end;
  });
  return true;
}
