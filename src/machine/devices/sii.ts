/**
 * DC7061 ("SII"), the SCSI controller of the KN01, as initiator. The driver says in COMM which phase it expects; a
 * request of the target in another phase is a mismatch, in that one a byte waiting or room for one, or it moves bytes by
 * DMA to and from the chip's own buffer. Status bits follow the bus; done, state change and bus reset are latched.
 * Sources: NetBSD sii.c and siireg.h. Neither DSSI lists, nor target mode, nor reselection: our targets stay connected.
 */

import type { AccessSize, Device } from '../memory/bus.js';
import type { Stateful } from '../snapshot/state.js';
import type { Clock, TimerSlot } from '../time/clock.js';
import type { InitiatorTiming } from '../time/scsi-timing.js';
import { fromLanes, toLanes } from './lanes.js';
import { SCSI_PHASE, type ScsiPhase, type ScsiTarget } from './scsi-target.js';
import type { SiiBuffer } from './sii-buffer.js';
import { SiiDma, type SiiDmaState } from './sii-dma.js';
import {
  SII_COMMAND,
  SII_CONNECTION,
  SII_CSR,
  SII_KEPT_BITS,
  SII_PORT_ENABLE,
  SII_REGISTER,
  SII_TRANSFER,
} from './sii-registers.js';

const COMMAND_KEPT = 0x9fff;
const PHASE_LINES = 7;
const INPUT = 1;
/** Bytes moved in one timed step. */
const CHUNK_BYTES = 512;
const CONTROL_LINE = { attention: 0x08, request: 0x10, reset: 0x40, select: 0x80, busy: 0x100 } as const;
const LATCHED_CONNECTION = SII_CONNECTION.busReset | SII_CONNECTION.stateChange;

/** What the timer slot will do. */
const STEP = { none: 0, busReset: 1, selection: 2, request: 3, move: 4 } as const;
type Step = (typeof STEP)[keyof typeof STEP];

/** Of the chip, without its targets and its buffer. */
export type SiiState = {
  readonly registers: readonly number[];
  readonly step: Step;
  readonly latched: number;
  readonly isDone: boolean;
  readonly isResetting: boolean;
  readonly isSelecting: boolean;
  readonly targetId: number;
  readonly hasRequest: boolean;
  readonly phase: ScsiPhase;
  readonly isTransferring: boolean;
  readonly isChained: boolean;
  readonly isInputFull: boolean;
  readonly chunk: number;
  readonly dma: SiiDmaState;
};

export class Sii implements Device, Stateful<SiiState> {
  readonly #clock: Clock;
  readonly #slot: TimerSlot;
  readonly #dma: SiiDma;
  readonly #targets: readonly (ScsiTarget | undefined)[];
  readonly #timing: InitiatorTiming;
  readonly #setInterrupt: (isRaised: boolean) => void;
  readonly #registers: Uint16Array = new Uint16Array(SII_KEPT_BITS.length);
  #step: Step = STEP.none;
  /** Latched bits of CSTAT. */
  #latched = 0;
  #isDone = false;
  #isResetting = false;
  #isSelecting = false;
  /** SCSI id of the target that holds the bus with us; -1: none. */
  #targetId = -1;
  /** The target asks for a byte, in the phase that the lines show. */
  #hasRequest = false;
  #phase: ScsiPhase = SCSI_PHASE.dataOut;
  /** An information transfer has been commanded and is not done. */
  #isTransferring = false;
  /** The transfer belongs to the command that also selects. */
  #isChained = false;
  /** DATA holds the byte that the target offers; it is not acknowledged yet. */
  #isInputFull = false;
  #chunk = 0;

  constructor(
    clock: Clock,
    buffer: SiiBuffer,
    targets: readonly (ScsiTarget | undefined)[],
    timing: InitiatorTiming,
    setInterrupt: (isRaised: boolean) => void,
  ) {
    this.#clock = clock;
    this.#dma = new SiiDma(buffer);
    this.#targets = targets;
    this.#timing = timing;
    this.#setInterrupt = setInterrupt;
    this.#slot = clock.register(() => this.#advance());
  }

