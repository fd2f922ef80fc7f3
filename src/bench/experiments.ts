/**
 * The paper's primitive operations (SOSP 1995, Tables 4 to 6) and its matrix multiplication (Table 9), measured on the
 * machine: guest programs run on ExOS, probes and cycle accounts outside note what they cost.
 */

import { stationAddress } from '../observe/index.js';
import type { MachineChoice } from '../workstation/index.js';
import { exchange, udpFrame } from './echo.js';
import { EXPERIMENTS, type ExperimentName } from './paper.js';
import { type Cost, type Mark, median, type Probes } from './probes.js';
import { runProgram } from './program-run.js';
import { REVOCATIONS, runRevocations } from './revocation.js';

export interface Measurement {
  readonly experiment: ExperimentName;
  /** Cycles of one operation; undefined when the guest never did it. */
  readonly cycles: number | undefined;
  /** Instructions of one operation, where they were counted. */
  readonly instructions?: number | undefined;
  /** How many times it was done. */
  readonly count: number;
  readonly hertz: number;
}

/** Marks of the guest program `bench`: a loop of `LOOP_COUNT` between an even mark and the next odd one. */
const LOOP_COUNT = 1000;
const LOOPS: readonly (readonly [experiment: ExperimentName, mark: number, count: number])[] = [
  ['procedure-call', 2, LOOP_COUNT],
  ['null-call', 4, LOOP_COUNT],
  ['null-call-stack', 6, LOOP_COUNT],
  ['classify-warm', 16, LOOP_COUNT],
  ['classify-cold', 18, 640],
  ['classify-empty', 20, LOOP_COUNT],
];
/** ExcCodes: AdEL, Ov, CpU, Mod. */
const EXCEPTIONS: readonly (readonly [experiment: ExperimentName, code: number])[] = [
  ['exception-unalign', 4],
  ['exception-overflow', 12],
  ['exception-coproc', 11],
  ['exception-prot', 1],
];
const CLASSIFICATIONS: readonly ExperimentName[] = ['classify-warm', 'classify-cold', 'classify-empty'];
const ECHOES: readonly ExperimentName[] = ['udp-echo', 'udp-echo-handler'];
const TRANSFERS: readonly ExperimentName[] = ['control-transfer', 'control-transfer-library'];
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
  const withClassify = wanted.filter((name) => CLASSIFICATIONS.includes(name));
  const withBench = wanted.filter(
    (name) =>
      ![...TRANSFERS, ...CLASSIFICATIONS, ...ECHOES, ...REVOCATIONS, 'matrix-multiply'].includes(name),
  );
  const withPingpong = wanted.filter((name) => TRANSFERS.includes(name));
  if (withBench.length > 0) {
    const { probes, hertz, problem } = runProgram('bench', choice);
    if (problem !== undefined) problems.push(problem);
    measurements.push(...withBench.map((name) => measure(name, probes, hertz)));
  }
  if (withPingpong.length > 0) {
    const { probes, hertz, problem } = runProgram('pingpong', choice);
    if (problem !== undefined) problems.push(problem);
    measurements.push(...withPingpong.map((name) => measure(name, probes, hertz)));
  }
  if (withClassify.length > 0) {
    const { probes, hertz, problem } = runProgram('classify', choice);
    if (problem !== undefined) problems.push(problem);
    measurements.push(...withClassify.map((name) => measure(name, probes, hertz)));
  }
  for (const name of wanted.filter((one) => ECHOES.includes(one))) {
    const { echoes, hertz, problem } = runEcho(name === 'udp-echo-handler', choice);
    if (problem !== undefined) problems.push(problem);
    measurements.push({ experiment: name, cycles: median(echoes), count: echoes.length, hertz });
  }
  const revocations = runRevocations(wanted, choice);
  measurements.push(...revocations.measurements);
  problems.push(...revocations.problems);
  if (wanted.includes('matrix-multiply')) {
    const { cycles, hertz, problem } = runProgram('matmul', choice);
    if (problem !== undefined) problems.push(problem);
    measurements.push({ experiment: 'matrix-multiply', cycles, count: cycles === undefined ? 0 : 1, hertz });
  }
  return { measurements, problems };
}

function measure(experiment: ExperimentName, probes: Probes, hertz: number): Measurement {
  const loop = LOOPS.find(([name]) => name === experiment);
  if (loop !== undefined) {
    const round = probes.fastest(loop[1]);
    if (round === undefined)
      return { experiment, cycles: undefined, instructions: undefined, count: 0, hertz };
    const [, , count] = loop;
    return {
      experiment,
      cycles: round.cycle / count,
      instructions: round.instructions / count,
      count,
      hertz,
    };
  }
  const samples = samplesOf(experiment, probes);
  return {
    experiment,
    cycles: median(samples.map(({ cycles }) => cycles)),
    instructions: median(samples.map(({ instructions }) => instructions)),
    count: samples.length,
    hertz,
  };
}

function samplesOf(experiment: ExperimentName, probes: Probes): readonly Cost[] {
  switch (experiment) {
    case 'stlb-hit':
      return probes.refills;
    case 'stlb-miss':
      return probes.misses;
    case 'control-transfer':
      return probes.transferCosts;
    case 'control-transfer-library':
      return intervals(probes.transfers);
    default: {
      const exception = EXCEPTIONS.find(([name]) => name === experiment);
      return exception === undefined ? [] : (probes.dispatches.get(exception[1]) ?? []);
    }
  }
}

/** From one transfer to the next: one way, with the library OS and the loop around it. */
function intervals(transfers: readonly Mark[]): Cost[] {
  return transfers.slice(1).map(({ cycle, instructions }, index) => {
    const before = transfers[index] as Mark;
    return { cycles: cycle - before.cycle, instructions: instructions - before.instructions };
  });
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
