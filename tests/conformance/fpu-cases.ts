/**
 * Floating-point operations with operands, for comparing the FPU with a reference: every MIPS I operation, operands
 * where mistakes hide (denormals, NaNs, infinities, ties, both ends of the range), all rounding modes. One case is a
 * record of eight words; its outcome three.
 */
import { Fpu } from '../../src/machine/cpu/fpu.js';
import { createGuestMemory, LAYOUT } from '../../src/machine/memory/layout.js';
import { TIMING_R3010 } from '../../src/machine/time/fpu-timing.js';
import type { TestRandom } from '../support/random.js';

type FormatName = 's' | 'd' | 'w';

interface Operation {
  readonly name: string;
  readonly fn: number;
  readonly format: FormatName;
}

const PREDICATES = 'f un eq ueq olt ult ole ule sf ngle seq ngl lt nge le ngt'.split(' ');
const FORMAT_CODES = { s: 16, d: 17, w: 20 } as const;

const inFormats = (name: string, fn: number, formats: string): Operation[] =>
  [...formats].map((format) => ({ name: `${name}.${format}`, fn, format: format as FormatName }));

export const OPERATIONS: readonly Operation[] = [
  ...['add', 'sub', 'mul', 'div'].flatMap((name, fn) => inFormats(name, fn, 'sd')),
  ...['abs', 'mov', 'neg'].flatMap((name, index) => inFormats(name, 5 + index, 'sd')),
  ...inFormats('cvt.s', 32, 'dw'),
  ...inFormats('cvt.d', 33, 'sw'),
  ...inFormats('cvt.w', 36, 'sd'),
  ...PREDICATES.flatMap((name, index) => inFormats(`c.${name}`, 48 + index, 'sd')),
];

/** Instruction word: destination $f4, operands $f0 and $f2. */
export function wordOf({ fn, format, name }: Operation): number {
  const hasSecond = fn < 4 || fn >= 48;
  const fd = name.startsWith('c.') ? 0 : 4;
  return (0x4400_0000 | (FORMAT_CODES[format] << 21) | ((hasSecond ? 2 : 0) << 16) | (fd << 6) | fn) >>> 0;
}

/** Operation, FCR31, $f0 to $f5 before. Doubles: low word first. */
export interface FpuCase {
  readonly operation: number;
  readonly control: number;
  readonly registers: readonly number[];
}

/** $f4, $f5 and FCR31 after. */
export interface FpuOutcome {
  readonly result: readonly [number, number];
  readonly control: number;
}

export const FCR31_BITS = 0x0083_ffff;
const CONTROL = { E: 0x2_0000, causes: 0x3_f000, U: 0x2000, V: 0x1_0000, I: 0x1000 } as const;

/** A case whose exceptions are all disabled: the reference would die of an enabled one. */
export function randomCase(random: TestRandom): FpuCase {
  // Compares are half of the list; arithmetic matters more.
  const operation = random.below(3) === 0 ? random.below(OPERATIONS.length) : random.below(20);
  const format = OPERATIONS[operation]?.format ?? 's';
  const control = random.below(4) | (random.below(32) << 2) | (random.below(2) << 23);
  return { operation, control, registers: [...operandPair(random, format), random.word(), random.word()] };
}

function operandPair(random: TestRandom, format: FormatName): number[] {
  if (format === 'w') return [random.operand(), random.word(), random.word(), random.word()];
  const fractionBits = format === 's' ? 23n : 52n;
  const exponents = format === 's' ? 256 : 2048;
  const a = operandBits(random, fractionBits, exponents, undefined);
  const b = random.below(16) === 0 ? a : operandBits(random, fractionBits, exponents, a);
  const split = (bits: bigint): number[] =>
    format === 's' ? [Number(bits), random.word()] : [Number(bits & 0xffff_ffffn), Number(bits >> 32n)];
  return [...split(a), ...split(b)];
}

/** A number's bits. `other`: the first operand, to be near of. */
function operandBits(
  random: TestRandom,
  fractionBits: bigint,
  exponents: number,
  other: bigint | undefined,
): bigint {
  const bias = exponents / 2 - 1;
  const fraction = randomFraction(random, fractionBits);
  const near = other === undefined ? bias : Number(other >> fractionBits) % exponents;
  const choices = [
    (): number => random.pick([0, 0, 1, 2, exponents - 1, exponents - 2, exponents - 3]),
    (): number => near + random.below(61) - 30,
    (): number => near + random.below(5) - 2,
    (): number => bias + random.below(70) - 35,
    // What brings a product or a quotient to an end of the range.
    (): number => bias - near + bias + random.pick([-bias, bias, 0]) + random.below(9) - 4,
    (): number => near + random.pick([-bias, bias]) + random.below(9) - 4,
    (): number => random.below(exponents),
  ];
  const exponent = Math.min(Math.max(random.pick(choices)(), 0), exponents - 1);
  const sign = BigInt(random.below(2));
  return (((sign * BigInt(exponents)) | BigInt(exponent)) << fractionBits) | fraction;
}

function randomFraction(random: TestRandom, bits: bigint): bigint {
  const all = (1n << bits) - 1n;
  const any = ((BigInt(random.word()) << 32n) | BigInt(random.word())) & all;
  switch (random.below(6)) {
    case 0:
      return 0n;
    case 1: // few bits at the top: exact results and ties
      return all & ~(all >> BigInt(random.below(8)));
    case 2: // few bits anywhere
      return (1n << BigInt(random.below(Number(bits)))) | (1n << BigInt(random.below(Number(bits))));
    case 3:
      return random.pick([all, 1n, all - 1n, (all >> 1n) + 1n]);
    default:
      return any;
  }
}