  /** The reset pin, or the chip reset command. */
  reset(): void {
    this.#halt();
    this.#target?.drop();
    this.#targetId = -1;
    this.#registers.fill(0);
    this.#latched = 0;
    this.#isDone = false;
    this.#isResetting = false;
    this.#isSelecting = false;
    this.#hasRequest = false;
    this.#isTransferring = false;
    this.#isChained = false;
    this.#isInputFull = false;
    this.#phase = SCSI_PHASE.dataOut;
    this.#dma.reset();
    this.#update();
  }

  read(offset: number, size: AccessSize): number {
    return fromLanes(this.#readRegister(offset & 0x7c), offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    if ((offset & 3) > 1) return;
    const register = offset & 0x7c;
    const isStatus = register === SII_REGISTER.connection || register === SII_REGISTER.transfer;
    const background = isStatus ? 0 : this.#readRegister(register);
    this.#writeRegister(register, toLanes(background, offset, value, size) & 0xffff);
  }

  snapshot(): SiiState {
    return {
      registers: [...this.#registers],
      step: this.#step,
      latched: this.#latched,
      isDone: this.#isDone,
      isResetting: this.#isResetting,
      isSelecting: this.#isSelecting,
      targetId: this.#targetId,
      hasRequest: this.#hasRequest,
      phase: this.#phase,
      isTransferring: this.#isTransferring,
      isChained: this.#isChained,
      isInputFull: this.#isInputFull,
      chunk: this.#chunk,
      dma: this.#dma.snapshot(),
    };
  }

  restore(state: SiiState): void {
    this.#registers.set(state.registers);
    this.#step = state.step;
    this.#latched = state.latched;
    this.#isDone = state.isDone;
    this.#isResetting = state.isResetting;
    this.#isSelecting = state.isSelecting;
    this.#targetId = state.targetId;
    this.#hasRequest = state.hasRequest;
    this.#phase = state.phase;
    this.#isTransferring = state.isTransferring;
    this.#isChained = state.isChained;
    this.#isInputFull = state.isInputFull;
    this.#chunk = state.chunk;
    this.#dma.restore(state.dma);
  }

  get #target(): ScsiTarget | undefined {
    return this.#targets[this.#targetId];
  }

  get #command(): number {
    return this.#get(SII_REGISTER.command);
  }

  get #isDma(): boolean {
    return (this.#command & SII_COMMAND.dma) !== 0;
  }

