/**
 * The header of a TURBOchannel option ROM: how any kernel finds out what is in a slot. One byte in each 32-bit word, the
 * test pattern on all four lanes. It stands at 0x3e0 from the slot's base, or at 0x3c03e0 on cards of the first years;
 * kernels look at both, and take a bus error at the latter for an empty slot. TURBOchannel specification, as Linux
 * (tc.c, linux/tc.h) and NetBSD (tcreg.h) read it.
 */

/** Offsets of the header from the slot's base, and its length in bytes. */
export const OPTION_HEADER = { offset: 0x3e0, oldOffset: 0x3c_03e0, length: 0xa0 } as const;

export interface OptionIdentity {
  /** Firmware revision, vendor and module name: at most eight characters each. */
  readonly firmware: string;
  readonly vendor: string;
  readonly module: string;
  /** Units of 8 KB. */
  readonly romSize: number;
  /** Units of 4 MB of the slot's address space. */
  readonly slotSize: number;
}

/** The header's words. */
export function optionHeader(identity: OptionIdentity): Uint32Array {
  const words = new Uint32Array(OPTION_HEADER.length / 4);
  const text = (value: string, length: number): number[] =>
    [...value.padEnd(length)].map((character) => character.charCodeAt(0));
  // Width 1 byte, stride 4.
  words.set([1, 4, identity.romSize, identity.slotSize], 0);
  words.set([0x5555_5555, 0x0000_0000, 0xaaaa_aaaa, 0xffff_ffff], 4);
  words.set(text(identity.firmware, 8), 8);
  words.set(text(identity.vendor, 8), 16);
  words.set(text(identity.module, 8), 24);
  words.set(text('TCF0', 4), 32);
  // Flags: 0, no parity.
  return words;
}
