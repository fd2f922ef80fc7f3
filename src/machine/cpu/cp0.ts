/**
 * CP0 register numbers, bits and exception codes by their names in the MIPS manual (Kane & Heinrich). Masks with bit
 * 31 set are written as the negative 32-bit integers that the interpreter computes with.
 */

export const CP0 = {
  Index: 0,
  Random: 1,
  EntryLo: 2,
  Context: 4,
  BadVAddr: 8,
  EntryHi: 10,
  Status: 12,
  Cause: 13,
  EPC: 14,
  PRId: 15,
} as const;

export const STATUS = {
  IEc: 1,
  KUc: 2,
  IEp: 4,
  KUp: 8,
  IM: 0xff00,
  IsC: 0x1_0000,
  SwC: 0x2_0000,
  CM: 0x8_0000,
  PE: 0x10_0000,
  TS: 0x20_0000,
  BEV: 0x40_0000,
  RE: 0x200_0000,
  CU0: 0x1000_0000,
  CU1: 0x2000_0000,
  /** Bits that mtc0 can change. PE is write-1-to-clear, TS and CM are the chip's. */
  writable: -0x0db8_00c1,
} as const;

export const CAUSE = { BD: -0x8000_0000, softwareInterrupts: 0x300, ExcCode: 0x7c } as const;

export const EXCEPTION = {
  Int: 0,
  Mod: 1,
  TLBL: 2,
  TLBS: 3,
  AdEL: 4,
  AdES: 5,
  IBE: 6,
  DBE: 7,
  Sys: 8,
  Bp: 9,
  RI: 10,
  CpU: 11,
  Ov: 12,
} as const;

export const EXCEPTION_NAMES: readonly (keyof typeof EXCEPTION)[] = Object.keys(
  EXCEPTION,
) as readonly (keyof typeof EXCEPTION)[];

export const ENTRY_LO = { N: 0x800, D: 0x400, V: 0x200, G: 0x100, writable: -0x100 } as const;

export const ENTRY_HI = { VPN: -0x1000, ASID: 0xfc0 } as const;

/** What a CPU and its FPU call themselves: PRId and FCR0. */
export interface CpuIdentity {
  readonly processor: number;
  readonly fpu: number;
}

/** With the R3010, as a NetBSD kernel reports them on a 5000/1xx. */
export const R3000A: CpuIdentity = { processor: 0x0230, fpu: 0x0330 };
/** With the R2010. Kernels know 0x0210 for the R2000A; the FPU's implementation number is 2, its revision a guess. */
export const R2000A: CpuIdentity = { processor: 0x0210, fpu: 0x0210 };

/** The defined bits of FCR31. */
export const FCR31 = { E: 0x2_0000, C: 0x80_0000, writable: 0x0083_ffff } as const;
