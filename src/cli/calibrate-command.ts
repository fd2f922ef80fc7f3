/** `exostation bench calibrate`: what others published about the machine without Aegis, beside ours. */

import type { Calibration } from '../bench/index.js';
import type { ModelName } from '../machine/index.js';
import type { MachineChoice } from '../workstation/index.js';
import { printNotice } from './run-command.js';

/** What firm sources allow, as a share. */
const TOLERANCE = 0.1;

export async function calibrateCommand(
  models: readonly ModelName[],
  choiceOf: (model: ModelName) => MachineChoice,
  isJson: boolean,
): Promise<number> {
  const { calibrate } = await import('../bench/index.js');
  let status = 0;
  const reports: { readonly model: ModelName; readonly calibrations: readonly Calibration[] }[] = [];
  for (const model of models) {
    const { calibrations, problems } = calibrate(choiceOf(model));
    for (const problem of problems) printNotice(`bench: ${model}: ${problem}`);
    if (problems.length > 0 || calibrations.some(isOff)) status = 1;
    if (isJson) reports.push({ model, calibrations });
    else process.stdout.write(table(model, calibrations));
  }
  if (isJson) process.stdout.write(`${JSON.stringify(reports, undefined, 2)}\n`);
  return status;
}

function deviation({ ours, published }: Calibration): number | undefined {
  return ours === undefined || published === undefined ? undefined : ours / published.value - 1;
}

function isOff(calibration: Calibration): boolean {
  const share = deviation(calibration);
  return calibration.published?.isFirm === true && share !== undefined && Math.abs(share) > TOLERANCE;
}

function table(model: ModelName, calibrations: readonly Calibration[]): string {
  const rows = calibrations.map((calibration) => {
    const { what, unit, ours, published, note } = calibration;
    const share = deviation(calibration);
    const percent = share === undefined ? '' : `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
    const remarks = [
      published === undefined ? 'nothing published that we know of' : published.source,
      ...(published?.isFirm === false ? ['not firm'] : []),
      ...(note === '' ? [] : [note]),
      ...(isOff(calibration) ? [`MORE THAN ${TOLERANCE * 100} % OFF`] : []),
    ];
    return [
      what.padEnd(25),
      unit.padEnd(9),
      (ours === undefined ? '-' : ours.toFixed(2)).padStart(7),
      String(published?.value ?? '-').padStart(10),
      percent.padStart(9),
      `  ${remarks.join('; ')}`,
    ].join('');
  });
  return [
    `DECstation ${model}`,
    `${''.padEnd(34)}${'ours'.padStart(7)}${'published'.padStart(10)}`,
    ...rows,
    '',
    '',
  ].join('\n');
}
