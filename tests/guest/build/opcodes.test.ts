/** The check that shipped code is MIPS I, on objdump's own output. */

import { describe, expect, it } from 'vitest';
import { floatingInstructions, foreignInstructions } from '../../../src/guest/build/opcodes.js';

describe('foreignInstructions', () => {
  it('lets MIPS I pass', () => {
    const text = [
      '80020000 <_start>:',
      '80020000:\t3c088000 \tlui\tt0,0x8000',
      '80020004:\t00000000 \tnop',
      '\t...',
    ];
    expect(foreignInstructions(text.join('\n'))).toEqual([]);
  });

  it('names what later processors know, and data among code', () => {
    const text = [
      '80020000:\t70851002 \tmul\tv0,a0,a1',
      '80020004:\t04010003 \tbgez\tzero,80020014',
      '80020008:\t41200001 \t.word\t0x41200001',
      '8002000c:\t000000c0 \tehb',
    ];
    expect(foreignInstructions(text.join('\n'))).toHaveLength(3);
  });
});

describe('floatingInstructions', () => {
  it('finds the FPU where it is not to be', () => {
    const text = [
      '0f000080 <call_handler>:',
      '0f000080:\te7a00020 \tswc1\t$f0,32(sp)',
      '0f000084 <trap>:',
      '0f000084:\tafa00020 \tsw\tzero,32(sp)',
      '0f000088:\t46200005 \tabs.d\t$f0,$f0',
    ];
    expect(floatingInstructions(text.join('\n'), new Set(['call_handler']))).toEqual([text[4]]);
  });
});
