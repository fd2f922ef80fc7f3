/**
 * Symbol tables: names to addresses and back. Built from the shipped `symbols.json` files or from an ELF file's own
 * symbols. Lookup by address is a binary search over a sorted copy.
 */

export interface NamedAddress {
  readonly name: string;
  readonly address: number;
}

export class SymbolTable {
  readonly #byName = new Map<string, number>();
  readonly #sorted: NamedAddress[];

  constructor(symbols: readonly NamedAddress[]) {
    for (const { name, address } of symbols) {
      if (!this.#byName.has(name)) this.#byName.set(name, address >>> 0);
    }
    this.#sorted = symbols
      .map(({ name, address }) => ({ name, address: address >>> 0 }))
      .sort((a, b) => a.address - b.address);
  }

  get size(): number {
    return this.#byName.size;
  }

  address(name: string): number | undefined {
    return this.#byName.get(name);
  }

  /** The symbol at or below `address`, at most `maxOffset` bytes away. */
  find(address: number, maxOffset = 0x4000): { readonly name: string; readonly offset: number } | undefined {
    const wanted = address >>> 0;
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle]?.address ?? 0) <= wanted) low = middle + 1;
      else high = middle;
    }
    const symbol = this.#sorted[low - 1];
    if (symbol === undefined || wanted - symbol.address > maxOffset) return undefined;
    return { name: symbol.name, offset: wanted - symbol.address };
  }

  /** 'name', 'name+0x10', or ''. */
  format(address: number): string {
    const found = this.find(address);
    if (found === undefined) return '';
    return found.offset === 0 ? found.name : `${found.name}+0x${found.offset.toString(16)}`;
  }

  /** Every symbol whose address lies in [from, to), ascending. */
  between(from: number, to: number): readonly NamedAddress[] {
    return this.#sorted.filter((symbol) => symbol.address >= from && symbol.address < to);
  }
}

/**
 * Reads a `symbols.json`: {name: address}, or {file: {name: address}} for several images, of which `image` names one
 * (all are merged when it is undefined). Addresses are numbers or hexadecimal strings.
 */
export function parseSymbolTable(json: unknown, image?: string): SymbolTable {
  const symbols: NamedAddress[] = [];
  const collect = (value: unknown, isWanted: boolean): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, entry] of Object.entries(value)) {
      const address = typeof entry === 'string' ? Number.parseInt(entry, 16) : entry;
      if (typeof address === 'number' && Number.isFinite(address)) {
        if (isWanted) symbols.push({ name, address });
      } else collect(entry, isWanted || name === image);
    }
  };
  collect(json, image === undefined);
  return new SymbolTable(symbols);
}
