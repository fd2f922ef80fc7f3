/** One guest program, run on ExOS from a fresh boot to its end, with probes outside. */

import { type MachineChoice, Workstation } from '../workstation/index.js';
import { Probes } from './probes.js';

const SLICE_CYCLES = 2_000_000;
const GIVE_UP_CYCLES = 2_000_000_000;
const LINE = 1;
const NEWLINE = 10;

export interface ProgramRun {
  readonly probes: Probes;
  readonly hertz: number;
  readonly problem: string | undefined;
}

/** `onOutput` is called when the program has said its first line. */
export function runProgram(
  program: string,
  choice: MachineChoice,
  words: readonly string[] = [],
  onOutput?: (machine: Workstation['machine']) => void,
): ProgramRun {
  const workstation = new Workstation({ ...choice, notice: () => {} });
  const { machine, init } = workstation;
  const probes = new Probes(workstation, program);
  let problem: string | undefined;
  let hasEnded = false;
  const end = (text?: string): void => {
    problem = text;
    hasEnded = true;
    machine.stop();
  };
  let hasSpoken = false;
  workstation.onOutput = (line, byte) => {
    if (line !== LINE || byte !== NEWLINE || hasSpoken) return;
    hasSpoken = true;
    onOutput?.(machine);
  };
  workstation.onFirmwarePrompt = () => end('the machine did not boot');
  init.onReady = () =>
    init.start({
      line: LINE,
      libraryOs: 'exos',
      program,
      arguments: words,
      onStarted: (reply) => {
        if ('error' in reply) end(`${program}: ${reply.error}`);
      },
      onEnded: (ended) => {
        const how = ended.kind === 'exit' ? `exited with ${ended.status}` : `was destroyed: ${ended.reason}`;
        end(ended.kind === 'exit' && ended.status === 0 ? undefined : `${program} ${how}`);
      },
    });
  while (!hasEnded && !workstation.isHalted && machine.cycle < GIVE_UP_CYCLES) {
    probes.run(machine.cycle + SLICE_CYCLES);
  }
  workstation.dispose();
  return {
    probes,
    hertz: machine.hertz,
    problem: hasEnded ? problem : `${program} did not end`,
  };
}
