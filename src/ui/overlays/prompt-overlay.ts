/**
 * One line to type: arguments, a number. Enter hands the text over, or shows what is wrong with it and stays.
 */

import type { Key } from '../../terminal/index.js';
import { printable, type Row, row, span, wrapText } from '../rows.js';
import type { Overlay } from './overlay.js';

export interface PromptOverlayOptions {
  readonly title: string;
  readonly question: string;
  readonly text?: string;
  /** What is wrong with a text, '' when nothing is. */
  readonly problem?: (text: string) => string;
  /** Called after the overlay has been closed. */
  readonly onSubmit: (text: string) => void;
}

export class PromptOverlay implements Overlay {
  readonly title: string;
  readonly hint = 'Enter accept  Ctrl-u clear  Esc back';
  readonly width = 60;
  readonly #options: PromptOverlayOptions;
  #text: string;
  #caret: number;
  #problem = '';
  #isSubmitted = false;
  /** The suggestion stands untouched: the first character typed replaces it. */
  #isSuggestion: boolean;

  constructor(options: PromptOverlayOptions) {
    this.#options = options;
    this.title = options.title;
    this.#text = options.text ?? '';
    this.#caret = this.#text.length;
    this.#isSuggestion = this.#text !== '';
  }

  runChoice(): void {
    if (this.#isSubmitted) this.#options.onSubmit(this.#text);
  }

  rows(width: number): readonly Row[] {
    const question = wrapText(this.#options.question, width).map((line) => row(line));
    // The caret stays in view: of a long text the part around its end is shown.
    const room = Math.max(4, width - 4);
    const start = Math.max(0, this.#caret - room);
    const before = printable(this.#text.slice(start, this.#caret));
    const under = printable(this.#text.slice(this.#caret, this.#caret + 1)) || ' ';
    const after = printable(this.#text.slice(this.#caret + 1, start + room));
    return [
      ...question,
      row(
        span('> ', { dim: true }),
        span(before, { bold: !this.#isSuggestion, dim: this.#isSuggestion }),
        span(under, { inverse: true }),
        span(after, { bold: true }),
      ),
      row(span(this.#problem, { color: 'red' })),
    ];
  }

  handleKey(key: Key): 'handled' | 'close' | 'ignored' {
    this.#problem = '';
    const wasSuggestion = this.#isSuggestion;
    this.#isSuggestion = false;
    switch (key.name) {
      case 'escape':
        return 'close';
      case 'enter':
        this.#problem = this.#options.problem?.(this.#text) ?? '';
        this.#isSubmitted = this.#problem === '';
        return this.#isSubmitted ? 'close' : 'handled';
      case 'left':
        this.#caret = Math.max(0, this.#caret - 1);
        return 'handled';
      case 'right':
        this.#caret = Math.min(this.#text.length, this.#caret + 1);
        return 'handled';
      case 'home':
        this.#caret = 0;
        return 'handled';
      case 'end':
      case 'ctrl-e':
        this.#caret = this.#text.length;
        return 'handled';
      case 'backspace':
        if (this.#caret > 0) {
          this.#text = this.#text.slice(0, this.#caret - 1) + this.#text.slice(this.#caret);
          this.#caret--;
        }
        return 'handled';
      case 'delete':
        this.#text = this.#text.slice(0, this.#caret) + this.#text.slice(this.#caret + 1);
        return 'handled';
      case 'ctrl-u':
        this.#text = '';
        this.#caret = 0;
        return 'handled';
      default:
        if (key.text === '') return 'ignored';
        this.#isSuggestion = wasSuggestion;
        this.#insert(key.text);
        return 'handled';
    }
  }

  handlePaste(text: string): void {
    this.#insert(text.replace(/[\r\n]+/g, ' '));
  }

  #insert(text: string): void {
    if (this.#isSuggestion) {
      this.#isSuggestion = false;
      this.#text = '';
      this.#caret = 0;
    }
    this.#text = this.#text.slice(0, this.#caret) + text + this.#text.slice(this.#caret);
    this.#caret += text.length;
  }
}
