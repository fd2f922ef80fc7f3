/**
 * A list to choose from: typing filters, arrows move, Enter chooses. The launcher, the palette and every 'which one?'
 * are such lists.
 */

import type { Key } from '../../terminal/index.js';
import { fuzzyFilter } from '../fuzzy.js';
import { highlight, justify, printable, type Row, row, span } from '../rows.js';
import type { Overlay } from './overlay.js';

export interface ListItem {
  readonly label: string;
  /** Shown dimmed at the right: a key, a library OS, a number. */
  readonly detail: string;
  readonly color?: string | undefined;
}

export interface ListOverlayOptions<Item extends ListItem> {
  readonly title: string;
  /** One line above the list that says what is being chosen. */
  readonly question: string;
  readonly items: readonly Item[];
  readonly selected?: number;
  readonly width?: number;
  /** Called after the overlay has been closed. */
  readonly onChoose: (item: Item) => void;
}

export class ListOverlay<Item extends ListItem> implements Overlay {
  readonly title: string;
  readonly hint = 'type to filter  up/down move  Enter choose  Esc back';
  readonly width: number;
  readonly #options: ListOverlayOptions<Item>;
  #filter = '';
  #selected: number;
  #firstShown = 0;
  #chosen: Item | undefined;

  constructor(options: ListOverlayOptions<Item>) {
    this.#options = options;
    this.title = options.title;
    this.#selected = Math.max(0, options.selected ?? 0);
    const widest = Math.max(
      options.question.length,
      ...options.items.map(({ label, detail }) => label.length + detail.length + 4),
    );
    this.width = options.width ?? Math.max(36, Math.min(70, widest + 2));
  }

  /** What Enter chose; the owner calls onChoose with it after closing. */
  get chosen(): Item | undefined {
    return this.#chosen;
  }

  runChoice(): void {
    if (this.#chosen !== undefined) this.#options.onChoose(this.#chosen);
  }

  #matches(): readonly Item[] {
    return fuzzyFilter(this.#filter, this.#options.items, ({ label }) => label);
  }

  rows(width: number, maxHeight: number): readonly Row[] {
    const matches = this.#matches();
    const room = Math.max(1, maxHeight - 3);
    this.#selected = Math.max(0, Math.min(this.#selected, matches.length - 1));
    this.#firstShown = Math.max(0, Math.min(this.#selected - Math.floor(room / 2), matches.length - room));
    const lines = matches.slice(this.#firstShown, this.#firstShown + room).map((item, index) => {
      const isSelected = this.#firstShown + index === this.#selected;
      const line = justify(
        row(isSelected ? '> ' : '  ', span(printable(item.label), { color: item.color })),
        row(span(`${printable(item.detail)} `, { dim: !isSelected })),
        width,
      );
      return isSelected ? highlight(line, width, { inverse: true }) : line;
    });
    if (matches.length === 0) lines.push(row(span('  nothing matches', { dim: true })));
    const more = matches.length > room ? ` (${this.#selected + 1} of ${matches.length})` : '';
    return [
      row(`${this.#options.question}${more}`),
      row(
        span('> ', { dim: true }),
        span(printable(this.#filter), { bold: true }),
        span(' ', { inverse: true }),
      ),
      ...lines,
    ];
  }

  handleKey(key: Key): 'handled' | 'close' | 'ignored' {
    const matches = this.#matches();
    switch (key.name) {
      case 'escape':
        return 'close';
      case 'enter':
        this.#chosen = matches[this.#selected];
        return this.#chosen === undefined ? 'handled' : 'close';
      case 'up':
      case 'ctrl-p':
        this.#selected = this.#selected > 0 ? this.#selected - 1 : Math.max(0, matches.length - 1);
        return 'handled';
      case 'down':
      case 'ctrl-n':
      case 'tab':
        this.#selected = this.#selected < matches.length - 1 ? this.#selected + 1 : 0;
        return 'handled';
      case 'pageup':
        this.#selected = Math.max(0, this.#selected - 10);
        return 'handled';
      case 'pagedown':
        this.#selected = Math.min(matches.length - 1, this.#selected + 10);
        return 'handled';
      case 'home':
        this.#selected = 0;
        return 'handled';
      case 'end':
        this.#selected = matches.length - 1;
        return 'handled';
      case 'backspace':
        this.#filter = this.#filter.slice(0, -1);
        return 'handled';
      case 'ctrl-u':
        this.#filter = '';
        return 'handled';
      default:
        if (key.text === '') return 'ignored';
        this.#filter += key.text;
        this.#selected = 0;
        return 'handled';
    }
  }

  handlePaste(text: string): void {
    this.#filter += text.replace(/\s+/g, ' ');
    this.#selected = 0;
  }

  handleClick(clickedRow: number): 'handled' | 'close' {
    const index = this.#firstShown + clickedRow - 2;
    const item = this.#matches()[index];
    if (clickedRow < 2 || item === undefined) return 'handled';
    this.#selected = index;
    this.#chosen = item;
    return 'close';
  }
}
