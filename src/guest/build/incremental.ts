/**
 * Incremental steps by content: a step is done again when its command, or any file that it read or wrote, is not what
 * it was. Beside each output lies `<output>.step`, a digest of the command and the files read.
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

interface StepRecord {
  readonly command: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly output: string;
}

const digests = new Map<string, string>();

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function fileDigest(path: string): string {
  let digest = digests.get(path);
  if (digest === undefined) {
    digest = existsSync(path) ? sha256(readFileSync(path)) : 'missing';
    digests.set(path, digest);
  }
  return digest;
}

/**
 * Runs `work` unless `output` is up to date. `work` makes the output and returns the files that it read (besides
 * `inputs`). Returns whether it ran.
 */
export async function step(
  output: string,
  command: readonly string[],
  inputs: readonly string[],
  work: () => Promise<readonly string[]>,
): Promise<boolean> {
  const recordPath = `${output}.step`;
  const commandDigest = sha256(command.join('\0'));
  if (existsSync(output) && existsSync(recordPath)) {
    const record = JSON.parse(readFileSync(recordPath, 'utf8')) as StepRecord;
    const isSame =
      record.command === commandDigest &&
      inputs.every((path) => path in record.inputs) &&
      Object.entries(record.inputs).every(([path, digest]) => fileDigest(path) === digest) &&
      fileDigest(output) === record.output;
    if (isSame) return false;
  }
  mkdirSync(dirname(output), { recursive: true });
  const read = await work();
  digests.delete(output);
  const record: StepRecord = {
    command: commandDigest,
    inputs: Object.fromEntries([...new Set([...inputs, ...read])].map((path) => [path, fileDigest(path)])),
    output: fileDigest(output),
  };
  writeFileSync(recordPath, JSON.stringify(record));
  return true;
}
