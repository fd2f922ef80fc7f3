/**
 * Title bars. A pane's says its number (#3), program, library OS (in that library OS's colour), environment (the letter
 * that tables and maps use), state and cycles; a view's its name and key. Where there is little room the units leave
 * first, then the library OS. The focused window's bar is inverse, so that focus shows without colour.
 */

import { keyOfView } from '../commands.js';
import type { DesktopState } from '../desktop-state.js';
import { grouped, shortened } from '../format.js';
import { CONSOLE_PANE, type Pane } from '../pane.js';
import { printable, type Row, span } from '../rows.js';
import { commandLine, type Run } from '../run.js';
import { libraryOsColour, slotLetter } from '../theme.js';
import { VIEWS, type ViewKind } from '../views/view-kinds.js';

function bar(left: string, right: string, color: string | undefined, isFocused: boolean, width: number): Row {
  const style = isFocused ? { color, inverse: true, bold: true } : { color };
  const filler = isFocused ? ' ' : '─';
  const lead = isFocused ? ' ' : '─';
  const leftText = `${lead} ${left} `.slice(0, width);
  const room = width - leftText.length;
  const rightText = right !== '' && right.length + 3 <= room ? ` ${right} ${lead}` : '';
  return [
    span(leftText, style),
    span(filler.repeat(Math.max(0, room - rightText.length)), isFocused ? style : { color, dim: true }),
    span(rightText, style),
  ];
}

export function paneTitle(state: DesktopState, pane: Pane, isFocused: boolean, width: number): Row {
  const scrolled = pane.terminal.scrollOffset;
  if (pane.isScrolling || scrolled > 0) {
    const position = `scrollback: ${scrolled} of ${pane.terminal.scrollbackLines} lines up`;
    return bar(position, 'up/down, PageUp/PageDown, Esc returns', 'yellow', isFocused, width);
  }
  const { run } = pane;
  if (run === undefined) {
    return bar(`#${CONSOLE_PANE} serial console`, 'PROM and Aegis messages', 'blue', isFocused, width);
  }
  const color = libraryOsColour(run.libraryOs);
  const isOver = run.phase === 'ended' || run.phase === 'failed';
  const [left = '', right = ''] = isOver ? endedTitle(run, width) : liveTitle(state, run, width);
  return bar(`#${pane.id} ${left}`, right, color, isFocused, width);
}

type Sides = readonly [left: string, right: string];

/** The first that fits behind the pane's number, else the last, which is cut. */
function fitting(candidates: readonly Sides[], width: number): Sides | undefined {
  const room = width - '  #15  '.length;
  const sizeOf = ([left, right]: Sides): number => left.length + (right === '' ? 0 : right.length + 3);
  return candidates.find((sides) => sizeOf(sides) <= room) ?? candidates.at(-1);
}

function endedTitle(run: Run, width: number): Sides | [] {
  const program = printable(commandLine(run));
  const cycles = grouped(run.totalCycles);
  const name = `${program} on ${run.libraryOs}: ${run.endText}`;
  const candidates: readonly Sides[] = [
    [`${name}, ${cycles} cycles`, 'Enter: shell  Ctrl-a x closes'],
    [`${name}, ${cycles} cycles`, ''],
    [`${name}, ${shortened(run.totalCycles, 7)}`, ''],
    [`${program}: ${run.endText}, ${shortened(run.totalCycles, 7)}`, ''],
    [`${program}: ${run.endText}`, ''],
    [`${printable(run.program)}: ${run.endText}`, ''],
  ];
  return fitting(candidates, width) ?? [];
}

function liveTitle(state: DesktopState, run: Run, width: number): Sides | [] {
  const program = printable(commandLine(run));
  const name = `${program} on ${run.libraryOs}`;
  const environment = state.environmentOf(run);
  if (environment === undefined) return [`${name}: starting`, ''];
  const env = `env ${slotLetter(environment.slot)}`;
  const pages = grouped(environment.pageCount);
  const cycles = shortened(run.totalCycles, 13);
  const short = shortened(run.totalCycles, 7);
  const candidates: readonly Sides[] = [
    [name, `${env}  ${pages} pages  ${cycles} cycles`],
    [name, `${env}  ${pages} pages  ${cycles}`],
    [name, `${env}  ${pages} pages  ${short}`],
    [program, `${env}  ${pages} pages  ${short}`],
    [printable(run.program), `${env}  ${pages} pages  ${short}`],
    [printable(run.program), `${env}  ${short}`],
    [printable(run.program), env],
  ];
  return fitting(candidates, width) ?? [];
}

export function viewTitle(state: DesktopState, view: ViewKind, isFocused: boolean, width: number): Row {
  const { title, hint } = VIEWS[view];
  const isPaused = state.status?.isPaused === true;
  const text =
    view === 'inspector' && !isPaused
      ? `${title} (a sample; p pauses)`
      : view === 'screen'
        ? `${title}${screenDetails(state)}`
        : title;
  const key = `Ctrl-a ${keyOfView(view)}`;
  const right = isFocused ? (hint === '' ? `${key} hides` : hint) : key;
  const shown = right.length + text.length + 8 > width ? key : right;
  return bar(text, shown, undefined, isFocused, width);
}

const LAMPS = ['wait', 'compose', 'lock', 'hold'] as const;

/** The frame buffer's size, and the keyboard's lamps that are lit. */
function screenDetails({ screen }: DesktopState): string {
  if (screen === undefined) return '';
  const lit = LAMPS.filter((_, bit) => (screen.leds >>> bit) & 1);
  const lamps = lit.length === 0 ? '' : `, lit: ${lit.join(', ')}`;
  return ` ${screen.frameWidth}x${screen.frameHeight}${lamps}`;
}