  get #isExpected(): boolean {
    return this.#phase === (this.#command & PHASE_LINES);
  }

  get #isInput(): boolean {
    return (this.#phase & INPUT) !== 0;
  }

  get #isBusEnabled(): boolean {
    return (this.#get(SII_REGISTER.diagnosis) & SII_PORT_ENABLE) !== 0;
  }

  #get(register: number): number {
    return this.#registers[register >>> 2] as number;
  }

  #set(register: number, value: number): void {
    this.#registers[register >>> 2] = value;
  }

  #readRegister(register: number): number {
    switch (register) {
      case SII_REGISTER.controlLines:
        return this.#controlLines();
      case SII_REGISTER.count:
        return this.#dma.countRegister;
      case SII_REGISTER.initialByte:
        return this.#dma.initialByte;
      case SII_REGISTER.connection:
        return this.#connectionStatus() | this.#interruptBits();
      case SII_REGISTER.transfer:
        return this.#transferStatus() | this.#interruptBits();
      default:
        return register >>> 2 < SII_KEPT_BITS.length ? this.#get(register) : 0;
    }
  }

  #writeRegister(register: number, value: number): void {
    switch (register) {
      case SII_REGISTER.count:
        this.#dma.countRegister = value;
        break;
      case SII_REGISTER.initialByte:
        this.#dma.initialByte = value & 0xff;
        break;
      case SII_REGISTER.connection:
        this.#latched &= ~value;
        break;
      case SII_REGISTER.transfer:
        if (value & SII_TRANSFER.done) this.#isDone = false;
        break;
      case SII_REGISTER.command:
        this.#start(value);
        return;
      default:
        if (register >>> 2 < SII_KEPT_BITS.length)
          this.#set(register, value & (SII_KEPT_BITS[register >>> 2] as number));
    }
    this.#update();
  }

  #controlLines(): number {
    const isBusy = this.#targetId >= 0;
    return (
      (isBusy ? this.#phase | (this.#command & CONTROL_LINE.attention) | CONTROL_LINE.busy : 0) |
      (this.#hasRequest ? CONTROL_LINE.request : 0) |
      (this.#isSelecting ? CONTROL_LINE.select : 0) |
      (this.#isResetting ? CONTROL_LINE.reset : 0)
    );
  }

  #connectionStatus(): number {
    return (
      this.#latched |
      (this.#isResetting ? SII_CONNECTION.busReset : 0) |
      (this.#targetId >= 0 ? SII_CONNECTION.connected : 0) |
      (this.#isSelecting ? SII_CONNECTION.selecting : 0)
    );
  }

  #transferStatus(): number {
    return (
      this.#transferEvents() |
      (this.#dma.count === 0 ? SII_TRANSFER.countZero : 0) |
      (this.#dma.isOdd ? SII_TRANSFER.oddByte : 0) |
      (this.#targetId >= 0 ? this.#phase : 0)
    );
  }

  /** The bits of DSTAT that ask for service. */
  #transferEvents(): number {
    const done = this.#isDone ? SII_TRANSFER.done : 0;
    if (!this.#hasRequest) return done;
    if (!this.#isExpected) return done | SII_TRANSFER.phaseMismatch;
    if (this.#isInputFull) return done | SII_TRANSFER.inputFull;
    const hasRoom = !this.#isInput && !this.#isDma && !this.#isTransferring;
    return done | (hasRoom ? SII_TRANSFER.transmitEmpty : 0);
  }

  /** CI and DI, which lie at the same place in CSTAT and DSTAT. */
  #interruptBits(): number {
    const isConnection = (this.#connectionStatus() & LATCHED_CONNECTION) !== 0;
    return (
      (isConnection ? SII_CONNECTION.connectionInterrupt : 0) |
      (this.#transferEvents() !== 0 ? SII_CONNECTION.transferInterrupt : 0)
    );
  }

  #update(): void {
    const isEnabled = (this.#get(SII_REGISTER.csr) & SII_CSR.interruptEnable) !== 0;
    this.#setInterrupt(isEnabled && this.#interruptBits() !== 0);
  }

  #start(value: number): void {
    if (value & SII_COMMAND.resetChip) {
      this.reset();
      return;
    }
    this.#set(SII_REGISTER.command, value & COMMAND_KEPT);
    if (value & SII_COMMAND.resetBus) this.#resetBus();
    else if (value & SII_COMMAND.disconnect) this.#disconnect();
    else if (this.#targetId >= 0) this.#startTransfer();
    else if (value & SII_COMMAND.select) this.#select();
    this.#update();
  }

  #resetBus(): void {
    this.#disconnect();
    if (!this.#isBusEnabled) return;
    for (const target of this.#targets) target?.reset();
    this.#isResetting = true;
    this.#latched |= SII_CONNECTION.busReset;
    this.#schedule(STEP.busReset, this.#timing.busReset);
  }

  /** Lets go of the bus: ends a selection that nobody answers, or a connection. */
  #disconnect(): void {
    if (this.#isResetting) return;
    this.#halt();
    this.#target?.drop();
    this.#isSelecting = false;
    this.#release();
  }

  /** The bus is free. */
  #release(): void {
    if (this.#targetId >= 0) this.#latched |= SII_CONNECTION.stateChange;
    this.#targetId = -1;
    this.#hasRequest = false;
    this.#isTransferring = false;
    this.#isInputFull = false;
  }

  /** Without a target that answers, the chip goes on selecting until it is told to disconnect. */
  #select(): void {
    if (this.#isResetting || this.#isSelecting) return;
    this.#isSelecting = true;
    this.#isChained = (this.#command & SII_COMMAND.transfer) !== 0;
    if (this.#isBusEnabled) this.#schedule(STEP.selection, this.#timing.selection);
  }

  #selected(): void {
    const id = this.#get(SII_REGISTER.selectId);
    const target = this.#targets[id];
    if (target === undefined) return;
    this.#isSelecting = false;
    this.#targetId = id;
    this.#latched |= SII_CONNECTION.stateChange;
    target.select((this.#command & SII_COMMAND.attention) !== 0);
    this.#startCount();
    this.#isTransferring = this.#isChained;
    this.#awaitRequest();
  }

  /** A command in the connected state: what was under way is given up where it is. */
  #startTransfer(): void {
    if (this.#step === STEP.move) this.#halt();
    this.#target?.setAttention((this.#command & SII_COMMAND.attention) !== 0);
    this.#isChained = false;
    this.#isTransferring = (this.#command & SII_COMMAND.transfer) !== 0;
    this.#startCount();
    this.#respond();
  }

  #startCount(): void {
    if (!this.#isDma || (this.#command & SII_COMMAND.transfer) === 0) return;
    this.#dma.begin(this.#get(SII_REGISTER.addressLow) | (this.#get(SII_REGISTER.addressHigh) << 16));
  }

  #advance(): void {
    const step = this.#step;
    this.#step = STEP.none;
    switch (step) {
      case STEP.busReset:
        this.#isResetting = false;
        break;
      case STEP.selection:
        this.#selected();
        break;
      case STEP.request:
        this.#requested();
        break;
      case STEP.move:
        this.#move();
    }
    this.#update();
  }

  /** The target's next request, or its letting go of the bus, comes when it is ready. */
  #awaitRequest(): void {
    this.#hasRequest = false;
    const readyAt = this.#target?.readyAt ?? 0;
    this.#schedule(STEP.request, Math.max(0, readyAt - this.#clock.now) + this.#timing.handshake);
  }

  #requested(): void {
    const target = this.#target as ScsiTarget;
    if (target.phase === SCSI_PHASE.free) {
      this.#release();
      return;
    }
    this.#hasRequest = true;
    this.#phase = target.phase;
    this.#respond();
  }

  /** What a request and the command in COMM make of each other. */
  #respond(): void {
    if (!this.#hasRequest || !this.#isExpected || this.#step !== STEP.none) return;
    if (this.#isTransferring) this.#plan();
    else if (this.#isInput && !this.#isDma && !this.#isInputFull) this.#fill();
  }

  /** The byte that the target offers goes to DATA. */
  #fill(): void {
    this.#set(SII_REGISTER.data, (this.#target as ScsiTarget).take());
    this.#isInputFull = true;
  }

  /** Schedules the next step of a transfer: how many bytes, and when they will have moved. */
  #plan(): void {
    const target = this.#target as ScsiTarget;
    const isData = this.#phase === SCSI_PHASE.dataIn || this.#phase === SCSI_PHASE.dataOut;
    const offered = (this.#isInputFull ? 1 : 0) + (target.phase === this.#phase ? target.remaining : 0);
    this.#chunk = this.#isDma ? Math.min(CHUNK_BYTES, this.#dma.count, offered) : 1;
    this.#schedule(STEP.move, this.#chunk * (isData ? this.#timing.dataByte : this.#timing.handshake));
  }

  #move(): void {
    const target = this.#target as ScsiTarget;
    if (!this.#isDma) {
      if (this.#isInput) this.#takeByte(target);
      else this.#putByte(target, this.#get(SII_REGISTER.data), this.#isChained);
      this.#finish();
      return;
    }
    const dma = this.#dma;
    for (; this.#chunk > 0; this.#chunk--) {
      if (this.#isInput) dma.store(this.#takeByte(target));
      else {
        const isLast = dma.count === 1;
        this.#putByte(target, dma.load(), isLast);
      }
    }
    if (dma.count === 0) {
      if (this.#isInput) dma.flush();
      this.#finish();
    } else if (target.phase === this.#phase) this.#plan();
    else this.#awaitRequest();
  }

  #finish(): void {
    this.#isDone = true;
    this.#isTransferring = false;
    this.#isChained = false;
    this.#awaitRequest();
  }

  #takeByte(target: ScsiTarget): number {
    if (!this.#isInputFull) this.#fill();
    this.#isInputFull = false;
    if (this.#phase === SCSI_PHASE.messageIn) target.release();
    return this.#get(SII_REGISTER.data);
  }

  /** ATN falls before the last byte of a message, as far as the chip knows which that is. */
  #putByte(target: ScsiTarget, byte: number, isLast: boolean): void {
    if (isLast && this.#phase === SCSI_PHASE.messageOut) target.setAttention(false);
    target.put(byte);
  }

  #schedule(step: Step, cycles: number): void {
    this.#step = step;
    this.#clock.arm(this.#slot, this.#clock.now + cycles);
  }

  #halt(): void {
    this.#step = STEP.none;
    this.#clock.disarm(this.#slot);
  }
}
