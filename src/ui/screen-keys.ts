/**
 * Keys of the terminal as strokes on the workstation's LK401. A terminal says what was typed, not which keys went down and
 * up: so each key is struck, with Shift, Ctrl or Alt around it. Characters are found where a North American LK401 has
 * them. It has no Esc key: Ctrl-[ says the same.
 */

import type { Key } from '../terminal/index.js';
import type { KeyStroke } from '../workstation/index.js';

/** Characters that need Shift, and the keys that they are on. */
const SHIFTED: Readonly<Record<string, string>> = {
  '~': '`',
  '!': '1',
  '@': '2',
  '#': '3',
  $: '4',
  '%': '5',
  '^': '6',
  '&': '7',
  '*': '8',
  '(': '9',
  ')': '0',
  _: '-',
  '+': '=',
  '{': '[',
  '}': ']',
  '|': '\\',
  ':': ';',
  '"': "'",
  '?': '/',
  '>': '<',
};

/** Keys of the terminal by their names there. */
const NAMED: Readonly<Record<string, string>> = {
  ' ': 'space',
  space: 'space',
  enter: 'return',
  tab: 'tab',
  backspace: 'delete',
  up: 'up',
  down: 'down',
  left: 'left',
  right: 'right',
  home: 'find',
  end: 'select',
  insert: 'insert-here',
  delete: 'remove',
  pageup: 'prev-screen',
  pagedown: 'next-screen',
  ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`f${index + 1}`, `f${index + 1}`])),
};

const MODIFIERS: readonly (readonly [prefix: string, key: string])[] = [
  ['ctrl-', 'control'],
  ['meta-', 'alt'],
  ['shift-', 'shift'],
];

/** The strokes that type a key; none for what an LK401 cannot type. */
export function strokesOf({ name }: Pick<Key, 'name'>): readonly KeyStroke[] {
  if (name === 'escape') return struck('[', ['control']);
  if (name === 'backtab') return struck('tab', ['shift']);
  const modifiers: string[] = [];
  let rest = name;
  for (const [prefix, key] of MODIFIERS) {
    if (rest.length > prefix.length && rest.startsWith(prefix)) {
      modifiers.push(key);
      rest = rest.slice(prefix.length);
    }
  }
  const named = Object.hasOwn(NAMED, rest) ? NAMED[rest] : undefined;
  if (named !== undefined) return struck(named, modifiers);
  const shifted = Object.hasOwn(SHIFTED, rest) ? SHIFTED[rest] : undefined;
  if (shifted !== undefined) return struck(shifted, [...modifiers, 'shift']);
  if (/^[A-Z]$/.test(rest)) return struck(rest.toLowerCase(), [...modifiers, 'shift']);
  return /^[!-~]$/.test(rest) ? struck(rest, modifiers) : [];
}

export function strokesOfText(text: string): readonly KeyStroke[] {
  return [...text.replaceAll('\r\n', '\n')].flatMap((character) =>
    strokesOf({
      name: character === '\n' || character === '\r' ? 'enter' : character === '\t' ? 'tab' : character,
    }),
  );
}

function struck(key: string, modifiers: readonly string[]): readonly KeyStroke[] {
  const down = modifiers.map((modifier) => ({ key: modifier, isDown: true }));
  const up = [...modifiers].reverse().map((modifier) => ({ key: modifier, isDown: false }));
  return [...down, { key, isDown: true }, { key, isDown: false }, ...up];
}
