/**
 * A debugger's breakpoints and watchpoints, on virtual addresses. Pages that hold one are kept out of the translation
 * table, so that every fetch, load and store in them takes the slow path, which costs the guest the same cycles and looks
 * here; with none set nothing is looked at. Both stop before the instruction: a breakpoint before its fetch, a watchpoint
 * (as on MIPS hardware) between fetch and access, which is then a suspended access, to be completed before anything else.
 * None of this is the guest's state, but for the suspended access.
 */

const WATCH_KIND = { read: 1, write: 2, access: 3 } as const;

export type WatchKind = keyof typeof WATCH_KIND;

/** What a run stopped for. `address`: of the instruction; for a watchpoint, the first byte of it that was touched. */
export interface DebugStop {
  readonly kind: 'breakpoint' | WatchKind;
  readonly address: number;
}

interface Watchpoint {
  readonly kind: WatchKind;
  /** First and last byte, unsigned. */
  readonly first: number;
  readonly last: number;
}

/** A load or store that was fetched and decoded; its instruction is at the CPU's `pc`. */
export type SuspendedAccess = {
  readonly word: number;
  readonly address: number;
  /** What a store of a general register is about to store. */
  readonly stored: number;
};

const PAGE_COUNT = 1 << 20;
const NEVER = -1;

export class DebugPoints {
  hasBreakpoints = false;
  hasWatchpoints = false;
  /** What the present run was stopped for. */
  stop: DebugStop | undefined;
  suspended: SuspendedAccess | undefined;

  readonly #breakpoints: Set<number> = new Set();
  readonly #watchpoints: Watchpoint[] = [];
  /** How many points hold each page; made with the first one. */
  #holds: Uint16Array | undefined;
  /** The cycle at which a breakpoint has stopped, and is passed when the machine goes on. */
  #passCycle = NEVER;
  #isPassing = false;
  readonly #onHoldChanged: (page: number) => void;

  /** `onHoldChanged` is told of every page that is now held, or no longer. */
  constructor(onHoldChanged: (page: number) => void) {
    this.#onHoldChanged = onHoldChanged;
  }

  /** True for a page (virtual address / 4096) that the translation table must not have. */
  isHeld(page: number): boolean {
    return this.#holds !== undefined && this.#holds[page] !== 0;
  }

  addBreakpoint(address: number): void {
    if (this.#breakpoints.has(address | 0)) return;
    this.#breakpoints.add(address | 0);
    this.hasBreakpoints = true;
    this.#hold(address >>> 12, address >>> 12, 1);
  }

  removeBreakpoint(address: number): void {
    if (!this.#breakpoints.delete(address | 0)) return;
    this.hasBreakpoints = this.#breakpoints.size !== 0;
    this.#hold(address >>> 12, address >>> 12, -1);
  }

  addWatchpoint(kind: WatchKind, address: number, length: number): void {
    const [first, last] = range(address, length);
    this.#watchpoints.push({ kind, first, last });
    this.hasWatchpoints = true;
    this.#hold(first >>> 12, last >>> 12, 1);
  }

  removeWatchpoint(kind: WatchKind, address: number, length: number): void {
    const [first, last] = range(address, length);
    const index = this.#watchpoints.findIndex(
      (one) => one.kind === kind && one.first === first && one.last === last,
    );
    if (index < 0) return;
    this.#watchpoints.splice(index, 1);
    this.hasWatchpoints = this.#watchpoints.length !== 0;
    this.#hold(first >>> 12, last >>> 12, -1);
  }

  /** True when a fetch at `pc`, about to begin at this absolute cycle, is to be stopped. */
  stopsFetch(pc: number, cycle: number): boolean {
    if (cycle === this.#passCycle || !this.#breakpoints.has(pc)) return false;
    this.#passCycle = cycle;
    this.stop = { kind: 'breakpoint', address: pc >>> 0 };
    return true;
  }

  /** True when a load or store of `size` bytes that will not fault is to be stopped before it is done. */
  stopsAccess(address: number, size: number, isStore: boolean): boolean {
    if (this.#isPassing) return false;
    const first = address >>> 0;
    const bit = isStore ? WATCH_KIND.write : WATCH_KIND.read;
    for (const watched of this.#watchpoints) {
      if ((WATCH_KIND[watched.kind] & bit) === 0) continue;
      if (first > watched.last || first + size - 1 < watched.first) continue;
      this.stop = { kind: watched.kind, address: Math.max(first, watched.first) };
      return true;
    }
    return false;
  }

  /** Runs `access`, the suspended one, with no watchpoint in its way. */
  pass(access: () => void): void {
    this.#isPassing = true;
    access();
    this.#isPassing = false;
  }

  /** The PC was set from outside: what is there has not stopped yet. */
  forgetStop(): void {
    this.#passCycle = NEVER;
    this.suspended = undefined;
  }

  #hold(firstPage: number, lastPage: number, change: 1 | -1): void {
    this.#holds ??= new Uint16Array(PAGE_COUNT);
    for (let page = firstPage; page <= lastPage; page++) {
      const count = (this.#holds[page] as number) + change;
      this.#holds[page] = count;
      if (count === 0 || (count === 1 && change === 1)) this.#onHoldChanged(page);
    }
  }
}

/** First and last byte; a range that would wrap ends at the last address. */
function range(address: number, length: number): [number, number] {
  const first = address >>> 0;
  return [first, Math.min(first + Math.max(length, 1) - 1, 0xffff_ffff)];
}
