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
    const source =
      published === undefined
        ? 'nothing published that we know of'
        : `${published.source}${published.isFirm ? '' : ' (not firm)'}`;
    return [
      row(
        what,
        unit,
        ours === undefined ? '-' : ours.toFixed(2),
        published === undefined ? '-' : String(published.value),
        share === undefined ? '' : `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)} %`,
        source,
      ),
      ...(note === '' ? [] : [`  ${note}`]),
      ...(isOff(calibration) ? [`  MORE THAN ${TOLERANCE * 100} % OFF A FIRM SOURCE`] : []),
    ].join('\n');
  });
  return [
    `DECstation ${model}: what others published that does not involve Aegis; firm sources within ${TOLERANCE * 100} %`,
    row('', 'unit', 'ours', 'published', 'off by', 'source'),
    ...rows,
    '',
    '',
  ].join('\n');
}

function row(
  what: string,
  unit: string,
  ours: string,
  published: string,
  share: string,
  source: string,
): string {
  return [
    what.padEnd(25),
    unit.padEnd(9),
    ours.padStart(7),
    published.padStart(11),
    share.padStart(9),
    `  ${source}`,
  ].join('');
}
