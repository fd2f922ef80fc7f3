/**
 * Am7990 LANCE with the wire behind it. Registers: RDP and RAP, CSR0 to CSR3. INIT reads the initialisation block, STRT
 * starts receiver and transmitter; STOP ends everything at once. The wire carries one frame at a time, in either
 * direction, at 10 Mbit/s, and goes on whether or not the chip listens. Follows AMD's Am7990 data sheet.
 */

import type { NetworkPort } from '../machine-types.js';
import type { AccessSize, Device } from '../memory/bus.js';
import { inRange, type Stateful } from '../snapshot/state.js';
import type { Clock, TimerSlot } from '../time/clock.js';
import {
  FCS_BYTES,
  GAP_BYTES,
  hasGoodFcs,
  MAX_FRAME_BYTES,
  MIN_FRAME_BYTES,
  PREAMBLE_BYTES,
  wireCycles,
  withFcs,
} from './ethernet.js';
import { HostWire, type HostWireState } from './host-wire.js';
import { LanceReceiver, type LanceReceiverState } from './lance-receiver.js';
import {
  CSR0,
  LANCE_BURST_BYTES,
  LANCE_MODE,
  LANCE_REGISTER,
  LANCE_TRANSMIT_ERROR,
  type LanceMemory,
} from './lance-registers.js';
import { LanceTransmitter, type LanceTransmitterState } from './lance-transmitter.js';
import { coversLane, fromLanes } from './lanes.js';

/** Cause bits that are cleared by writing 1. */
const CAUSES = 0x7f00;
const INTERRUPTING = CAUSES & ~CSR0.collisionError;
const ERRORS = CSR0.babble | CSR0.collisionError | CSR0.missed | CSR0.memoryError;
const INIT_WORDS = 12;
/** Twelve single transfers of 600 ns each and as long again for getting the bus (guess). */
const INIT_SECONDS = 14.4e-6;
/** Data sheet: READY must come within 25.6 us of the address. */
const READY_SECONDS = 25.6e-6;
/** Data sheet: the transmit ring is looked at every 1.6 ms. */
const POLL_SECONDS = 1.6e-3;
/** From transmit demand to the first look at the ring (guess: the microprogram's own pace). */
const DEMAND_SECONDS = 2e-6;

type Medium = 'idle' | 'receiving' | 'sending' | 'gap';
type Command = 'none' | 'init' | 'error';

type LanceState = {
  readonly receiver: LanceReceiverState;
  readonly transmitter: LanceTransmitterState;
  readonly host: HostWireState;
  readonly registers: Int32Array;
  readonly address: number;
  readonly status: number;
  readonly mode: number;
  readonly command: Command;
  readonly medium: Medium;
  readonly frameStart: number;
  readonly incoming: Uint8Array;
  readonly arrived: number;
  readonly isAborted: boolean;
  readonly wasReceiving: boolean;
};

export class Lance implements Device, Stateful<LanceState> {
  readonly #clock: Clock;
  readonly #memory: LanceMemory;
  readonly #setInterrupt: (isRaised: boolean) => void;
  readonly #receiver: LanceReceiver;
  readonly #transmitter: LanceTransmitter;
  readonly #host: HostWire = new HostWire();
  readonly #registers: Uint16Array = new Uint16Array(4);
  #address = 0;
  #status: number = CSR0.stop;
  #mode = 0;
  /** What `#commandTimer` ends: reading the initialisation block, or waiting for memory that does not answer. */
  #command: Command = 'none';
  #medium: Medium = 'idle';
  /** Cycle at which the present frame's first byte is on the wire. */
  #frameStart = 0;
  #incoming: Uint8Array = new Uint8Array(0);
  #arrived = 0;
  /** The chip was stopped in the middle of a frame: it ends at once and nobody gets it. */
  #isAborted = false;
  #wasReceiving = false;
  readonly #commandTimer: TimerSlot;
  readonly #pollTimer: TimerSlot;
  readonly #wireTimer: TimerSlot;

