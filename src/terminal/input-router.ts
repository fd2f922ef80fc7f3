/**
 * The one reader of stdin. Cuts the byte stream into complete keys, SGR mouse reports and bracketed pastes, however the
 * reads were split: UTF-8 sequences, escape sequences and mouse reports may arrive in pieces. A lone Esc is told from the
 * start of a sequence by 25 ms of silence. Answers to terminal queries are swallowed; nothing unknown leaks out as text.
 */

import { StringDecoder } from 'node:string_decoder';

export interface Key {
  /** 'a', 'A', 'é', 'enter', 'up', 'f1', with prefixes: 'ctrl-a', 'meta-x', 'shift-up'. */
  readonly name: string;
  /** The character typed, '' for keys that type none. */
  readonly text: string;
  /** What the terminal sent. */
  readonly sequence: string;
}

export type MouseAction = 'press' | 'release' | 'move' | 'wheel-up' | 'wheel-down';

export interface MouseReport {
  readonly action: MouseAction;
  /** 0 left, 1 middle, 2 right. */
  readonly button: number;
  readonly column: number;
  readonly row: number;
}

export interface InputReceiver {
  onKey(key: Key): void;
  onMouse(report: MouseReport): void;
  onPaste(text: string): void;
}

const LONE_ESCAPE_MILLISECONDS = 25;
const BROKEN_SEQUENCE_MILLISECONDS = 250;
const PASTE_END = '\x1b[201~';

const CSI_LETTERS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  E: 'begin',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'backtab',
};
const CSI_NUMBERS: Readonly<Record<string, string>> = {
  '1': 'home',
  '2': 'insert',
  '3': 'delete',
  '4': 'end',
  '5': 'pageup',
  '6': 'pagedown',
  '7': 'home',
  '8': 'end',
  '11': 'f1',
  '12': 'f2',
  '13': 'f3',
  '14': 'f4',
  '15': 'f5',
  '17': 'f6',
  '18': 'f7',
  '19': 'f8',
  '20': 'f9',
  '21': 'f10',
  '23': 'f11',
  '24': 'f12',
};

/** xterm's modifier parameter: 1 + shift 1, alt 2, ctrl 4. */
function withModifiers(name: string, parameter: string | undefined): string {
  const modifiers = Math.max(0, Number(parameter ?? '1') - 1);
  let result = name;
  if ((modifiers & 1) !== 0) result = `shift-${result}`;
  if ((modifiers & 2) !== 0) result = `meta-${result}`;
  if ((modifiers & 4) !== 0) result = `ctrl-${result}`;
  return result;
}

function controlName(code: number): string {
  if (code === 13) return 'enter';
  if (code === 9) return 'tab';
  if (code === 127 || code === 8) return 'backspace';
  if (code === 27) return 'escape';
  if (code === 0) return 'ctrl-space';
  if (code < 27) return `ctrl-${String.fromCharCode(code + 96)}`;
  return `ctrl-${String.fromCharCode(code + 64)}`;
}

