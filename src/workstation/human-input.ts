/**
 * What a person does at the workstation's own keyboard and mouse, as bytes that enter the machine and that recordings keep:
 * text of one line, `+a` and `-a` for a key by its name (`LK401_KEYS`), `move 3 -4` to the right and down, `button 0 1`.
 */

import { LK401_KEYS, type Machine } from '../machine/index.js';

export interface KeyStroke {
  readonly key: string;
  readonly isDown: boolean;
}

export type MouseChange =
  | { readonly kind: 'move'; readonly right: number; readonly down: number }
  | { readonly kind: 'button'; readonly button: number; readonly isDown: boolean };

export function keyStrokeInput({ key, isDown }: KeyStroke): Uint8Array {
  return new TextEncoder().encode(`${isDown ? '+' : '-'}${key}`);
}

export function mouseInput(change: MouseChange): Uint8Array {
  const text =
    change.kind === 'move'
      ? `move ${change.right} ${change.down}`
      : `button ${change.button} ${change.isDown ? 1 : 0}`;
  return new TextEncoder().encode(text);
}

/** Keys that there are not do nothing. */
export function deliverKeyStroke({ keyboard }: Machine, bytes: Uint8Array): void {
  const text = new TextDecoder().decode(bytes);
  const key = text.slice(1);
  if (!Object.hasOwn(LK401_KEYS, key)) return;
  if (text.startsWith('+')) keyboard.press(key);
  else if (text.startsWith('-')) keyboard.release(key);
}

export function deliverMouse({ mouse }: Machine, bytes: Uint8Array): void {
  const [kind, first, second] = new TextDecoder().decode(bytes).split(' ');
  const [a, b] = [Number(first), Number(second)];
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) return;
  if (kind === 'move') mouse.move(a, b);
  else if (kind === 'button') mouse.button(a, b !== 0);
}