  constructor(clock: Clock, memory: LanceMemory, setInterrupt: (isRaised: boolean) => void) {
    this.#clock = clock;
    this.#memory = memory;
    this.#setInterrupt = setInterrupt;
    const hooks = {
      raise: (causes: number) => this.#raise(causes),
      busFailed: () => this.#busFailed(),
    };
    this.#receiver = new LanceReceiver(memory, hooks);
    this.#transmitter = new LanceTransmitter(memory, hooks);
    this.#commandTimer = clock.register(() => this.#commandStep());
    this.#pollTimer = clock.register((cycle) => this.#poll(cycle));
    this.#wireTimer = clock.register((cycle) => this.#wireStep(cycle));
    this.#host.onInput = () => this.#wake();
  }

  /** The other end of the wire. */
  get network(): NetworkPort {
    return this.#host;
  }

  /** The chip's own reset. What is on the wire goes on. */
  reset(): void {
    this.#stop();
    this.#address = 0;
    this.#registers.fill(0);
  }

  snapshot(): LanceState {
    return {
      receiver: this.#receiver.snapshot(),
      transmitter: this.#transmitter.snapshot(),
      host: this.#host.snapshot(),
      registers: Int32Array.from(this.#registers),
      address: this.#address,
      status: this.#status,
      mode: this.#mode,
      command: this.#command,
      medium: this.#medium,
      frameStart: this.#frameStart,
      incoming: this.#incoming.slice(),
      arrived: this.#arrived,
      isAborted: this.#isAborted,
      wasReceiving: this.#wasReceiving,
    };
  }

  restore(state: LanceState): void {
    this.#receiver.restore(state.receiver);
    this.#transmitter.restore(state.transmitter);
    this.#host.restore(state.host);
    this.#registers.set(state.registers);
    this.#address = state.address;
    this.#status = state.status;
    this.#mode = state.mode;
    this.#command = state.command;
    this.#medium = state.medium;
    this.#frameStart = state.frameStart;
    inRange(state.incoming.length, 0, MAX_FRAME_BYTES);
    this.#incoming = state.incoming.slice();
    this.#arrived = inRange(state.arrived, 0, state.incoming.length);
    this.#isAborted = state.isAborted;
    this.#wasReceiving = state.wasReceiving;
  }

  read(offset: number, size: AccessSize): number {
    if (offset & LANCE_REGISTER.address) return fromLanes(this.#address, offset, size);
    if (this.#address === 0) return fromLanes(this.#status, offset, size);
    const isStopped = (this.#status & CSR0.stop) !== 0;
    return fromLanes(isStopped ? (this.#registers[this.#address] as number) : 0, offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    if (!coversLane(offset, size, 0)) return;
    if (offset & LANCE_REGISTER.address) this.#address = value & 3;
    else if (this.#address === 0) this.#writeStatus(value);
    else if (this.#status & CSR0.stop) this.#registers[this.#address] = value;
  }

  #writeStatus(value: number): void {
    if (value & CSR0.stop) {
      this.#stop();
      return;
    }
    const commands = value & (CSR0.init | CSR0.start) & ~this.#status;
    if (commands !== 0) this.#status &= ~CSR0.stop;
    this.#status &= ~(value & CAUSES) & ~CSR0.enable;
    if (!(this.#status & CSR0.stop)) this.#status |= (value & CSR0.enable) | commands;
    this.#update();
    if (commands & CSR0.init) this.#after('init', INIT_SECONDS);
    else if (commands & CSR0.start && this.#command === 'none') this.#start();
    if (value & CSR0.demand && this.#transmitter.isOn) {
      this.#clock.arm(this.#pollTimer, this.#clock.now + this.#cycles(DEMAND_SECONDS));
    }
  }

  #stop(): void {
    if (this.#medium === 'sending') this.#isAborted = true;
    this.#receiver.stop();
    this.#transmitter.stop();
    this.#command = 'none';
    this.#clock.disarm(this.#commandTimer);
    this.#clock.disarm(this.#pollTimer);
    this.#registers[3] = 0;
    this.#status = CSR0.stop;
    this.#update();
  }

  #start(): void {
    this.#receiver.isOn = (this.#mode & LANCE_MODE.receiverOff) === 0;
    this.#transmitter.isOn = (this.#mode & LANCE_MODE.transmitterOff) === 0;
    this.#update();
    if (this.#transmitter.isOn) {
      this.#clock.arm(this.#pollTimer, this.#clock.now + this.#cycles(DEMAND_SECONDS));
    }
  }

  #commandStep(): void {
    const command = this.#command;
    this.#command = 'none';
    if (command === 'error') this.#raise(CSR0.memoryError);
    else if (this.#readInitBlock()) {
      this.#raise(CSR0.initialised);
      if (this.#status & CSR0.start) this.#start();
    }
  }

  #readInitBlock(): boolean {
    const base = (((this.#registers[2] as number) & 0xff) << 16) | ((this.#registers[1] as number) & 0xfffe);
    const words: number[] = [];
    for (let index = 0; index < INIT_WORDS; index++) {
      const word = this.#memory.readWord(base + index * 2);
      if (word < 0) {
        this.#busFailed();
        return false;
      }
      words.push(word);
    }
    this.#mode = words[0] as number;
    this.#receiver.configure(words);
    this.#receiver.ring.place(words[8] as number, words[9] as number);
    this.#transmitter.ring.place(words[10] as number, words[11] as number);
    return true;
  }

  /** Memory did not answer: both engines stop, and software learns of it when the chip has waited long enough. */
  #busFailed(): void {
    this.#receiver.stop();
    this.#transmitter.stop();
    this.#clock.disarm(this.#pollTimer);
    this.#update();
    this.#after('error', READY_SECONDS);
  }

  #after(command: 'init' | 'error', seconds: number): void {
    this.#command = command;
    this.#clock.arm(this.#commandTimer, this.#clock.now + this.#cycles(seconds));
  }

  #poll(cycle: number): void {
    if (!this.#transmitter.isOn) return;
    this.#clock.arm(this.#pollTimer, cycle + this.#cycles(POLL_SECONDS));
    if (!this.#transmitter.isReady && this.#transmitter.poll(this.#medium === 'receiving')) this.#wake();
  }

  // ---- the wire -------------------------------------------------------------------------------------------------

  /** There may be something to carry. */
  #wake(): void {
    if (this.#medium === 'idle') this.#clock.arm(this.#wireTimer, this.#clock.now);
  }

  #wireStep(cycle: number): void {
    switch (this.#medium) {
      case 'receiving':
        this.#receiveStep(cycle);
        return;
      case 'sending':
        this.#sendStep(cycle);
        return;
      default:
        this.#medium = 'idle';
        this.#beginFrame(cycle);
    }
  }

  /** Takes turns when both ends want the wire. */
  #beginFrame(cycle: number): void {
    this.#frameStart = cycle + this.#wire(PREAMBLE_BYTES);
    const isOurTurn = this.#wasReceiving || this.#host.pendingCount === 0;
    if (this.#transmitter.isReady && isOurTurn) {
      this.#medium = 'sending';
      this.#wasReceiving = false;
      this.#isAborted = false;
      this.#sendStep(cycle);
      return;
    }
    const frame = this.#host.take();
    if (frame === undefined) return;
    this.#medium = 'receiving';
    this.#wasReceiving = true;
    this.#incoming = withFcs(frame, true);
    this.#arrived = 0;
    this.#clock.arm(this.#wireTimer, this.#frameStart + this.#wire(LANCE_BURST_BYTES));
  }

  /** The next 16 bytes have come in. A chip in internal loopback is deaf. */
  #receiveStep(cycle: number): void {
    const isDeaf = (this.#mode & LANCE_MODE.loopback) !== 0 && (this.#mode & LANCE_MODE.internal) !== 0;
    if (this.#arrived === 0 && !isDeaf) this.#receiver.begin(this.#incoming);
    this.#arrived = Math.min(this.#arrived + LANCE_BURST_BYTES, this.#incoming.length);
    this.#receiver.take(this.#arrived);
    if (this.#arrived === this.#incoming.length) {
      this.#receiver.finish();
      this.#host.onArrival?.(this.#incoming.subarray(0, -FCS_BYTES));
      this.#endFrame(cycle);
    } else {
      const next = Math.min(this.#arrived + LANCE_BURST_BYTES, this.#incoming.length);
      this.#clock.arm(this.#wireTimer, this.#frameStart + this.#wire(next));
    }
  }

  /** Bytes are fetched while those before them go out; the step after the last fetch is the end of the frame. */
  #sendStep(cycle: number): void {
    const transmitter = this.#transmitter;
    const fcsBytes = this.#mode & LANCE_MODE.withoutCrc ? 0 : FCS_BYTES;
    if (this.#isAborted || !transmitter.isReady) {
      this.#endFrame(cycle);
      return;
    }
    if (transmitter.isComplete) {
      this.#finishSending(cycle);
      return;
    }
    const before = transmitter.length;
    if (!transmitter.fetch(fcsBytes)) {
      this.#update();
      this.#endFrame(cycle);
      return;
    }
    const onWire = transmitter.isComplete ? transmitter.length + fcsBytes : before;
    this.#clock.arm(this.#wireTimer, this.#frameStart + this.#wire(onWire));
  }

  #finishSending(cycle: number): void {
    const { frame } = this.#transmitter;
    const isLoopback = (this.#mode & LANCE_MODE.loopback) !== 0;
    const isInternal = isLoopback && (this.#mode & LANCE_MODE.internal) !== 0;
    const collides = isInternal && (this.#mode & LANCE_MODE.forceCollision) !== 0;
    this.#transmitter.finish(collides ? LANCE_TRANSMIT_ERROR.retry : 0);
    if (frame !== undefined && !collides) {
      const whole = this.#mode & LANCE_MODE.withoutCrc ? frame : withFcs(frame, false);
      if (isLoopback) {
        this.#receiver.begin(whole);
        this.#receiver.take(whole.length);
        this.#receiver.finish();
      }
      if (!isInternal) this.#deliver(whole);
    }
    this.#endFrame(cycle);
  }

  /** What every receiver on the wire would throw away goes no further: runts, giants, bad check sequences. */
  #deliver(whole: Uint8Array): void {
    if (whole.length < MIN_FRAME_BYTES + FCS_BYTES || whole.length > MAX_FRAME_BYTES) return;
    if (!hasGoodFcs(whole)) return;
    this.#host.onFrame?.(whole.subarray(0, whole.length - FCS_BYTES));
  }

  #endFrame(cycle: number): void {
    this.#medium = 'gap';
    this.#transmitter.poll(false);
    this.#clock.arm(this.#wireTimer, cycle + this.#wire(GAP_BYTES));
  }

  // ---- interrupts -----------------------------------------------------------------------------------------------

  #raise(causes: number): void {
    this.#status |= causes;
    this.#update();
  }

  #update(): void {
    let status = this.#status & ~(CSR0.interrupt | CSR0.error | CSR0.receiverOn | CSR0.transmitterOn);
    if (status & INTERRUPTING) status |= CSR0.interrupt;
    if (status & ERRORS) status |= CSR0.error;
    if (this.#receiver.isOn) status |= CSR0.receiverOn;
    if (this.#transmitter.isOn) status |= CSR0.transmitterOn;
    this.#status = status;
    this.#setInterrupt((status & CSR0.interrupt) !== 0 && (status & CSR0.enable) !== 0);
  }

  #wire(byteCount: number): number {
    return wireCycles(byteCount, this.#clock.hertz);
  }

  #cycles(seconds: number): number {
    return Math.round(seconds * this.#clock.hertz);
  }
}
