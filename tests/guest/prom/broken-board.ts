/** A machine whose board has a fault: what software reads at one address is not what the chip there says. */

import type { Board, BoardParts } from '../../../src/machine/boards/index.js';
import type { Model } from '../../../src/machine/index.js';
import type { AccessSize, Bus } from '../../../src/machine/memory/bus.js';

/** `alter` gives what is read instead; undefined = nothing answers. */
type Fault = (value: number) => number | undefined;

export function withBrokenReads(address: number, alter: Fault): (model: Model) => Model {
  return (model) => ({
    ...model,
    createBoard(parts: BoardParts): Board {
      const board = model.createBoard(parts);
      return Object.create(board, { bus: { value: new BrokenBus(board.bus, address, alter) } }) as Board;
    },
  });
}

class BrokenBus implements Bus {
  readonly #bus: Bus;
  readonly #address: number;
  readonly #alter: Fault;

  constructor(bus: Bus, address: number, alter: Fault) {
    this.#bus = bus;
    this.#address = address;
    this.#alter = alter;
  }

  get hasTimedOut(): boolean {
    return this.#bus.hasTimedOut;
  }

  set hasTimedOut(hasTimedOut: boolean) {
    this.#bus.hasTimedOut = hasTimedOut;
  }

  get lastCycles(): number {
    return this.#bus.lastCycles;
  }

  set lastCycles(cycles: number) {
    this.#bus.lastCycles = cycles;
  }

  read(physical: number, size: AccessSize): number {
    const value = this.#bus.read(physical, size);
    if (physical !== this.#address) return value;
    const altered = this.#alter(value);
    if (altered === undefined) this.#bus.hasTimedOut = true;
    return altered === undefined ? 0 : altered >>> 0;
  }

  write(physical: number, value: number, size: AccessSize): void {
    this.#bus.write(physical, value, size);
  }
}
