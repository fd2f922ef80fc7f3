/**
 * LK401 keyboard, which is an LK201 until the host asks for its own codes: 4800 baud, 8 bits, no parity. It reports keys by
 * their division's mode (`lk401-modes.ts`), and "all keys up" when the last key of a down/up division goes up; it
 * repeats by the metronome code, or by the key's own code when something else was sent in between. At power-up it tests
 * itself and says the outcome. Protocol: LK201 programming information in EK-104AA-TM, as Linux's lkkbd.c and NetBSD's
 * lk201 driver speak it.
 */

import type { Keyboard } from '../machine-types.js';
import type { Stateful } from '../snapshot/state.js';
import type { Clock, TimerSlot } from '../time/clock.js';
import type { HostLine } from './host-line.js';
import { LK401_KEYS, type Lk401Key } from './lk401-keys.js';
import { KEY_MODE, Lk401Modes, type Lk401ModesState } from './lk401-modes.js';
import {
  LK_COMMAND,
  LK_LAST,
  LK_REPLY,
  LK201_IDENTITY,
  LK401_FRAME,
  LK401_IDENTITY,
} from './lk401-protocol.js';
import { Lk401Sound, type Lk401SoundState } from './lk401-sound.js';
import { SerialEnd, type SerialEndState } from './serial-end.js';

/** The manual: the test takes no longer than 70 ms, with all lamps on. */
const TEST_SECONDS = 0.07;
const ALL_LEDS = 0x0f;
/** Bytes that are kept while the host has inhibited transmission. */
const HELD_COUNT = 4;
const MAX_COMMAND_BYTES = 4;

type Lk401State = {
  readonly end: SerialEndState;
  readonly modes: Lk401ModesState;
  readonly sound: Lk401SoundState;
  readonly leds: number;
  /** Names with a blank between them. */
  readonly pressed: string;
  readonly command: Uint8Array;
  readonly held: Uint8Array;
  readonly hasLost: boolean;
  readonly repeating: string;
  readonly isMetronomeClear: boolean;
  readonly phase: string;
  readonly isInhibited: boolean;
  readonly isRepeatOff: boolean;
  readonly isExtended: boolean;
};

export class Lk401 implements Keyboard, Stateful<Lk401State> {
  leds = 0;
  readonly sound: Lk401Sound = new Lk401Sound();
  readonly #clock: Clock;
  readonly #end: SerialEnd;
  readonly #modes: Lk401Modes = new Lk401Modes();
  readonly #testSlot: TimerSlot;
  readonly #repeatSlot: TimerSlot;
  /** Names of the keys that are down, in the order they went. */
  #pressed: string[] = [];
  /** A command that waits for its last byte. */
  #command: number[] = [];
  #held: number[] = [];
  #hasLost = false;
  /** The key that repeats; '' while none does. */
  #repeating = '';
  /** Nothing was sent since its code or the last metronome. */
  #isMetronomeClear = false;
  /** 'off' until power-up; 'power-up' while it tests itself; 'test' when the host has asked for it. */
  #phase = 'off';
  #isInhibited = false;
  #isRepeatOff = false;
  #isExtended = false;

  constructor(clock: Clock, line: HostLine) {
    this.#clock = clock;
    this.#end = new SerialEnd(clock, line, LK401_FRAME, (byte) => this.#receive(byte));
    this.#testSlot = clock.register(() => this.#tested());
    this.#repeatSlot = clock.register((cycle) => this.#repeat(cycle));
  }

  /** Power on. Keys stay as they are held. */
  reset(): void {
    this.#end.reset();
    this.#powerUp();
  }

  get bellCount(): number {
    return this.sound.bellCount;
  }

