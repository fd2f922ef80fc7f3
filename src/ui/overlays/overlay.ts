/**
 * What lies above the windows and takes the keys while it is there: a title, rows, a hint, and a size. Overlays are
 * stacked; Esc takes the top one away.
 */

import type { Key } from '../../terminal/index.js';
import type { Row } from '../rows.js';

export interface Overlay {
  readonly title: string;
  /** Keys that work here, for the hint bar. */
  readonly hint: string;
  /** Wanted inner width; the frame is two wider. */
  readonly width: number;
  /** The rows inside the frame. */
  rows(width: number, maxHeight: number): readonly Row[];
  /** 'close' takes the overlay away, 'pass' too, and the key goes where it was meant for; 'ignored' leaves it to nobody. */
  handleKey(key: Key): 'handled' | 'close' | 'pass' | 'ignored';
  handlePaste?(text: string): void;
  /** A click on one of the rows that rows() returned last. */
  handleClick?(row: number): 'handled' | 'close';
}
