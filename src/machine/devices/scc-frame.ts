/**
 * Rate and format of a Z85C30 channel's characters, from its registers: WR4's parity, stop bits and clock factor, the baud
 * rate generator's constant in WR12 and WR13, and the size code that WR3 (receiver) and WR5 (transmitter) have each.
 */

import { WR4 } from './scc-registers.js';
import type { SerialFrame } from './serial-frame.js';

const PCLK_HERTZ = 7_372_800;
/** By size code, in the chip's own order. */
const DATA_BITS = [5, 7, 6, 8] as const;
/** The first is for synchronous modes. */
const STOP_BITS = [1, 1, 1.5, 2] as const;
const CLOCK_FACTOR = [1, 16, 32, 64] as const;

export function sccDataBits(sizeCode: number): number {
  return DATA_BITS[sizeCode & 3] as number;
}

export function sccFrame(registers: Uint8Array, sizeCode: number): SerialFrame {
  const mode = registers[4] as number;
  return {
    baud: PCLK_HERTZ / bitPclks(registers),
    dataBits: sccDataBits(sizeCode),
    parity: mode & WR4.parityEnable ? (mode & WR4.parityEven ? 'even' : 'odd') : 'none',
    stopBits: STOP_BITS[(mode >>> 2) & 3] as number,
  };
}

/** Length of one character in CPU cycles. */
export function sccCharacterCycles(registers: Uint8Array, sizeCode: number, hertz: number): number {
  const mode = registers[4] as number;
  const bits =
    1 + sccDataBits(sizeCode) + (mode & WR4.parityEnable) + (STOP_BITS[(mode >>> 2) & 3] as number);
  return Math.round((bits * bitPclks(registers) * hertz) / PCLK_HERTZ);
}

/** PCLK periods of one bit. */
function bitPclks(registers: Uint8Array): number {
  const constant = (registers[12] as number) | ((registers[13] as number) << 8);
  return 2 * (constant + 2) * (CLOCK_FACTOR[(registers[4] as number) >>> 6] as number);
}
