import { describe, expect, it } from 'vitest';
import { isGranted } from '../../src/ui/program-notes.js';

describe("the machine owner's capability", () => {
  it('goes to the sentinel when it is started to act, and to nobody else', () => {
    expect(isGranted('sentinel', ['-p', '100', '-r'])).toBe(true);
    expect(isGranted('sentinel', [])).toBe(false);
    expect(isGranted('hog', ['-r'])).toBe(false);
    expect(isGranted('unknown', ['-r'])).toBe(false);
  });
});
