/** Init, when the machine's owner asks it for something itself. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment, viewOf } from '../../../src/abi/index.js';
import { GuestSession } from './guest-session.js';

const INIT = 0x100;

describe('init', () => {
  let session: GuestSession;
  beforeAll(() => {
    session = new GuestSession();
  });
  afterAll(() => session.dispose());

  function record(): ReturnType<typeof readEnvironment> {
    return readEnvironment(viewOf(session.workstation.machine.ram), 0);
  }

  function revoke(resource: string, count: number): string {
    let answer: string | undefined;
    session.workstation.init.revoke(INIT, resource, count, (reply) => {
      answer = reply.isOk ? 'ok' : reply.error;
    });
    session.until(() => answer !== undefined);
    return answer as string;
  }

  it('gives the library OSes that nobody runs on, and keeps what programs run on', () => {
    for (const libraryOs of ['exos', 'exos-ipt']) session.run(libraryOs, 'hello');
    const cat = session.start(2, 'exos', 'cat');
    const before = record();
    expect(revoke('pages', before.page_count)).toBe('ok');
    session.until(() => record().revoke_stage === 0);
    const after = record();
    expect(after.repossessed_count).toBe(0);
    expect(before.page_count - after.page_count).toBeGreaterThanOrEqual(8);
    session.type(2, 'still there\r\x04');
    session.until(() => cat.end !== undefined);
    expect(session.output(2)).toContain('still there\nstill there\n');
    expect(session.run('exos', 'hello').output).toBe('hello from exos\n');
    expect(session.run('exos-ipt', 'hello').output).toBe('hello from exos-ipt\n');
    expect(record().page_count).toBe(before.page_count);
  });

  it('gives no more than is asked for, a library OS at a time', () => {
    const before = record().page_count;
    expect(revoke('pages', 1)).toBe('ok');
    session.until(() => record().revoke_stage === 0);
    session.until(() => record().page_count < before);
    expect(session.run('exos', 'hello').output).toBe('hello from exos\n');
    expect(session.run('exos-ipt', 'hello').output).toBe('hello from exos-ipt\n');
    expect(record().page_count).toBe(before);
  });

  it('keeps its line and its disks', () => {
    expect(revoke('extents', 1)).toBe('init cannot work without its line and its disks');
    expect(revoke('lines', 1)).toBe('init cannot work without its line and its disks');
    expect(session.run('exos', 'hello').output).toBe('hello from exos\n');
  });
});
