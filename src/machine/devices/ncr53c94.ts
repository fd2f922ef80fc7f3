/**
 * NCR 53C94 SCSI controller as initiator, one register in the low byte of each word. Selection, transfers and
 * completion run as timed steps; each ends in an interrupt that reading INTR clears, together with the sequence step.
 * Data moves by the IOASIC's DMA engine or through the 16-byte FIFO. Data manual: NCR 53C94/95/96.
 */

import type { AccessSize, Device } from '../memory/bus.js';
import { inRange, type Stateful } from '../snapshot/state.js';
import type { Clock, TimerSlot } from '../time/clock.js';
import type { ScsiTiming } from '../time/kn02ba-timing.js';
import type { IoasicScsiDma } from './ioasic-scsi-dma.js';
import { coversLane, fromLanes } from './lanes.js';
import { AscFifo, type AscFifoState } from './ncr53c94-fifo.js';
import { ASC_COMMAND, ASC_INTERRUPT, ASC_REGISTER, ASC_STATUS } from './ncr53c94-registers.js';
import { SCSI_PHASE, type ScsiTarget } from './scsi-target.js';

const CONFIGURATION1_NO_RESET_INTERRUPT = 0x40;
/** Data moved in one timed step. */
const CHUNK_BYTES = 512;
/** Chip clocks per unit of the timeout register, times the clock factor. The chip's clock is 25 MHz. */
const TIMEOUT_CLOCKS = 8192;
const CHIP_HERTZ = 25_000_000;

/** What the timer slot will do. */
const STEP = {
  none: 0,
  selection: 1,
  selectionBytes: 2,
  move: 3,
  interrupt: 4,
  completion: 5,
  stalled: 6,
} as const;
type Step = (typeof STEP)[keyof typeof STEP];
const STEPS_WITH_TARGET: readonly Step[] = [STEP.selectionBytes, STEP.move, STEP.completion, STEP.stalled];
/** What a count of zero stands for. */
const MAX_COUNT = 0x1_0000;

type Ncr53c94State = {
  readonly fifo: AscFifoState;
  readonly held: Uint8Array;
  readonly command: number;
  readonly startCount: number;
  readonly count: number;
  readonly isCountZero: boolean;
  readonly interrupt: number;
  readonly sequence: number;
  readonly hasGrossError: boolean;
  /** SCSI id of the target that holds the bus with us, -1 when none does. */
  readonly target: number;
  readonly step: Step;
  readonly phase: number;
  readonly chunk: number;
  readonly nextInterrupt: number;
  readonly nextSequence: number;
};

export class Ncr53c94 implements Device, Stateful<Ncr53c94State> {
  readonly #clock: Clock;
  readonly #slot: TimerSlot;
  readonly #dma: IoasicScsiDma;
  readonly #targets: readonly (ScsiTarget | undefined)[];
  readonly #timing: ScsiTiming;
  readonly #setInterrupt: (isRaised: boolean) => void;
  readonly #setRequest: (isRaised: boolean) => void;
  readonly #fifo: AscFifo = new AscFifo();
  /** Write side of the registers that only hold a value. */
  readonly #held: Uint8Array = new Uint8Array(16);
  #command = 0;
  #startCount = 0;
  #count = 0;
  #isCountZero = false;
  #interrupt = 0;
  #sequence = 0;
  #hasGrossError = false;
  /** Target that holds the bus with us. */
  #target: ScsiTarget | undefined = undefined;
  #step: Step = STEP.none;
  /** Phase in which the running transfer began, and what its step will move. */
  #phase = 0;
  #chunk = 0;
  /** What STEP.interrupt will report. */
  #nextInterrupt = 0;
  #nextSequence = 0;

