/**
 * The help overlay, generated from the command registry, and the palette, which is the same registry as a list.
 */

import { LAST_PANE_LINE } from '../../workstation/index.js';
import { COMMANDS, type Command, keysText } from '../commands.js';
import { beside, EMPTY_ROW, padEnd, type Row, row, span, wrapText } from '../rows.js';
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
  rows.push(helpRow('1 to 9', `The pane of that number, #1 to #9; at most ${LAST_PANE_LINE} panes`));
  return rows;
}

function helpRow(keys: string, title: string): Row {
  return row(span(padEnd(keys, KEYS_WIDTH), { color: 'cyan', bold: true }), title);
}

const NOTES: readonly string[] = [
  'Mouse: a click focuses, the wheel scrolls; hold Shift to select text.',
  'A program that hangs: Ctrl-a d destroys it. Ctrl-c does not end what a shell has started.',
  "env: an environment's slot, 0 to 9, then a for 10, b for 11 ... Its full number, as ps prints it, is hexadecimal: 0402 is " +
    'the fourth environment made, in slot 2.',
  'Columns: Ctrl-a w, then Enter on a line, says what each of them counts.',
  "The screen (Ctrl-a g) is reduced to the terminal's size; run --headless --screenshot FILE.png keeps every pixel.",
  "What Aegis's words mean: exostation manual, in another terminal.",
];

function viewKeyRows(width: number): readonly Row[] {
  const rows: Row[] = [
    row(span('In a view that has the focus (no Ctrl-a)', { bold: true, underline: true })),
  ];
  for (const { title, hint } of Object.values(VIEWS)) {
    if (hint !== '')
      rows.push(row(span(padEnd(title.split(',')[0] ?? '', KEYS_WIDTH + 1), { color: 'cyan' }), hint));
  }
  rows.push(
    row(span(padEnd('any', KEYS_WIDTH + 1), { color: 'cyan' }), 'Esc back to the pane  ? help  : commands'),
  );
  rows.push(EMPTY_ROW, ...NOTES.flatMap((note) => wrapText(note, width)).map((line) => row(line)));
  return rows;
}

export function helpOverlay(): TextOverlay {
  return new TextOverlay({
    title: 'Keys: press Ctrl-a, let go, then press one of these',
    width: 130,
    content: (width) => {
      const commands = commandRows();
      if (width < 126) return [...commands, EMPTY_ROW, ...viewKeyRows(width)];
      const half = Math.ceil(commands.length / 2);
      const left = commands.slice(0, half);
      const right = commands.slice(half);
      const rows = left.map((line, index) => beside(line, Math.floor(width / 2), right[index] ?? []));
      return [...rows, EMPTY_ROW, ...viewKeyRows(width)];
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
