/**
 * Text to read: help, orientation, the explanation of an event. Scrolls when it is longer than the screen; any key that
 * does not scroll closes it.
 */

import type { Key } from '../../terminal/index.js';
import { type Row, row, span } from '../rows.js';
import type { Overlay } from './overlay.js';

const SCROLL_KEYS: Readonly<Record<string, number>> = { up: -1, down: 1, pageup: -10, pagedown: 10 };

export interface TextOverlayOptions {
  readonly title: string;
  readonly width: number;
  readonly content: (width: number) => readonly Row[];
  /** Shown without having been asked for: a character typed was meant for the pane below. */
  readonly isUnasked?: boolean;
}

export class TextOverlay implements Overlay {
  readonly title: string;
  readonly hint = 'up/down scroll  Esc, Enter or any other key closes';
  readonly width: number;
  readonly #content: (width: number) => readonly Row[];
  readonly #isUnasked: boolean;
  #first = 0;

  constructor(options: TextOverlayOptions) {
    this.title = options.title;
    this.width = options.width;
    this.#content = options.content;
    this.#isUnasked = options.isUnasked ?? false;
  }

  rows(width: number, maxHeight: number): readonly Row[] {
    const all = this.#content(width);
    this.#first = Math.max(0, Math.min(this.#first, all.length - maxHeight));
    if (all.length <= maxHeight) return all;
    const shown = all.slice(this.#first, this.#first + maxHeight - 1);
    const below = all.length - this.#first - shown.length;
    return [
      ...shown,
      row(span(below > 0 ? `... ${below} more lines: down, PageDown` : '(end)', { dim: true })),
    ];
  }

  handleKey(key: Key): 'handled' | 'close' | 'pass' {
    const lines = SCROLL_KEYS[key.name];
    if (lines === undefined) return this.#isUnasked && key.text.trim() !== '' ? 'pass' : 'close';
    this.#first += lines;
    return 'handled';
  }

  handleClick(): 'close' {
    return 'close';
  }
}
