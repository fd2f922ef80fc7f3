/** `--snapshot-at CYCLE FILE`: the cycles at which a run is to be saved, in order, and saving it. */

import { checkSnapshot, InputError, type Workstation, writeSnapshot } from '../workstation/index.js';
import type { Milestone } from './headless.js';

export interface SnapshotPoint {
  readonly cycle: number;
  readonly path: string;
}

/**
 * The option takes two words, which commander knows no way to say: joins them into one, `CYCLE,FILE`, before it looks.
 * Only of the commands that have the option; elsewhere the words may be a guest program's.
 */
export function joinSnapshotWords(argv: readonly string[]): string[] {
  const joined = [...argv];
  if (joined[2] !== 'run' && joined[2] !== 'replay') return joined;
  for (let at = 3; at < joined.length; at++) {
    if (joined[at] !== '--snapshot-at') continue;
    const [cycle, file] = [joined[at + 1], joined[at + 2]];
    if (cycle === undefined || file === undefined || file.startsWith('--')) {
      throw new InputError(
        '--snapshot-at takes a cycle and a file, e.g. --snapshot-at 50000000 boot.snapshot',
      );
    }
    joined.splice(at + 1, 2, `${cycle},${file}`);
  }
  return joined;
}

/** `texts` as joined above. */
export function parseSnapshotPoints(texts: readonly string[]): SnapshotPoint[] {
  const points = texts.map((text) => {
    const comma = text.indexOf(',');
    const digits = text.slice(0, comma).replaceAll('_', '');
    const cycle = Number(digits);
    if (digits === '' || !Number.isSafeInteger(cycle) || cycle < 0) {
      throw new InputError(
        `--snapshot-at ${text.slice(0, comma)}: give a cycle, a whole number, then a file`,
      );
    }
    return { cycle, path: text.slice(comma + 1) };
  });
  return points.sort((a, b) => a.cycle - b.cycle);
}

/** Saves the run as it passes the cycles; it goes on afterwards. */
export class SnapshotPoints implements Milestone {
  readonly #workstation: Workstation;
  readonly #points: SnapshotPoint[];

  /** Throws InputError when the run cannot be saved, or is past a cycle already. */
  constructor(workstation: Workstation, points: readonly SnapshotPoint[]) {
    this.#workstation = workstation;
    this.#points = [...points];
    for (const { cycle, path } of points) {
      if (cycle < workstation.machine.cycle) {
        throw new InputError(
          `--snapshot-at ${cycle}: the run begins at cycle ${workstation.machine.cycle}; give a later one`,
        );
      }
      checkSnapshot(path, workstation);
    }
  }

  get nextCycle(): number {
    return this.#points[0]?.cycle ?? Number.POSITIVE_INFINITY;
  }

  reach(): void {
    while (this.nextCycle <= this.#workstation.machine.cycle) {
      writeSnapshot((this.#points.shift() as SnapshotPoint).path, this.#workstation);
    }
  }

  /** Call at the end of the run: says of which points it did not come to. */
  finish(notice: (text: string) => void): void {
    for (const { cycle, path } of this.#points) {
      notice(
        `--snapshot-at ${cycle}: the run ended before, at cycle ${this.#workstation.machine.cycle}; ${path} is not written`,
      );
    }
  }
}
