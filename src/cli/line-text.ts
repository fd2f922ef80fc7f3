/** Bytes of several terminal lines as whole lines of text: control sequences dropped, one callback a line. */

export class LineText {
  readonly #show: (line: number, text: string) => void;
  readonly #pending = new Map<number, string>();

  constructor(show: (line: number, text: string) => void) {
    this.#show = show;
  }

  take(line: number, byte: number): void {
    const text = this.#pending.get(line) ?? '';
    if (byte === 0x0a) {
      this.#end(line, text);
      this.#pending.delete(line);
    } else if (byte !== 0x0d) this.#pending.set(line, text + String.fromCharCode(byte));
  }

  /** Shows what no end of line has followed yet. */
  flush(): void {
    for (const [line, text] of this.#pending) this.#end(line, text);
    this.#pending.clear();
  }

  #end(line: number, text: string): void {
    const plain = text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
      .replace(/\x1b\[[0-9;?]*[@-~]/g, '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
      .replace(/[\x00-\x1f\x7f]/g, '')
      .trimEnd();
    if (plain !== '') this.#show(line, plain);
  }
}
