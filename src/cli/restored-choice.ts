/**
 * `run --restore FILE`: the machine is the file's. Options that were given and say the same are welcome, those that say
 * something else are refused; `--disk` and `--kernel` may name a new place for the same content.
 */

import { choiceOf, InputError, type MachineChoice, type RunIdentity } from '../workstation/index.js';
import { type MachineFlags, machineChoice } from './machine-options.js';
import { placesOf } from './replay-command.js';

export interface RestoredFlags extends MachineFlags {
  readonly mac?: string;
}

/** `given`: names of the flags that the user gave. `stationAddress`: what --mac says. `name` is the file's. */
export function restoredChoice(
  flags: RestoredFlags,
  given: readonly string[],
  stationAddress: readonly number[] | undefined,
  identity: RunIdentity,
  name: string,
): MachineChoice {
  const asked = machineChoice(
    { ...flags, model: given.includes('model') ? flags.model : identity.model },
    true,
  );
  const choice = choiceOf(identity, placesOf(flags, identity, name));
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const options: readonly [flag: string, option: string, isSame: boolean, is: unknown][] = [
    ['model', '--model', asked.model === choice.model, choice.model],
    ['memory', '--memory', asked.memoryMiB === choice.memoryMiB, choice.memoryMiB],
    ['display', '--display', asked.display === choice.display, choice.display ?? 'colour'],
    ['append', '--append', same(asked.append, choice.append), `'${choice.append.join(' ')}'`],
    ['seed', '--seed', same([...asked.seed], [...choice.seed]), identity.seed],
    ['mac', '--mac', same(stationAddress, choice.stationAddress), 'another address'],
  ];
  for (const [flag, option, isSame, is] of options) {
    if (given.includes(flag) && !isSame) {
      throw new InputError(`${option}: ${name} was made with ${is}; leave ${option} out`);
    }
  }
  return choice;
}
