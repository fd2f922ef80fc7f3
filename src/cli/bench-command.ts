/** `exostation bench`: the paper's experiments. */

import { InputError } from '../workstation/index.js';

export function benchCommand(_experiments: readonly string[], _flags: object): Promise<number> {
  throw new InputError("'bench' is not in this version; see 'exostation --help' for what is");
}
