/**
 * The target's side of the SCSI bus: phases, messages, status. One byte at a time, as the initiator chip handshakes
 * them; `readyAt` says from which cycle on the target asks for the next byte. Never disconnects in the middle of a
 * command, answers synchronous negotiation with MESSAGE REJECT. Standard: SCSI-2 (X3.131-1994), chapters 6 and 7.
 */

import { inRange, type State, type Stateful } from '../snapshot/state.js';
import type { Clock } from '../time/clock.js';

/** Phase lines MSG, C/D, I/O as a number; `free` when nobody holds the bus. */
export const SCSI_PHASE = {
  dataOut: 0,
  dataIn: 1,
  command: 2,
  status: 3,
  messageOut: 6,
  messageIn: 7,
  free: -1,
} as const;
export type ScsiPhase = (typeof SCSI_PHASE)[keyof typeof SCSI_PHASE];

const MESSAGE = {
  complete: 0x00,
  extended: 0x01,
  abort: 0x06,
  reject: 0x07,
  reset: 0x0c,
  identify: 0x80,
} as const;
const MAX_COMMAND_BYTES = 12;

/** What stands behind a target: executes commands, supplies and takes data. */
export interface ScsiUnit extends Stateful<State> {
  /** After `execute`: bytes that will be transferred, and which way. */
  readonly dataLength: number;
  readonly isDataOut: boolean;
  /** Status byte, valid once all data has been transferred. */
  readonly status: number;
  /** Cycles until the first data byte (or the status, without data) after `execute`; until the status after data out. */
  readonly delayCycles: number;
  execute(command: Uint8Array, logicalUnit: number): void;
  take(): number;
  put(byte: number): void;
  /** All data out has arrived. */
  finish(): void;
  reset(): void;
}

type ScsiTargetState = {
  readonly unit: State;
  readonly phase: ScsiPhase;
  readonly readyAt: number;
  readonly command: Uint8Array;
  readonly commandCount: number;
  readonly commandLength: number;
  readonly dataLeft: number;
  readonly hasAttention: boolean;
  readonly isExecuted: boolean;
  readonly logicalUnit: number;
  readonly extendedLeft: number;
  readonly message: number;
  readonly afterMessage: ScsiPhase;
};

export class ScsiTarget implements Stateful<ScsiTargetState> {
  phase: ScsiPhase = SCSI_PHASE.free;
  /** Cycle from which the target requests the next byte. */
  readyAt = 0;
  readonly #clock: Clock;
  readonly #unit: ScsiUnit;
  readonly #command: Uint8Array = new Uint8Array(MAX_COMMAND_BYTES);
  #commandCount = 0;
  #commandLength = 0;
  #dataLeft = 0;
  #hasAttention = false;
  #isExecuted = false;
  #logicalUnit = 0;
  /** Bytes of an extended message still to come; -1: its length byte is next. */
  #extendedLeft = 0;
  #message: number = MESSAGE.complete;
  /** Phase to go on with after the message that is being sent. */
  #afterMessage: ScsiPhase = SCSI_PHASE.free;

  constructor(clock: Clock, unit: ScsiUnit) {
    this.#clock = clock;
    this.#unit = unit;
  }

  /** Bus reset, or power on. */
  reset(): void {
    this.#free();
    this.#unit.reset();
  }

  snapshot(): ScsiTargetState {
    return {
      unit: this.#unit.snapshot(),
      phase: this.phase,
      readyAt: this.readyAt,
      command: this.#command.slice(),
      commandCount: this.#commandCount,
      commandLength: this.#commandLength,
      dataLeft: this.#dataLeft,
      hasAttention: this.#hasAttention,
      isExecuted: this.#isExecuted,
      logicalUnit: this.#logicalUnit,
      extendedLeft: this.#extendedLeft,
      message: this.#message,
      afterMessage: this.#afterMessage,
    };
  }

  restore(state: ScsiTargetState): void {
    this.#unit.restore(state.unit);
    this.phase = state.phase;
    this.readyAt = state.readyAt;
    this.#command.set(state.command);
    this.#commandCount = state.commandCount;
    this.#commandLength = state.commandLength;
    this.#dataLeft = inRange(state.dataLeft, 0, Number.MAX_SAFE_INTEGER);
    this.#hasAttention = state.hasAttention;
    this.#isExecuted = state.isExecuted;
    this.#logicalUnit = state.logicalUnit;
    this.#extendedLeft = state.extendedLeft;
    this.#message = state.message;
    this.#afterMessage = state.afterMessage;
  }

