/**
 * What the commands may ask of the desktop: messages to the workstation, panes, focus, and the end.
 */

import type { EventKind, Explanation } from '../observe/index.js';
import type { Key } from '../terminal/index.js';
import type { ReplyValues, WorkstationCommand } from '../workstation/index.js';
import type { Focus } from './desktop-state.js';
import type { Run } from './run.js';

type Without<Command, Key extends string> = Command extends unknown ? Omit<Command, Key> : never;
/** A command that is answered, without its number. */
export type Request = Without<Extract<WorkstationCommand, { readonly id: number }>, 'id'>;

export interface DesktopHost {
  post(command: WorkstationCommand): void;
  /** Resolves with the reply's value; rejects with one line. */
  request<Kind extends keyof ReplyValues>(
    command: Extract<Request, { readonly kind: Kind }>,
  ): Promise<ReplyValues[Kind]>;
  /** Opens a pane for a run, beside or below the focused one, and focuses it. */
  openPane(run: Run, isBeside: boolean): void;
  openConsole(): void;
  /** Takes a pane off the screen. */
  removePane(id: number): void;
  focus(focus: Focus): void;
  focusSomePane(): void;
  /** Views were opened or hidden. */
  viewsChanged(): void;
  /** Bytes to the focused pane's line. */
  type(bytes: Uint8Array): void;
  /** The workstation's own keyboard. */
  readonly screen: { type(key: Key): void; paste(text: string): void };
  explain(kind: EventKind): Explanation;
  changed(): void;
  redraw(): void;
  quit(): void;
}