  constructor(
    clock: Clock,
    dma: IoasicScsiDma,
    targets: readonly (ScsiTarget | undefined)[],
    timing: ScsiTiming,
    lines: { interrupt(isRaised: boolean): void; request(isRaised: boolean): void },
  ) {
    this.#clock = clock;
    this.#dma = dma;
    this.#targets = targets;
    this.#timing = timing;
    this.#setInterrupt = (isRaised) => lines.interrupt(isRaised);
    this.#setRequest = (isRaised) => lines.request(isRaised);
    this.#slot = clock.register(() => this.#advance());
  }

  /** The reset pin, or command 2. */
  reset(): void {
    this.#clock.disarm(this.#slot);
    this.#step = STEP.none;
    this.#target?.drop();
    this.#target = undefined;
    this.#fifo.flush();
    this.#held.fill(0);
    this.#held[ASC_REGISTER.clockFactor] = 2;
    this.#command = 0;
    this.#startCount = 0;
    this.#count = 0;
    this.#isCountZero = false;
    this.#hasGrossError = false;
    this.#setRequest(false);
    this.#clearInterrupt();
  }

  snapshot(): Ncr53c94State {
    return {
      fifo: this.#fifo.snapshot(),
      held: this.#held.slice(),
      command: this.#command,
      startCount: this.#startCount,
      count: this.#count,
      isCountZero: this.#isCountZero,
      interrupt: this.#interrupt,
      sequence: this.#sequence,
      hasGrossError: this.#hasGrossError,
      target: this.#target === undefined ? -1 : this.#targets.indexOf(this.#target),
      step: this.#step,
      phase: this.#phase,
      chunk: this.#chunk,
      nextInterrupt: this.#nextInterrupt,
      nextSequence: this.#nextSequence,
    };
  }

  restore(state: Ncr53c94State): void {
    this.#fifo.restore(state.fifo);
    this.#held.set(state.held);
    this.#command = state.command;
    this.#startCount = state.startCount;
    this.#count = inRange(state.count, 0, MAX_COUNT);
    this.#isCountZero = state.isCountZero;
    this.#interrupt = state.interrupt;
    this.#sequence = state.sequence;
    this.#hasGrossError = state.hasGrossError;
    this.#target = this.#targets[state.target];
    if (this.#target === undefined && STEPS_WITH_TARGET.includes(state.step)) {
      throw new RangeError('a transfer without a target');
    }
    this.#step = state.step;
    this.#phase = state.phase;
    this.#chunk = inRange(state.chunk, 0, CHUNK_BYTES);
    this.#nextInterrupt = state.nextInterrupt;
    this.#nextSequence = state.nextSequence;
  }

