/**
 * The help overlay, generated from the command registry, and the palette, which is the same registry as a list.
 */

import { COMMANDS, type Command, keysText } from '../commands.js';
import { beside, EMPTY_ROW, padEnd, type Row, row, span } from '../rows.js';
import { VIEWS } from '../views/view-kinds.js';
import { ListOverlay } from './list-overlay.js';
import { TextOverlay } from './text-overlay.js';

const KEYS_WIDTH = 13;

function commandRows(): readonly Row[] {
  const rows: Row[] = [];
  let group = '';
  for (const command of COMMANDS) {
    if (command.id.startsWith('focus-')) {
      if (command.id === 'focus-left') rows.push(helpRow('← → ↑ ↓', 'Window in that direction'));
      continue;
    }
    if (command.group !== group) {
      if (group !== '') rows.push(EMPTY_ROW);
      group = command.group;
      rows.push(row(span(group, { bold: true, underline: true })));
    }
    rows.push(helpRow(keysText(command), command.title));
  }
  rows.push(helpRow('1 to 9', 'The pane of that number'));
  return rows;
}

function helpRow(keys: string, title: string): Row {
  return row(span(padEnd(keys, KEYS_WIDTH), { color: 'cyan', bold: true }), title);
}

function viewKeyRows(): readonly Row[] {
  const rows: Row[] = [
    row(span('In a view that has the focus (no Ctrl-a)', { bold: true, underline: true })),
  ];
  for (const { title, hint } of Object.values(VIEWS)) {
    if (hint !== '') rows.push(row(span(padEnd(title, KEYS_WIDTH + 1), { color: 'cyan' }), hint));
  }
  rows.push(
    row(span(padEnd('any', KEYS_WIDTH + 1), { color: 'cyan' }), 'Esc back to the pane  ? help  : commands'),
  );
  rows.push(EMPTY_ROW, row('Mouse: a click focuses, the wheel scrolls; hold Shift to select text.'));
  rows.push(row("What Aegis's words mean: exostation manual, in another terminal."));
  return rows;
}

export function helpOverlay(): TextOverlay {
  return new TextOverlay({
    title: 'Keys: press Ctrl-a, let go, then press one of these',
    width: 130,
    content: (width) => {
      const commands = commandRows();
      if (width < 126) return [...commands, EMPTY_ROW, ...viewKeyRows()];
      const half = Math.ceil(commands.length / 2);
      const left = commands.slice(0, half);
      const right = commands.slice(half);
      const rows = left.map((line, index) => beside(line, Math.floor(width / 2), right[index] ?? []));
      return [...rows, EMPTY_ROW, ...viewKeyRows()];
    },
  });
}

interface CommandItem {
  readonly label: string;
  readonly detail: string;
  readonly command: Command;
}

export function paletteOverlay(run: (command: Command) => void): ListOverlay<CommandItem> {
  return new ListOverlay({
    title: 'Commands',
    question: 'What do you want to do?',
    width: 64,
    items: COMMANDS.filter(({ id }) => id !== 'palette').map((command) => ({
      label: command.title,
      detail: `Ctrl-a ${keysText(command)}`,
      command,
    })),
    onChoose: ({ command }) => run(command),
  });
}
