/** A 3100 goes on from a restored state as it would have without, in its firmware, with input and frames under way. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fields, testMachine, twin } from './fixture.js';

const text = (line: string): Uint8Array => new TextEncoder().encode(line);
const FRAME = Uint8Array.from({ length: 200 }, (_, index) => (index < 6 ? 0xff : index));

it('goes on from anywhere in the firmware', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9_000_000 }),
      fc.integer({ min: 1, max: 1_500_000 }),
      fc.constantFrom('test\r', 'printenv\r', 'boot rz(0,3,0)\r', 'se\btenv a b\r'),
      (at, later, typed) => {
        const machine = testMachine(4, [], '3100');
        machine.console.send(text(typed));
        machine.lines[3]?.send(text(typed));
        machine.network.send(FRAME);
        machine.run(at);
        const other = twin(machine);
        expect(fields(other.snapshot())).toEqual(fields(machine.snapshot()));
        const said: number[][] = [[], []];
        [machine, other].forEach((one, index) => {
          one.console.onOutput = (byte) => said[index]?.push(one.cycle, byte);
          one.run(at + later);
        });
        expect(said[1]).toEqual(said[0]);
        expect(fields(other.snapshot())).toEqual(fields(machine.snapshot()));
      },
    ),
    { numRuns: 12, seed: 31 },
  );
});