  /** The DMA engine's registers changed: a stalled transfer may go on. */
  dmaChanged(): void {
    if (this.#step !== STEP.stalled) return;
    this.#setRequest(false);
    this.#schedule(STEP.move, this.#timing.dmaBurst);
  }

  read(offset: number, size: AccessSize): number {
    return fromLanes(this.#readRegister((offset >>> 2) & 15), offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    if (coversLane(offset, size, 0)) this.#writeRegister((offset >>> 2) & 15, value & 0xff);
  }

  #readRegister(register: number): number {
    switch (register) {
      case ASC_REGISTER.countLow:
        return this.#count & 0xff;
      case ASC_REGISTER.countMiddle:
        return (this.#count >>> 8) & 0xff;
      case ASC_REGISTER.fifo:
        return this.#fifo.pop();
      case ASC_REGISTER.command:
        return this.#command;
      case ASC_REGISTER.status:
        return this.#status();
      case ASC_REGISTER.interrupt: {
        const interrupt = this.#interrupt;
        this.#hasGrossError = false;
        this.#clearInterrupt();
        return interrupt;
      }
      case ASC_REGISTER.step:
        return this.#sequence;
      case ASC_REGISTER.fifoFlags:
        return this.#fifo.count | (this.#sequence << 5);
      case ASC_REGISTER.configuration1:
      case ASC_REGISTER.configuration2:
      case ASC_REGISTER.configuration3:
        return this.#held[register] as number;
      default:
        return 0;
    }
  }

  #writeRegister(register: number, value: number): void {
    switch (register) {
      case ASC_REGISTER.countLow:
        this.#startCount = (this.#startCount & 0xff00) | value;
        return;
      case ASC_REGISTER.countMiddle:
        this.#startCount = (this.#startCount & 0x00ff) | (value << 8);
        return;
      case ASC_REGISTER.fifo:
        this.#pushFifo(value);
        return;
      case ASC_REGISTER.command:
        this.#start(value);
        return;
      default:
        this.#held[register] = value;
    }
  }

  #status(): number {
    const phase = this.#target === undefined || this.#target.phase < 0 ? 0 : this.#target.phase;
    return (
      phase |
      (this.#isCountZero ? ASC_STATUS.countZero : 0) |
      (this.#hasGrossError ? ASC_STATUS.grossError : 0) |
      (this.#interrupt !== 0 ? ASC_STATUS.interrupt : 0)
    );
  }

  #pushFifo(byte: number): void {
    if (!this.#fifo.push(byte)) this.#hasGrossError = true;
  }

  #start(value: number): void {
    this.#command = value;
    if (value & ASC_COMMAND.dma) {
      this.#count = this.#startCount === 0 ? MAX_COUNT : this.#startCount;
      this.#isCountZero = false;
    }
    switch (value & 0x7f) {
      case ASC_COMMAND.nop:
      case ASC_COMMAND.enableReselection:
      case ASC_COMMAND.disableReselection:
        return;
      case ASC_COMMAND.flushFifo:
        this.#fifo.flush();
        return;
      case ASC_COMMAND.resetChip:
        this.reset();
        return;
      case ASC_COMMAND.resetBus:
        this.#resetBus();
        return;
      case ASC_COMMAND.setAttention:
        this.#target?.setAttention(true);
        return;
      case ASC_COMMAND.resetAttention:
        this.#target?.setAttention(false);
        return;
      case ASC_COMMAND.select:
      case ASC_COMMAND.selectAttention:
      case ASC_COMMAND.selectAttentionStop:
      case ASC_COMMAND.selectAttention3:
        if (this.#target !== undefined) break;
        this.#select();
        return;
      case ASC_COMMAND.transfer:
      case ASC_COMMAND.pad:
        if (this.#target === undefined) break;
        this.#phase = this.#target.phase;
        this.#plan();
        return;
      case ASC_COMMAND.completeSteps:
        if (this.#target === undefined) break;
        this.#scheduleReady(STEP.completion, 2 * this.#timing.handshake);
        return;
      case ASC_COMMAND.acceptMessage:
        if (this.#target === undefined) break;
        this.#target.release();
        this.#end(ASC_INTERRUPT.busService, 0);
        return;
    }
    this.#raise(ASC_INTERRUPT.illegal, 0);
  }

  #resetBus(): void {
    for (const target of this.#targets) target?.reset();
    this.#target = undefined;
    this.#setRequest(false);
    this.#clock.disarm(this.#slot);
    this.#step = STEP.none;
    if ((this.#held[ASC_REGISTER.configuration1] as number) & CONFIGURATION1_NO_RESET_INTERRUPT) return;
    this.#nextInterrupt = ASC_INTERRUPT.busReset;
    this.#nextSequence = 0;
    this.#schedule(STEP.interrupt, this.#timing.busReset);
  }

  #select(): void {
    const target = this.#targets[(this.#held[ASC_REGISTER.selectId] as number) & 7];
    if (target !== undefined) {
      this.#schedule(STEP.selection, this.#timing.selection);
      return;
    }
    const factor = (this.#held[ASC_REGISTER.clockFactor] as number) & 7 || 8;
    const units = (this.#held[ASC_REGISTER.timeout] as number) || 1;
    this.#nextInterrupt = ASC_INTERRUPT.disconnected;
    this.#nextSequence = 0;
    this.#schedule(
      STEP.interrupt,
      Math.round((units * factor * TIMEOUT_CLOCKS * this.#clock.hertz) / CHIP_HERTZ),
    );
  }

  #advance(): void {
    const step = this.#step;
    this.#step = STEP.none;
    if (step === STEP.selection)
      this.#target = this.#targets[(this.#held[ASC_REGISTER.selectId] as number) & 7];
    // Software may change the id under a selection, or let the target go under any other command.
    if (step !== STEP.interrupt && this.#target === undefined) {
      this.#raise(ASC_INTERRUPT.disconnected, 0);
      return;
    }
    switch (step) {
      case STEP.selection:
        this.#target?.select((this.#command & 0x7f) !== ASC_COMMAND.select);
        this.#schedule(STEP.selectionBytes, this.#selectionByteCount() * this.#timing.handshake);
        return;
      case STEP.selectionBytes:
        this.#sendSelectionBytes();
        return;
      case STEP.move:
        this.#move();
        return;
      case STEP.completion:
        this.#complete();
        return;
      case STEP.interrupt:
        this.#raise(this.#nextInterrupt, this.#nextSequence);
    }
  }

  #selectionByteCount(): number {
    return (this.#command & 0x7f) === ASC_COMMAND.selectAttentionStop ? 1 : this.#fifo.count;
  }

  /** Message bytes, then the command, as long as the target asks for it. */
  #sendSelectionBytes(): void {
    const target = this.#target as ScsiTarget;
    const command = this.#command & 0x7f;
    if (command === ASC_COMMAND.selectAttentionStop) {
      target.put(this.#fifo.pop());
      this.#end(ASC_INTERRUPT.functionComplete | ASC_INTERRUPT.busService, 1);
      return;
    }
    let messages = command === ASC_COMMAND.select ? 0 : command === ASC_COMMAND.selectAttention3 ? 3 : 1;
    for (; messages > 0 && this.#fifo.count > 0; messages--) {
      if (messages === 1) target.setAttention(false);
      target.put(this.#fifo.pop());
    }
    let sequence = 2;
    while (target.phase === SCSI_PHASE.command && this.#fifo.count > 0) {
      target.put(this.#fifo.pop());
      sequence = 4;
    }
    this.#end(ASC_INTERRUPT.functionComplete | ASC_INTERRUPT.busService, sequence);
  }

  get #isDma(): boolean {
    return (this.#command & ASC_COMMAND.dma) !== 0;
  }

  get #isInput(): boolean {
    return (this.#phase & 1) !== 0;
  }

  /** Schedules the next step of a transfer: how many bytes, and when they will have moved. */
  #plan(): void {
    const target = this.#target as ScsiTarget;
    const isData = this.#phase === SCSI_PHASE.dataIn || this.#phase === SCSI_PHASE.dataOut;
    const limit = this.#isDma ? this.#count : this.#isInput ? 1 : this.#fifo.count;
    const available = isData ? target.remaining : this.#isInput ? 1 : limit;
    this.#chunk = Math.min(CHUNK_BYTES, limit, available);
    const byteCycles = isData ? this.#timing.dataByte : this.#timing.handshake;
    this.#scheduleReady(STEP.move, this.#chunk * byteCycles);
  }

  #move(): void {
    const target = this.#target as ScsiTarget;
    if ((this.#command & 0x7f) === ASC_COMMAND.pad) this.#movePad(target);
    else if (!this.#isDma) this.#moveFifo(target);
    else if (!this.#moveDma(target)) return;
    if (this.#isDma && this.#count === 0) this.#isCountZero = true;
    const isFinished = this.#isDma ? this.#count === 0 || target.phase !== this.#phase : true;
    if (!isFinished) {
      this.#plan();
      return;
    }
    const isMessageIn = this.#phase === SCSI_PHASE.messageIn;
    this.#end(isMessageIn ? ASC_INTERRUPT.functionComplete : ASC_INTERRUPT.busService, 0);
  }

  #moveFifo(target: ScsiTarget): void {
    if (this.#isInput) {
      this.#pushFifo(target.take());
      return;
    }
    while (this.#fifo.count > 0 && target.phase === this.#phase) {
      if (this.#phase === SCSI_PHASE.messageOut && this.#fifo.count === 1) target.setAttention(false);
      target.put(this.#fifo.pop());
    }
  }

  #movePad(target: ScsiTarget): void {
    for (; this.#chunk > 0 && target.phase === this.#phase; this.#chunk--) {
      if (this.#isInput) target.take();
      else target.put(0);
      if (this.#isDma) this.#count--;
    }
  }

  /** Two bytes at a time; an odd last byte travels as the lower half of a halfword. False when the engine stalls. */
  #moveDma(target: ScsiTarget): boolean {
    while (this.#chunk > 0 && target.phase === this.#phase) {
      const bytes = this.#chunk > 1 ? 2 : 1;
      const hasMoved = this.#isInput ? this.#deliver(target, bytes) : this.#fetch(target, bytes);
      if (!hasMoved) {
        this.#step = STEP.stalled;
        this.#setRequest(true);
        return false;
      }
      this.#chunk -= bytes;
      this.#count -= bytes;
    }
    return true;
  }

  #deliver(target: ScsiTarget, bytes: number): boolean {
    if (!this.#dma.canDeliver()) return false;
    const low = target.take();
    const high = bytes > 1 && target.phase === this.#phase ? target.take() : 0;
    this.#dma.deliver(low | (high << 8));
    return true;
  }

  #fetch(target: ScsiTarget, bytes: number): boolean {
    const halfword = this.#dma.fetch();
    if (halfword < 0) return false;
    if (this.#phase === SCSI_PHASE.messageOut && this.#count <= bytes) target.setAttention(false);
    target.put(halfword & 0xff);
    if (bytes > 1) target.put(halfword >>> 8);
    return true;
  }

  /** Initiator command complete steps: status and message into the FIFO, the message left unacknowledged. */
  #complete(): void {
    const target = this.#target as ScsiTarget;
    if (target.phase === SCSI_PHASE.status) this.#pushFifo(target.take());
    if (target.phase === SCSI_PHASE.messageIn) {
      this.#pushFifo(target.take());
      this.#raise(ASC_INTERRUPT.functionComplete, 0);
      return;
    }
    this.#end(ASC_INTERRUPT.busService, 0);
  }

  /** Ends a command: interrupts once the target asks for the next byte, or at once when it has left the bus. */
  #end(interrupt: number, sequence: number): void {
    if (this.#target === undefined || this.#target.phase === SCSI_PHASE.free) {
      this.#target = undefined;
      this.#nextInterrupt = ASC_INTERRUPT.disconnected;
      this.#nextSequence = sequence;
      this.#schedule(STEP.interrupt, this.#timing.handshake);
      return;
    }
    this.#nextInterrupt = interrupt;
    this.#nextSequence = sequence;
    this.#scheduleReady(STEP.interrupt, this.#timing.handshake);
  }

  #schedule(step: Step, cycles: number): void {
    this.#step = step;
    this.#clock.arm(this.#slot, this.#clock.now + cycles);
  }

  /** As `schedule`, counted from when the target is ready. */
  #scheduleReady(step: Step, cycles: number): void {
    const readyAt = this.#target?.readyAt ?? 0;
    this.#schedule(step, Math.max(0, readyAt - this.#clock.now) + cycles);
  }

  #raise(interrupt: number, sequence: number): void {
    this.#interrupt |= interrupt;
    this.#sequence = sequence;
    this.#setInterrupt(true);
  }

  #clearInterrupt(): void {
    this.#interrupt = 0;
    this.#sequence = 0;
    this.#setInterrupt(false);
  }
}