  select(hasAttention: boolean): void {
    this.#hasAttention = hasAttention;
    this.#commandCount = 0;
    this.#dataLeft = 0;
    this.#isExecuted = false;
    this.#logicalUnit = 0;
    this.#extendedLeft = 0;
    this.readyAt = this.#clock.now;
    this.phase = hasAttention ? SCSI_PHASE.messageOut : SCSI_PHASE.command;
  }

  /** Initiator gone without a word (chip reset). */
  drop(): void {
    this.#free();
  }

  setAttention(isRaised: boolean): void {
    this.#hasAttention = isRaised;
  }

  /** Bytes that may be moved in the present phase before it can change. */
  get remaining(): number {
    switch (this.phase) {
      case SCSI_PHASE.dataIn:
      case SCSI_PHASE.dataOut:
        return this.#dataLeft;
      case SCSI_PHASE.free:
        return 0;
      default:
        return 1;
    }
  }

  /** A byte from the target. In message in, the target waits for `release` afterwards. */
  take(): number {
    switch (this.phase) {
      case SCSI_PHASE.dataIn: {
        const byte = this.#unit.take();
        if (--this.#dataLeft === 0) this.#enterStatus();
        return byte;
      }
      case SCSI_PHASE.status: {
        const status = this.#unit.status;
        this.#sendMessage(MESSAGE.complete, SCSI_PHASE.free);
        return status;
      }
      case SCSI_PHASE.messageIn:
        return this.#message;
      default:
        return 0;
    }
  }

  /** The initiator acknowledged the message byte. */
  release(): void {
    if (this.phase !== SCSI_PHASE.messageIn) return;
    if (this.#afterMessage === SCSI_PHASE.free) this.#free();
    else this.phase = this.#hasAttention ? SCSI_PHASE.messageOut : this.#afterMessage;
  }

  /** A byte from the initiator. */
  put(byte: number): void {
    switch (this.phase) {
      case SCSI_PHASE.messageOut:
        this.#takeMessage(byte);
        return;
      case SCSI_PHASE.command:
        this.#takeCommand(byte);
        return;
      case SCSI_PHASE.dataOut:
        this.#unit.put(byte);
        if (--this.#dataLeft === 0) {
          this.#unit.finish();
          this.readyAt = this.#clock.now + this.#unit.delayCycles;
          this.#enterStatus();
        }
    }
  }

  #takeMessage(byte: number): void {
    if (this.#extendedLeft !== 0) {
      this.#extendedLeft = this.#extendedLeft < 0 ? byte : this.#extendedLeft - 1;
      if (this.#extendedLeft === 0) this.#sendMessage(MESSAGE.reject, this.#resumePhase());
      return;
    }
    if (byte & MESSAGE.identify) {
      this.#logicalUnit = byte & 7;
    } else if (byte === MESSAGE.extended) {
      this.#extendedLeft = -1;
      return;
    } else if (byte === MESSAGE.abort) {
      this.#free();
      return;
    } else if (byte === MESSAGE.reset) {
      this.reset();
      return;
    }
    if (!this.#hasAttention) this.phase = this.#resumePhase();
  }

  #takeCommand(byte: number): void {
    if (this.#commandCount === 0) this.#commandLength = commandLength(byte);
    this.#command[this.#commandCount++] = byte;
    if (this.#commandCount < this.#commandLength) return;
    this.#isExecuted = true;
    this.#unit.execute(this.#command, this.#logicalUnit);
    this.#dataLeft = this.#unit.dataLength;
    this.readyAt = this.#clock.now + this.#unit.delayCycles;
    this.phase = this.#hasAttention ? SCSI_PHASE.messageOut : this.#resumePhase();
  }

  /** Where the command stands, messages aside. */
  #resumePhase(): ScsiPhase {
    if (!this.#isExecuted) return SCSI_PHASE.command;
    if (this.#dataLeft === 0) return SCSI_PHASE.status;
    return this.#unit.isDataOut ? SCSI_PHASE.dataOut : SCSI_PHASE.dataIn;
  }

  #enterStatus(): void {
    this.phase = this.#hasAttention ? SCSI_PHASE.messageOut : SCSI_PHASE.status;
  }

  #sendMessage(message: number, after: ScsiPhase): void {
    this.#message = message;
    this.#afterMessage = after;
    this.phase = SCSI_PHASE.messageIn;
  }

  #free(): void {
    this.phase = SCSI_PHASE.free;
    this.#hasAttention = false;
  }
}

/** Length of a command by the group in its first byte's upper three bits. */
function commandLength(operation: number): number {
  const group = operation >>> 5;
  return group === 0 ? 6 : group === 5 ? 12 : 10;
}
