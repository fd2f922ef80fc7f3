/**
 * The paper's primitive operations (SOSP 1995, Tables 4 to 7) and its matrix multiplication (Table 9), measured on the
 * machine as the paper did, by loops: guest programs run them on ExOS, probes outside note what they cost.
 */

import { stationAddress } from '../observe/index.js';
import type { MachineChoice } from '../workstation/index.js';
import { exchange, udpFrame } from './echo.js';
import { MARK, type Mark } from './marks.js';
import { EXPERIMENTS, type ExperimentName } from './paper.js';
import { type Cost, median } from './probes.js';
import { type ProgramRun, runProgram } from './program-run.js';
import { runRevocations } from './revocation.js';

export interface Measurement {
  readonly experiment: ExperimentName;
  /** Cycles of one operation, the loop around it included; undefined when the guest never did it. */
  readonly cycles: number | undefined;
  /** Instructions of one operation, where they were counted. */
  readonly instructions?: number | undefined;
  /** Of that, Aegis's part where there is one: from the exception vector to user mode. */
  readonly entry?: Cost | undefined;
  /** Revocation: what the first of them cost; the other figures are the fastest one's. */
  readonly first?: Cost | undefined;
  /** How many times it was done. */
  readonly count: number;
  readonly hertz: number;
}

/** A loop of a guest program: the program, its mark, how many operations lie between begin and end. */
interface Loop {
  readonly program: string;
  readonly mark: Mark;
  readonly count: number;
}

const LOOPS: Partial<Readonly<Record<ExperimentName, Loop>>> = {
  'procedure-call': { program: 'bench', mark: MARK.procedure, count: 1000 },
  'null-call': { program: 'bench', mark: MARK.null, count: 1000 },
  'null-call-stack': { program: 'bench', mark: MARK.nullStack, count: 1000 },
  'cid-switch': { program: 'bench', mark: MARK.cidSwitch, count: 1000 },
  'exception-unalign': { program: 'bench', mark: MARK.unaligned, count: 256 },
  'exception-overflow': { program: 'bench', mark: MARK.overflow, count: 256 },
  'exception-coproc': { program: 'bench', mark: MARK.coprocessor, count: 256 },
  'exception-prot': { program: 'bench', mark: MARK.protection, count: 256 },
  'stlb-hit': { program: 'bench', mark: MARK.stlbHit, count: 512 },
  'stlb-miss': { program: 'bench', mark: MARK.stlbMiss, count: 512 },
  // A thousand round trips.
  'control-transfer': { program: 'pingpong', mark: MARK.transfer, count: 2000 },
  'control-transfer-library': { program: 'pingpong', mark: MARK.transferLibrary, count: 2000 },
  'classify-warm': { program: 'classify', mark: MARK.classifyWarm, count: 1000 },
  'classify-cold': { program: 'classify', mark: MARK.classifyCold, count: 640 },
  'classify-empty': { program: 'classify', mark: MARK.classifyEmpty, count: 1000 },
  'matrix-multiply': { program: 'matmul', mark: MARK.matrix, count: 1 },
};
const ECHOES: readonly ExperimentName[] = ['udp-echo', 'udp-echo-handler'];
const ECHO_ADDRESS: readonly number[] = [10, 0, 2, 77];
const ECHO_COUNT = 256;

export interface ExperimentRun {
  readonly measurements: readonly Measurement[];
  /** What went wrong, for people. */
  readonly problems: readonly string[];
}

/** Runs the experiments that were named; all when none were. */
export function runExperiments(names: readonly ExperimentName[], choice: MachineChoice): ExperimentRun {
  const wanted = names.length === 0 ? EXPERIMENTS : names;
  const measurements: Measurement[] = [];
  const problems: string[] = [];
  const runs = new Map<string, ProgramRun>();
  for (const experiment of wanted) {
    const loop = LOOPS[experiment];
    if (loop === undefined) continue;
    let run = runs.get(loop.program);
    if (run === undefined) {
      run = runProgram(loop.program, choice);
      runs.set(loop.program, run);
      if (run.problem !== undefined) problems.push(run.problem);
    }
    measurements.push(measure(experiment, loop, run));
  }
  for (const name of wanted.filter((one) => ECHOES.includes(one))) {
    const { echoes, hertz, problem } = runEcho(name === 'udp-echo-handler', choice);
    if (problem !== undefined) problems.push(problem);
    measurements.push({ experiment: name, cycles: median(echoes), count: echoes.length, hertz });
  }
  const revocations = runRevocations(wanted, choice);
  measurements.push(...revocations.measurements);
  problems.push(...revocations.problems);
  return { measurements, problems };
}

function measure(experiment: ExperimentName, loop: Loop, { probes, hertz }: ProgramRun): Measurement {
  const { mark, count } = loop;
  const fastest = probes.fastest(mark);
  if (fastest === undefined) return { experiment, cycles: undefined, count: 0, hertz };
  return {
    experiment,
    cycles: fastest.cycles / count,
    instructions: fastest.instructions / count,
    entry: fastest.entry,
    count,
    hertz,
  };
}

/** The echo server on ExOS, and a peer that keeps it busy. */
function runEcho(
  hasHandler: boolean,
  choice: MachineChoice,
): { readonly echoes: readonly number[]; readonly hertz: number; readonly problem: string | undefined } {
  let echoes: readonly number[] = [];
  const words = [...(hasHandler ? ['-a'] : []), ECHO_ADDRESS.join('.'), String(ECHO_COUNT)];
  const { hertz, problem } = runProgram('netecho', choice, words, (machine) => {
    const station = stationAddress(machine.ram);
    const requests = Array.from({ length: ECHO_COUNT }, (_, index) => udpFrame(ECHO_ADDRESS, station, index));
    exchange(machine, requests, (cycles) => {
      echoes = cycles;
    });
  });
  return { echoes, hertz, problem };
}
