/**
 * Title bars. A pane's says its number, program, library OS (in that library OS's colour), state and cycles; a view's its
 * name and key. The focused window's bar is inverse, so that focus shows without colour.
 */

import { keyOfView } from '../commands.js';
import type { DesktopState } from '../desktop-state.js';
import { grouped, shortened } from '../format.js';
import { CONSOLE_PANE, type Pane } from '../pane.js';
import { printable, type Row, span } from '../rows.js';
import { commandLine } from '../run.js';
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
    return bar(`${CONSOLE_PANE} serial console`, 'PROM and Aegis messages', 'blue', isFocused, width);
  }
  const environment = state.environmentOf(run);
  const name = `${pane.id} ${printable(commandLine(run))} on ${run.libraryOs}`;
  const color = libraryOsColour(run.libraryOs);
  if (run.phase === 'starting') return bar(`${name}: starting`, '', color, isFocused, width);
  if (run.phase === 'ended' || run.phase === 'failed') {
    const text = [
      `${name}: ${run.endText}, ${grouped(run.totalCycles)} cycles`,
      `${name}: ${run.endText}, ${shortened(run.totalCycles, 7)}`,
      `${pane.id} ${run.libraryOs}: ${run.endText}, ${shortened(run.totalCycles, 7)}`,
    ].find((candidate) => candidate.length + 3 <= width);
    return bar(text ?? `${pane.id} ${run.endText}`, 'Ctrl-a x closes', color, isFocused, width);
  }
  const cycles = `${shortened(run.totalCycles, 13)} cycles`;
  const details =
    environment === undefined
      ? cycles
      : `env ${slotLetter(environment.slot)}  ${environment.pageCount} pages  ${cycles}`;
  return bar(name, width > name.length + details.length + 6 ? details : cycles, color, isFocused, width);
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
