import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { viewOf } from '../../../src/abi/index.js';
import { ownershipProblems } from '../aegis/ownership.js';
import { GuestSession } from './guest-session.js';

const IDLE_CYCLES = 2_000_000;
const NAMES = ['forge', 'theft', 'kernel', 'stale', 'disk', 'slices', 'hoard', 'pointers'] as const;

describe.each(['exos', 'exos-ipt'] as const)('the program attack on %s', (libraryOs) => {
  let session: GuestSession;
  beforeAll(() => {
    session = new GuestSession();
  });
  afterAll(() => session.dispose());

  test.each(NAMES)('%s is refused, and a program beside it goes on', (name) => {
    const bystander = session.start(2, libraryOs, 'touch', 'dense', '5');
    const before = session.output(1).length;
    const program = session.start(1, libraryOs, 'attack', name);
    session.until(() => program.end !== undefined && bystander.end !== undefined);
    const output = session.output(1).slice(before);
    expect(output).not.toContain('ALLOWED');
    expect(output).toMatch(/attack: (\d+) tried, \1 refused/);
    expect(program.end).toEqual({ kind: 'exit', status: 0 });
    expect(bystander.end).toEqual({ kind: 'exit', status: 0 });
    const { machine } = session.workstation;
    const { cycle } = machine;
    session.until(() => machine.cycle > cycle + IDLE_CYCLES); // then Aegis idles, its tables in order
    expect(ownershipProblems(viewOf(machine.ram), machine.cpuState().tlb)).toEqual([]);
  });

  test('without a name it says which there are', () => {
    const program = session.start(1, libraryOs, 'attack');
    session.until(() => program.end !== undefined);
    expect(program.end).toEqual({ kind: 'exit', status: 2 });
    for (const name of NAMES) expect(session.output(1)).toContain(`  ${name}: `);
  });
});