export class InputRouter {
  readonly #receiver: InputReceiver;
  readonly #decoder = new StringDecoder('utf8');
  #pending = '';
  #isPasting = false;
  #pasted = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(receiver: InputReceiver) {
    this.#receiver = receiver;
  }

  /** Bytes as they were read. */
  feed(bytes: Uint8Array): void {
    this.#stopTimer();
    this.#pending += this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.#drain();
    if (this.#pending !== '' && !this.#isPasting) {
      const delay = this.#pending === '\x1b' ? LONE_ESCAPE_MILLISECONDS : BROKEN_SEQUENCE_MILLISECONDS;
      this.#timer = setTimeout(() => this.#giveUp(), delay);
    }
  }

  dispose(): void {
    this.#stopTimer();
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Silence after an unfinished sequence: a lone Esc, Alt with [ or O, or rubbish. */
  #giveUp(): void {
    const pending = this.#pending;
    this.#pending = '';
    if (pending === '\x1b') this.#key('escape', '', pending);
    else if (pending.length === 2) this.#key(`meta-${pending[1]}`, '', pending);
  }

  #key(name: string, text: string, sequence: string): void {
    this.#receiver.onKey({ name, text, sequence });
  }

  #drain(): void {
    for (;;) {
      if (this.#isPasting) {
        if (!this.#drainPaste()) return;
        continue;
      }
      if (this.#pending === '') return;
      const length = this.#pending[0] === '\x1b' ? this.#takeEscape() : this.#takePlain();
      if (length === 0) return;
      this.#pending = this.#pending.slice(length);
    }
  }

  /** False when the end of the paste has not arrived; a marker split between reads stays pending. */
  #drainPaste(): boolean {
    const end = this.#pending.indexOf(PASTE_END);
    if (end < 0) {
      const kept = Math.min(this.#pending.length, PASTE_END.length - 1);
      this.#pasted += this.#pending.slice(0, this.#pending.length - kept);
      this.#pending = this.#pending.slice(this.#pending.length - kept);
      return false;
    }
    const text = this.#pasted + this.#pending.slice(0, end);
    this.#pending = this.#pending.slice(end + PASTE_END.length);
    this.#pasted = '';
    this.#isPasting = false;
    this.#receiver.onPaste(text);
    return true;
  }

  #takePlain(): number {
    const code = this.#pending.codePointAt(0) ?? 0;
    const text = String.fromCodePoint(code);
    if (code < 32 || code === 127) this.#key(controlName(code), '', text);
    else this.#key(text, text, text);
    return text.length;
  }

  /** Takes one sequence off the front; 0 when it is not complete. */
  #takeEscape(): number {
    const second = this.#pending[1];
    if (second === undefined) return 0;
    if (second === '[') return this.#takeControlSequence();
    if (second === 'O') return this.#takeSingleShift();
    if (second === ']' || second === 'P' || second === '_' || second === '^') return this.#takeString();
    const code = this.#pending.codePointAt(1) ?? 0;
    // Esc and then a control key, however fast, are two keys; the guest gets the same bytes either way.
    if (code < 32 || code === 127) {
      this.#key('escape', '', '\x1b');
      return 1;
    }
    const text = String.fromCodePoint(code);
    this.#key(`meta-${text}`, '', `\x1b${text}`);
    return 1 + text.length;
  }

  #takeControlSequence(): number {
    // Parameters 0x30-0x3f, intermediates 0x20-0x2f, one final 0x40-0x7e (ECMA-48, 5.4).
    const match = /^([0-?]*)([ -/]*)([@-~])/.exec(this.#pending.slice(2));
    if (match === null) return /^[ -?]*[^ -~]/.test(this.#pending.slice(2)) ? 2 : 0;
    const [body, parameters = '', , final = ''] = match;
    const sequence = `\x1b[${body}`;
    if (parameters.startsWith('<')) this.#mouse(parameters.slice(1), final);
    else if (final === '~') this.#tilde(parameters, sequence);
    else if (/^[0-9;]*$/.test(parameters)) {
      const name = CSI_LETTERS[final];
      // ESC [ row ; column R is a cursor report, not F3.
      const isReport = final === 'R' && !parameters.startsWith('1;');
      if (name !== undefined && !isReport)
        this.#key(withModifiers(name, parameters.split(';')[1]), '', sequence);
    }
    return sequence.length;
  }

  #tilde(parameters: string, sequence: string): void {
    if (parameters === '200') {
      this.#isPasting = true;
      return;
    }
    const [number = '', modifier] = parameters.split(';');
    const name = CSI_NUMBERS[number];
    if (name !== undefined) this.#key(withModifiers(name, modifier), '', sequence);
  }

  #takeSingleShift(): number {
    const final = this.#pending[2];
    if (final === undefined) return 0;
    const name = final === 'M' ? 'enter' : CSI_LETTERS[final];
    if (name !== undefined) this.#key(name, '', `\x1bO${final}`);
    return 3;
  }

  /** OSC, DCS, APC, PM: answers of the terminal, up to ST or BEL. */
  #takeString(): number {
    const bell = this.#pending.indexOf('\x07');
    const terminator = this.#pending.indexOf('\x1b\\', 2);
    if (bell < 0 && terminator < 0) return 0;
    return bell >= 0 && (terminator < 0 || bell < terminator) ? bell + 1 : terminator + 2;
  }

  #mouse(parameters: string, final: string): void {
    const [code = 0, x = 1, y = 1] = parameters.split(';').map(Number);
    const position = { button: code & 3, column: x - 1, row: y - 1 };
    if ((code & 64) !== 0) {
      if (final === 'M' && (code & 3) < 2) {
        this.#receiver.onMouse({ action: (code & 1) === 0 ? 'wheel-up' : 'wheel-down', ...position });
      }
    } else if ((code & 32) !== 0) this.#receiver.onMouse({ action: 'move', ...position });
    else this.#receiver.onMouse({ action: final === 'M' ? 'press' : 'release', ...position });
  }
}
