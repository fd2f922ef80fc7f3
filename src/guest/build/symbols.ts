/** Symbol tables of what was built: global names (or all functions) to hexadecimal addresses, sorted by address. */

import { PREFIX, run } from './toolchain.js';

export type SymbolAddresses = Readonly<Record<string, string>>;

const LINE = /^(?:ffffffff)?([0-9a-f]{8}) ([A-Za-z]) (\S+)$/;

/**
 * Text symbols, static functions included, and global data. Two static functions of one name: the first keeps it.
 * Compiler-made names and local labels are left out.
 */
export async function symbolsOf(elf: string): Promise<SymbolAddresses> {
  const symbols: Record<string, string> = {};
  for (const line of (await run(`${PREFIX}nm`, ['-n', elf])).split('\n')) {
    const [, address, type, name] = LINE.exec(line) ?? [];
    if (address === undefined || type === undefined || name === undefined) continue;
    const isWanted = 'TtDBRVW'.includes(type) && !name.startsWith('.') && !name.startsWith('$');
    if (isWanted && symbols[name] === undefined) symbols[name] = address;
  }
  return symbols;
}
