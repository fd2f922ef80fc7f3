/**
 * Characters on an asynchronous line: a start bit, data bits with the lowest first, perhaps a parity bit, stop bits. Both
 * ends have their own idea of the rate and the format; what the receiver makes of a character is found as it would
 * be, by looking at the wire in the middle of each bit that it expects.
 */

export interface SerialFrame {
  /** Bits per second. */
  readonly baud: number;
  readonly dataBits: number;
  readonly parity: 'none' | 'odd' | 'even';
  readonly stopBits: number;
}

export interface ReceivedCharacter {
  readonly byte: number;
  readonly isParityWrong: boolean;
  /** No stop bit where one belongs. */
  readonly isFrameWrong: boolean;
}

/** Length of a character in clock cycles. */
export function frameCycles(frame: SerialFrame, hertz: number): number {
  const bits = 1 + frame.dataBits + (frame.parity === 'none' ? 0 : 1) + frame.stopBits;
  return Math.round((bits * hertz) / frame.baud);
}

/** What a receiver set to `expected` makes of `byte` as a sender set to `sent` sends it, followed by silence. */
export function receiveFrame(byte: number, sent: SerialFrame, expected: SerialFrame): ReceivedCharacter {
  const { dataBits, parity } = expected;
  const level = (bit: number): number => levelAt(byte, sent, ((bit + 0.5) * sent.baud) / expected.baud);
  let data = 0;
  for (let bit = 0; bit < dataBits; bit++) data |= level(1 + bit) << bit;
  const hasParity = parity !== 'none';
  return {
    byte: data,
    isParityWrong: hasParity && level(1 + dataBits) !== parityBit(data, parity === 'odd'),
    isFrameWrong: level(1 + dataBits + (hasParity ? 1 : 0)) === 0,
  };
}

/** The wire, `time` in bits after the beginning of the start bit: 1 is the level of an idle line. */
function levelAt(byte: number, { dataBits, parity }: SerialFrame, time: number): number {
  const bit = Math.floor(time);
  if (bit < 1) return 0;
  if (bit <= dataBits) return (byte >>> (bit - 1)) & 1;
  if (bit === dataBits + 1 && parity !== 'none') {
    return parityBit(byte & ((1 << dataBits) - 1), parity === 'odd');
  }
  return 1;
}

function parityBit(data: number, isOdd: boolean): number {
  let ones = isOdd ? 1 : 0;
  for (let rest = data; rest !== 0; rest >>>= 1) ones ^= rest & 1;
  return ones;
}
