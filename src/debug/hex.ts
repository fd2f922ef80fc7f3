/** Numbers and bytes as the protocol writes them. Registers are little-endian, as the machine is. */

export function bytesToHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** undefined when `text` is not pairs of hexadecimal digits. */
export function hexToBytes(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** An address or length of at most 32 bits; GDB may send 32-bit addresses sign-extended to 64. */
export function parseNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const digits = /^(?:f{8}(?=[89a-f][0-9a-f]{7}$))?0{0,8}([0-9a-f]{1,8})$/i.exec(text)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

export function textToHex(text: string): string {
  return bytesToHex(new TextEncoder().encode(text));
}

/** `0x8000_0400`, as the rest of exostation prints addresses. */
export function address(value: number): string {
  const digits = (value >>> 0).toString(16).padStart(8, '0');
  return `0x${digits.slice(0, 4)}_${digits.slice(4)}`;
}
