/**
 * The machines against what others published about them: within a tenth wherever the source is firm. Cycles divided by
 * the clock rate, so the figures are the same on every host.
 */
import { describe, expect, it } from 'vitest';
import type { Calibration } from '../../src/bench/index.js';
import { exostation } from '../support/command-line.js';

describe.each(['5000/125', '3100', '2100'])('calibration of the %s', (model) => {
  it('comes within a tenth of every firm figure', async () => {
    const { status, stdout, stderr } = await exostation(
      ['bench', 'calibrate', '--model', model, '--json'],
      300,
    );
    expect(stderr).toBe('');
    const [report] = JSON.parse(stdout) as { model: string; calibrations: Calibration[] }[];
    const firm = report?.calibrations.filter(({ published }) => published?.isFirm === true) ?? [];
    expect(firm.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['null procedure call', '150x150 matrix multiply']),
    );
    for (const { what, ours, published } of firm) {
      expect(Math.abs((ours ?? 0) / (published?.value ?? 1) - 1), what).toBeLessThanOrEqual(0.1);
    }
    expect(status).toBe(0);
  });
});
