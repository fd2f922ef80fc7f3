/**
 * Several machines on one Ethernet, in one process. The machines advance in lockstep, by no more than a minimum frame's
 * time: what one of them sends in a step reaches the others in a later one, at a cycle that the frames alone decide, so two
 * runs with the same inputs are the same on every machine, to the cycle.
 *
 * The wire: each machine sits on a piece of 10 Mbit/s cable of its own, and a bridge joins the pieces. It takes a frame
 * when its last bit has left the machine, and one minimum frame's time (57.6 us) later, or when the frame before has
 * passed, the frame begins at all the others. So frames pass one at a time, in one order for everybody, and never collide;
 * what a machine's chip cannot take waits at its port. Connections to the outside are stations too.
 */

import { frameCycles, gapCycles, MIN_FRAME_BYTES } from '../machine/index.js';
import type { NetworkConnection } from './network.js';
import { isFrame, type Runnable } from './workstation.js';

/** Frames that the bridge keeps; what comes while it is full is lost. */
const BRIDGE_FRAMES = 256;

/** A machine as the wire sees it. */
export interface LanStation extends Runnable {
  /** Where its frames go. */
  network: NetworkConnection | undefined;
  receiveFrame(frame: Uint8Array): void;
}

/** A frame that waits for its turn on the wire. `source` is the station or connection it came from. */
interface Passage {
  readonly source: object;
  readonly frame: Uint8Array;
  /** Cycle at which it begins at the others. */
  readonly start: number;
}

export class Lan implements Runnable {
  readonly hertz: number;
  /** Called for each frame when it begins to pass. */
  onFrame: ((frame: Uint8Array, cycle: number) => void) | undefined;
  /** Called when a machine has halted while others run. */
  onHalt: ((index: number) => void) | undefined;
  readonly #stations: readonly LanStation[];
  readonly #connections: NetworkConnection[] = [];
  readonly #stepCycles: number;
  readonly #halted = new Set<LanStation>();
  /** What left the machines in this step: not in order yet. */
  #sent: { source: LanStation; frame: Uint8Array; end: number }[] = [];
  #passages: Passage[] = [];
  #wireFreeAt = 0;
  /** All machines have reached this cycle. */
  #cycle: number;
  /** Where the present step ends; some may be there already when a `stop` has cut it short. */
  #stepEnd: number;
  #running: LanStation | undefined;
  #isStopped = false;

  /** The machines stand at the same cycle and have the same clock rate. Throws RangeError otherwise. */
  constructor(stations: readonly LanStation[]) {
    const [first] = stations;
    if (first === undefined) throw new RangeError('a wire needs a machine');
    if (stations.some(({ hertz, cycle }) => hertz !== first.hertz || cycle !== first.cycle)) {
      throw new RangeError('machines on one wire must have the same clock rate and stand at the same cycle');
    }
    this.#stations = stations;
    this.hertz = first.hertz;
    this.#stepCycles = frameCycles(MIN_FRAME_BYTES, first.hertz);
    this.#cycle = first.cycle;
    this.#stepEnd = first.cycle;
    for (const station of stations) {
      station.network = {
        port: 0,
        send: (frame) => this.#sent.push({ source: station, frame: frame.slice(), end: station.cycle }),
        dispose: () => {},
      };
    }
  }

  get cycle(): number {
    return this.#cycle;
  }

  /** True when all machines have halted. */
  get isHalted(): boolean {
    return this.#stations.every((station) => station.isHalted);
  }

  /** Adds a connection to the outside. Its frames come by `receive`. */
  connect(connection: NetworkConnection): void {
    this.#connections.push(connection);
  }

  /** A frame from outside, between two runs: it begins as soon as the wire is free. */
  receive(frame: Uint8Array, source: NetworkConnection): void {
    if (isFrame(frame)) this.#queue(source, frame.slice(), this.#cycle);
  }

  /** Ends the present `run`, after the present instruction of the machine that runs. */
  stop(): void {
    this.#isStopped = true;
    this.#running?.stop();
  }

  /** Runs all machines to the absolute cycle, or to a `stop`; a halted one stays where it is. */
  run(untilCycle: number): void {
    this.#isStopped = false;
    while (this.#cycle < untilCycle && !this.isHalted) {
      if (this.#stepEnd <= this.#cycle) {
        const next = this.#passages[0]?.start ?? Number.POSITIVE_INFINITY;
        this.#stepEnd = Math.min(this.#cycle + this.#stepCycles, next, untilCycle);
      }
      for (const station of this.#stations) {
        this.#running = station;
        if (!this.#hasArrived(station)) station.run(this.#stepEnd);
        this.#running = undefined;
        // Stopped in the middle of a step: the next run goes on with it.
        if (this.#isStopped || !this.#hasArrived(station)) return;
      }
      this.#endStep();
    }
  }

  #hasArrived(station: LanStation): boolean {
    return station.isHalted || station.cycle >= this.#stepEnd;
  }

  #endStep(): void {
    this.#cycle = this.#stepEnd;
    // Machines ran one after the other, frames left them in the order of their ends; ties go by position.
    // A machine ends its last instruction behind the step's end; what left it there belongs to the next step.
    const sent = this.#sent.filter(({ end }) => end < this.#cycle).sort((one, other) => one.end - other.end);
    this.#sent = this.#sent.filter(({ end }) => end >= this.#cycle);
    for (const { source, frame, end } of sent) this.#queue(source, frame, end + this.#stepCycles);
    while ((this.#passages[0]?.start ?? Number.POSITIVE_INFINITY) <= this.#cycle) {
      this.#pass(this.#passages.shift() as Passage);
    }
    this.#stations.forEach((station, index) => {
      if (!station.isHalted || this.#halted.has(station)) return;
      this.#halted.add(station);
      if (!this.isHalted) this.onHalt?.(index);
    });
  }

  #queue(source: object, frame: Uint8Array, earliest: number): void {
    if (this.#passages.length >= BRIDGE_FRAMES) return;
    const start = Math.max(earliest, this.#wireFreeAt);
    this.#wireFreeAt = start + frameCycles(frame.length, this.hertz) + gapCycles(this.hertz);
    this.#passages.push({ source, frame, start });
  }

  #pass({ source, frame, start }: Passage): void {
    this.onFrame?.(frame, start);
    for (const station of this.#stations) {
      if (station !== source && !station.isHalted) station.receiveFrame(frame);
    }
    for (const connection of this.#connections) if (connection !== source) connection.send(frame);
  }
}
