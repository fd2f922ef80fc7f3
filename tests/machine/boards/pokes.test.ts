/**
 * What a hostile or broken program can do to the chips: pokes at random never throw on the host and never hang it. A board
 * restored from a snapshot in their middle goes on as the first one does.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KN02BA_ADDRESS } from '../../../src/machine/boards/index.js';
import { IOASIC_REGISTER, SSR } from '../../../src/machine/devices/index.js';
import { fields } from '../snapshot/fixture.js';
import { anyPoke, type Poke, PokedBoard } from './poked-board.js';
import { anyLancePoke, anyScsiPoke } from './poked-chips.js';

const write = (address: number, value: number): Poke => ({ kind: 'write', address, size: 4, value });
/** Chips out of reset, DMA on: what kernels do first. */
const RUNNING: readonly Poke[] = [
  write(
    KN02BA_ADDRESS.ioasic + IOASIC_REGISTER.status,
    SSR.sccRun | SSR.rtcRun | SSR.scsiRun | SSR.lanceRun | SSR.scsiDmaEnable | SSR.lanceDmaEnable,
  ),
];

/** Runs all pokes; from the middle on beside a twin, which must stay one. */
function runPokes(model: '5000/125' | '3100', pokes: readonly Poke[]): void {
  const board = new PokedBoard(model);
  let twin: PokedBoard | undefined;
  pokes.forEach((poke, index) => {
    if (index === pokes.length >> 1) twin = board.twin();
    const found = board.poke(poke);
    if (twin !== undefined && twin.poke(poke) !== found)
      throw new Error(`the restored board differs at ${index}`);
  });
  board.poke({ kind: 'pass', cycles: 100_000 });
  twin?.poke({ kind: 'pass', cycles: 100_000 });
  if (twin !== undefined) expect(fields(twin.state)).toEqual(fields(board.state));
}

describe.each(['5000/125', '3100'] as const)('the board of the %s', (model) => {
  test('takes pokes at every register, in any order', () => {
    fc.assert(
      fc.property(fc.array(anyPoke(model), { maxLength: 300, size: 'max' }), (pokes) => {
        runPokes(model, model === '5000/125' ? [...RUNNING, ...pokes] : pokes);
      }),
      { numRuns: 60 },
    );
  });
});

test('the SCSI side takes commands, data and resets in any order, DMA into nowhere', () => {
  fc.assert(
    fc.property(fc.array(anyScsiPoke, { maxLength: 80, size: 'max' }), (pokes) => {
      runPokes('5000/125', [...RUNNING, ...pokes.flat()]);
    }),
    { numRuns: 150 },
  );
});

test('the LANCE takes any initialisation block and rings', () => {
  fc.assert(
    fc.property(fc.array(anyLancePoke, { maxLength: 60, size: 'max' }), (pokes) => {
      runPokes('5000/125', [...RUNNING, ...pokes.flat()]);
    }),
    { numRuns: 100 },
  );
});