/** An FPU of its own, outside of any machine. */
export class BareFpu {
  isRaised = false;
  readonly fpu: Fpu;
  readonly #registers: Int32Array;
  readonly #control: Int32Array;
  #cycle = 0;

  constructor() {
    const memory = createGuestMemory(0x1_0000);
    this.#registers = new Int32Array(memory.buffer, LAYOUT.fpuRegisters, 32);
    this.#control = new Int32Array(memory.buffer, LAYOUT.fpuControl, 1);
    this.fpu = new Fpu(memory, TIMING_R3010, (isRaised) => {
      this.isRaised = isRaised;
    });
  }

  run({ operation, control, registers }: FpuCase): FpuOutcome & { readonly isComplete: boolean } {
    this.#registers.set(registers);
    this.fpu.writeControl(control);
    this.#cycle += 100;
    const isComplete = this.fpu.execute(wordOf(OPERATIONS[operation] as Operation), this.#cycle);
    const [low = 0, high = 0] = this.#registers.subarray(4, 6);
    return { result: [low >>> 0, high >>> 0], control: (this.#control[0] ?? 0) >>> 0, isComplete };
  }
}

/** Empty when the FPU did what the R3010 should, given what the reference says; otherwise what went wrong. */
export function judge(bare: BareFpu, fpuCase: FpuCase, reference: FpuOutcome): string {
  const ours = bare.run(fpuCase);
  const { operation, control, registers } = fpuCase;
  const { name } = OPERATIONS[operation] as Operation;
  const text = `${name} ${hex([control, ...registers])}: ours ${hex([...ours.result, ours.control])}, reference ${hex([...reference.result, reference.control])}`;
  const software = isForSoftware(fpuCase, reference);
  if ((ours.control & CONTROL.E) !== 0) {
    const expected = ((control & ~CONTROL.causes) | CONTROL.E) >>> 0;
    const isKept = ours.result[0] === registers[4] && ours.result[1] === registers[5];
    if (software === 'no') return `${text}: E without reason`;
    return isKept && ours.control === expected && !ours.isComplete && bare.isRaised
      ? ''
      : `${text}: E, but not kept`;
  }
  if (software === 'yes') return `${text}: E expected`;
  const isSame =
    ours.result[0] === reference.result[0] &&
    ours.result[1] === reference.result[1] &&
    ours.control === reference.control &&
    ours.isComplete &&
    !bare.isRaised;
  if (!isSame) return `${text}: differ`;
  // The same with every exception enabled: it traps when there was one, and leaves the destination alone.
  const enabled = bare.run({ ...fpuCase, control: control | 0xf80 });
  const causes = reference.control & CONTROL.causes;
  if (causes === 0 || /^(mov|abs|neg)/.test(name)) return '';
  const expected = ((control & ~CONTROL.causes) | 0xf80 | causes) >>> 0;
  const isTrapped =
    enabled.control === expected &&
    !enabled.isComplete &&
    bare.isRaised &&
    enabled.result[0] === registers[4] &&
    enabled.result[1] === registers[5];
  return isTrapped ? '' : `${text}: enabled, ours ${hex([...enabled.result, enabled.control])}`;
}

/** Whether the R3010 leaves the case to software. */
function isForSoftware(fpuCase: FpuCase, reference: FpuOutcome): 'yes' | 'no' | 'either' {
  const { name, fn, format } = OPERATIONS[fpuCase.operation] as Operation;
  if (fn >= 48 || name.startsWith('mov')) return 'no';
  const { registers } = fpuCase;
  const operands = fn < 4 ? [registers.slice(0, 2), registers.slice(2, 4)] : [registers.slice(0, 2)];
  if (format !== 'w' && operands.some((operand) => isUnusual(operand, format))) return 'yes';
  if (name.startsWith('cvt.w')) return (reference.control & CONTROL.V) !== 0 ? 'yes' : 'no';
  if ((reference.control & CONTROL.U) !== 0) return 'yes';
  const target = fn === 32 ? 's' : fn === 33 ? 'd' : format;
  if ((reference.control & CONTROL.V) !== 0 || target === 'w') return 'no';
  if (isUnusual(reference.result, target)) return 'yes';
  // Rounded to the smallest normal number: the reference says U after rounding only, the FPU looks before.
  const [low = 0, high = 0] = reference.result;
  const isSmallest =
    target === 's' ? (low & 0x7fff_ffff) === 0x80_0000 : low === 0 && (high & 0x7fff_ffff) === 0x10_0000;
  return isSmallest && (reference.control & CONTROL.I) !== 0 ? 'either' : 'no';
}

/** Denormal or NaN. */
function isUnusual([low = 0, high = 0]: readonly number[], format: FormatName): boolean {
  const fractionBits = format === 's' ? 23n : 52n;
  const bits = format === 's' ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);
  const maximum = format === 's' ? 255n : 2047n;
  const exponent = (bits >> fractionBits) & maximum;
  return (exponent === 0n || exponent === maximum) && (bits & ((1n << fractionBits) - 1n)) !== 0n;
}

function hex(values: readonly number[]): string {
  return values.map((value) => (value >>> 0).toString(16).padStart(8, '0')).join(' ');
}
