/**
 * What a board is built from and what it is to the rest of the machine: the bus for the CPU, the outside ends of its
 * lines and wires for the workstation.
 */

import type { Keyboard, MachineOptions, Mouse, NetworkPort, Screen, SerialLine } from '../machine-types.js';
import type { Bus, DmaMemory, InterruptInputs } from '../memory/bus.js';
import type { State, Stateful } from '../snapshot/state.js';
import type { Clock } from '../time/clock.js';

/** What a board is built with. `interrupts` and `dma` are the CPU's side. */
export interface BoardParts {
  readonly clock: Clock;
  readonly interrupts: InterruptInputs;
  readonly dma: DmaMemory;
  readonly options: MachineOptions;
}

export interface Board extends Stateful<State> {
  readonly bus: Bus;
  readonly console: SerialLine;
  /** The 16 lines of the terminal multiplexer. */
  readonly lines: readonly SerialLine[];
  /** The Ethernet, as its other end sees it. */
  readonly network: NetworkPort;
  readonly keyboard: Keyboard;
  readonly mouse: Mouse;
  /** The monitor on the frame buffer. */
  readonly screen: Screen;
  /** Clock chip RAM, registers 14..63, a copy of its present content. */
  readonly nvram: Uint8Array;
  /** Power-on state of everything but the clock chip's time and RAM; bytes waiting on host lines stay. */
  reset(): void;
}