  press(name: string): void {
    const key = keyOf(name);
    if (this.#pressed.includes(name)) return;
    this.#pressed.push(name);
    if (this.#phase !== 'on') return;
    const code = this.#codeOf(key);
    if (code === 0) return;
    this.sound.keyDown(name);
    this.#stopRepeating();
    this.#send(code);
    if (this.#modes.modeOf(key.division) !== KEY_MODE.autoRepeat || this.#isRepeatOff) return;
    this.#repeating = name;
    this.#isMetronomeClear = true;
    this.#armRepeat(this.#clock.now, this.#modes.repeatOf(key.division).delay);
  }

  release(name: string): void {
    const key = keyOf(name);
    const index = this.#pressed.indexOf(name);
    if (index < 0) return;
    this.#pressed.splice(index, 1);
    if (this.#repeating === name) this.#stopRepeating();
    if (this.#phase !== 'on' || this.#modes.modeOf(key.division) !== KEY_MODE.downUp) return;
    const code = this.#codeOf(key);
    if (code === 0) return;
    const isAnyLeft = this.#pressed.some(
      (other) => this.#modes.modeOf(keyOf(other).division) === KEY_MODE.downUp,
    );
    this.#send(isAnyLeft ? code : LK_REPLY.allUp);
  }

  snapshot(): Lk401State {
    return {
      end: this.#end.snapshot(),
      modes: this.#modes.snapshot(),
      sound: this.sound.snapshot(),
      leds: this.leds,
      pressed: this.#pressed.join(' '),
      command: Uint8Array.from(this.#command),
      held: Uint8Array.from(this.#held),
      hasLost: this.#hasLost,
      repeating: this.#repeating,
      isMetronomeClear: this.#isMetronomeClear,
      phase: this.#phase,
      isInhibited: this.#isInhibited,
      isRepeatOff: this.#isRepeatOff,
      isExtended: this.#isExtended,
    };
  }

  restore(state: Lk401State): void {
    this.#end.restore(state.end);
    this.#modes.restore(state.modes);
    this.sound.restore(state.sound);
    this.leds = state.leds;
    this.#pressed = state.pressed.split(' ').filter((name) => name !== '');
    // What cannot be a key is a RangeError.
    for (const name of this.#pressed) keyOf(name);
    if (state.repeating !== '') keyOf(state.repeating);
    this.#command = [...state.command];
    this.#held = [...state.held];
    this.#hasLost = state.hasLost;
    this.#repeating = state.repeating;
    this.#isMetronomeClear = state.isMetronomeClear;
    this.#phase = state.phase;
    this.#isInhibited = state.isInhibited;
    this.#isRepeatOff = state.isRepeatOff;
    this.#isExtended = state.isExtended;
  }

  #powerUp(): void {
    this.#phase = 'power-up';
    this.#command = [];
    this.#held = [];
    this.#hasLost = false;
    this.#stopRepeating();
    this.#setDefaults();
    this.leds = ALL_LEDS;
    this.#clock.arm(this.#testSlot, this.#clock.now + Math.round(TEST_SECONDS * this.#clock.hertz));
  }

  #tested(): void {
    this.#phase = 'on';
    this.leds = 0;
    const [stuck] = this.#pressed;
    this.#send(...LK201_IDENTITY, stuck === undefined ? 0 : LK_REPLY.keyDown);
    this.#send(stuck === undefined ? 0 : this.#codeOf(keyOf(stuck)));
  }

  #setDefaults(): void {
    this.#modes.reset();
    this.sound.reset();
    this.#isInhibited = false;
    this.#isRepeatOff = false;
    this.#isExtended = false;
  }

  #codeOf({ code, lk201Code }: Lk401Key): number {
    return this.#isExtended ? code : (lk201Code ?? code);
  }

  #send(...bytes: readonly number[]): void {
    this.#isMetronomeClear = false;
    if (!this.#isInhibited) this.#end.send(...bytes);
    else if (this.#held.length + bytes.length <= HELD_COUNT) this.#held.push(...bytes);
    else this.#hasLost = true;
  }

  #armRepeat(cycle: number, seconds: number): void {
    this.#clock.arm(this.#repeatSlot, cycle + Math.round(seconds * this.#clock.hertz));
  }

  #stopRepeating(): void {
    this.#repeating = '';
    this.#clock.disarm(this.#repeatSlot);
  }

  #repeat(cycle: number): void {
    if (this.#repeating === '') return;
    const key = keyOf(this.#repeating);
    this.#send(this.#isMetronomeClear ? LK_REPLY.metronome : this.#codeOf(key));
    this.#isMetronomeClear = true;
    this.#armRepeat(cycle, 1 / this.#modes.repeatOf(key.division).rate);
  }

  #receive(byte: number): void {
    if (this.#phase === 'power-up') return;
    if (this.#phase === 'test') {
      if (byte === LK_LAST) this.#phase = 'on';
      return;
    }
    this.#command.push(byte);
    if (!(byte & LK_LAST)) {
      if (this.#command.length < MAX_COMMAND_BYTES) return;
      this.#command = [];
      this.#send(LK_REPLY.inputError);
      return;
    }
    const [command = 0, ...parameters] = this.#command;
    this.#command = [];
    if (!this.#execute(command & ~LK_LAST, parameters)) this.#send(LK_REPLY.inputError);
  }

  /** False when there is no such command. */
  #execute(command: number, parameters: readonly number[]): boolean {
    if ((command & 1) === 0) {
      if (!this.#modes.set(command, parameters)) return false;
      this.#send(LK_REPLY.modeChanged);
      return true;
    }
    const mask = (parameters[0] ?? 0) & ALL_LEDS;
    switch (command) {
      case LK_COMMAND.ledsOn:
        this.leds |= mask;
        return true;
      case LK_COMMAND.ledsOff:
        this.leds &= ~mask;
        return true;
      case LK_COMMAND.identify:
        this.#send(...LK401_IDENTITY);
        return true;
      case LK_COMMAND.defaults:
        this.#setDefaults();
        this.#send(LK_REPLY.modeChanged);
        return true;
      case LK_COMMAND.extended:
        this.#isExtended = true;
        return true;
      case LK_COMMAND.powerUp:
        this.#powerUp();
        return true;
      case LK_COMMAND.test:
        this.#stopRepeating();
        this.#send(LK_REPLY.testMode);
        this.#phase = 'test';
        return true;
      default:
        return this.#executeFlow(command) || this.sound.execute(command, parameters[0]);
    }
  }

  #executeFlow(command: number): boolean {
    switch (command) {
      case LK_COMMAND.inhibit:
        this.#send(LK_REPLY.locked);
        this.#isInhibited = true;
        return true;
      case LK_COMMAND.resume: {
        this.#isInhibited = false;
        const held = this.#held;
        this.#held = [];
        if (held.length > 0) this.#send(...held);
        if (this.#hasLost) this.#send(LK_REPLY.outputError);
        this.#hasLost = false;
        return true;
      }
      case LK_COMMAND.pauseRepeating:
        this.#stopRepeating();
        return true;
      case LK_COMMAND.repeatOff:
        this.#isRepeatOff = true;
        this.#stopRepeating();
        return true;
      case LK_COMMAND.repeatOn:
        this.#isRepeatOff = false;
        return true;
      case LK_COMMAND.downOnly:
        this.#modes.stopAllRepeating();
        this.#stopRepeating();
        return true;
      default:
        return false;
    }
  }
}

function keyOf(name: string): Lk401Key {
  const key = Object.hasOwn(LK401_KEYS, name) ? LK401_KEYS[name] : undefined;
  if (key === undefined) throw new RangeError(`no key '${name}' on an LK401`);
  return key;
}
