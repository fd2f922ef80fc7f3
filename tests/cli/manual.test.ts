/** `exostation manual`, from the built program, as a user has it. */

import { describe, expect, it } from 'vitest';
import { exostation } from './exostation.js';

describe('manual', () => {
  it('lists its pages', async () => {
    const { status, stdout } = await exostation(['manual']);
    expect(status).toBe(0);
    for (const name of [
      'secure-binding',
      'page_alloc',
      'end-of-slice',
      'slice-overrun',
      'E_RIGHTS',
      'aegis_env',
    ])
      expect(stdout).toContain(name);
    expect(stdout.split('\n').length).toBeLessThan(50);
  });

  it('prints a call with its arguments, demand, errors, cost and section', async () => {
    const { status, stdout } = await exostation(['manual', 'tlb_write']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^tlb_write\(virtual, entry_lo\): call 8\n/);
    expect(stdout).toMatch(/demands +reader binding of the page/);
    expect(stdout).toMatch(/errors +E_RANGE, E_RIGHTS/);
    expect(stdout).toMatch(/\d+ instructions, \d+ cycles/);
    expect(stdout).toContain('SOSP 1995: Table 3 TLBwr, 5.3.');
  });

  it('takes blanks, dashes and capitals as they come', async () => {
    expect((await exostation(['manual', 'Secure binding'])).stdout).toMatch(/^Secure binding\n/);
    expect((await exostation(['manual', 'differences'])).stdout).toContain('k1 belongs to the library OS');
  });

  it('refuses an unknown name in one line, with status 2', async () => {
    expect(await exostation(['manual', 'nothing'])).toEqual({
      status: 2,
      stdout: '',
      stderr: "exostation: no page 'nothing' in the manual; 'exostation manual' lists them\n",
    });
  });
});
