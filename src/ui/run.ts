/**
 * A run: one program started once on one library OS, from its start to its end. Runs of the same program with the same
 * arguments are what the side-by-side view compares; they outlive their environment and their pane.
 */

import type { CycleAccountView } from '../observe/index.js';

export interface Run {
  readonly id: number;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly libraryOs: string;
  readonly line: number;
  /** undefined until init has answered. */
  environmentId: number | undefined;
  phase: 'starting' | 'running' | 'ended' | 'failed';
  /** 'exit 0', 'destroyed: ...', or why it did not start. */
  endText: string;
  /** Newest account; after the end the last one known. */
  account: CycleAccountView | undefined;
  /** All cycles, exact once it has ended. */
  totalCycles: number;
}

export function commandLine(run: Pick<Run, 'program' | 'arguments'>): string {
  return [run.program, ...run.arguments].join(' ');
}

export function isSameProgram(a: Run, b: Run): boolean {
  return commandLine(a) === commandLine(b);
}

/** Cycles charged in an account, whoever spent them. */
export function accountCycles(account: CycleAccountView): number {
  return account.userCycles + account.kernelCycles;
}
