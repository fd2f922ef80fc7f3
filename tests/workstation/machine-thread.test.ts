/** The worker's loop without a thread around it: what is reported of a machine, and every command. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { CONSOLE_LINE } from '../../src/workstation/index.js';
import { Desk } from './desk.js';

const EXC = fileURLToPath(new URL('../workloads/bare/exc.elf', import.meta.url));

let desk: Desk;
afterEach(() => desk.thread.handle({ kind: 'close' }));

function phaseOf(phase: string): Promise<true> {
  return desk.find((report) =>
    report.kind === 'status' && report.status.phase === phase ? true : undefined,
  );
}

describe('a bare kernel', () => {
  it('runs to the halt; console text, the halt and the phase are reported', async () => {
    desk = new Desk(EXC);
    desk.thread.start();
    await phaseOf('halted');
    expect(desk.text(CONSOLE_LINE)).toContain('checksum=73a4c901');
    expect(desk.of('status').at(-1)?.status.kernelName).toBe('exc.elf');
    const events = desk.of('events').flatMap((report) => report.events);
    expect(events.map((event) => event.kind)).toEqual(['halt']);
    expect(desk.ledgers).toEqual([]);
  });

  it('pauses, steps one instruction at a time with the CPU state, and goes on', async () => {
    desk = new Desk(EXC);
    desk.thread.start();
    await desk.find((report) =>
      report.kind === 'status' && report.status.cycle > 100_000 ? true : undefined,
    );
    desk.thread.handle({ kind: 'inspect', isWanted: true, disassemblyCount: 12 });
    desk.thread.handle({ kind: 'pause' });
    const { machine } = desk.workstation;
    const before = machine.statistics().instructions.attempted;
    desk.thread.handle({ kind: 'step' });
    desk.thread.handle({ kind: 'step' });
    expect(machine.statistics().instructions.attempted).toBe(before + 2);
    const inspectors = desk.of('inspector').map((report) => report.inspector);
    expect(inspectors).toHaveLength(3);
    const last = inspectors.at(-1);
    expect(last?.pc).toBe(machine.cpuState().pc);
    expect(last?.disassembly.filter((line) => line.isCurrent)).toHaveLength(1);
    expect(last?.disassembly).toHaveLength(12);
    expect(['PROM', 'kernel']).toContain(last?.pcOwner);
    desk.thread.handle({ kind: 'resume' });
    await phaseOf('halted');
  });

  it('gets a frame from outside at a recorded cycle; what passes over its wire is reported', async () => {
    desk = new Desk(EXC);
    desk.thread.start();
    await desk.find((report) => (report.kind === 'status' && report.status.cycle > 0 ? true : undefined));
    const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);
    const { cycle } = desk.workstation;
    const entered: unknown[] = [];
    desk.workstation.onInput = (...input) => entered.push(input);
    desk.thread.handle({ kind: 'frame', bytes });
    desk.thread.handle({ kind: 'frame', bytes: bytes.subarray(0, 5) });
    expect(entered).toEqual([[cycle, 'network', bytes]]);
    const report = await desk.find((one) => (one.kind === 'frame' ? one : undefined));
    expect(report).toMatchObject({ isInbound: true, hertz: 25_000_000, bytes });
    // Preamble, frame and check sequence at 20 cycles a byte; an instruction may have to end first.
    expect(report.cycle - cycle).toBeGreaterThanOrEqual(112 * 20);
    expect(report.cycle - cycle).toBeLessThan(112 * 20 + 300);
  });

  it('reports the screen while somebody looks, and passes on keys and mouse', async () => {
    desk = new Desk(EXC);
    desk.thread.start();
    const screens = (): number => desk?.reports.filter(({ kind }) => kind === 'screen').length ?? 0;
    desk.thread.handle({ kind: 'screen', isWanted: true, width: 100, height: 50 });
    const report = await desk.find((one) => (one.kind === 'screen' ? one : undefined));
    expect(report.screen).toMatchObject({ frameWidth: 1024, frameHeight: 864, leds: 15, bellCount: 0 });
    expect(report.screen.picture).toMatchObject({ width: 59, height: 50 });
    expect(report.screen.picture.pixels.length).toBe(59 * 50 * 3);
    // The keyboard's test ends, and its lamps go out.
    await desk.find((one) => (one.kind === 'screen' && one.screen.leds === 0 ? one : undefined));
    desk.thread.handle({ kind: 'screen', isWanted: false, width: 0, height: 0 });
    const seen = screens();
    const entered: string[] = [];
    desk.workstation.onInput = (_cycle, channel, bytes) =>
      entered.push(`${channel} ${new TextDecoder().decode(bytes)}`);
    desk.thread.handle({
      kind: 'keys',
      strokes: [
        { key: 'x', isDown: true },
        { key: 'x', isDown: false },
      ],
    });
    desk.thread.handle({ kind: 'mouse', change: { kind: 'move', right: 1, down: -1 } });
    expect(entered).toEqual(['keyboard +x', 'keyboard -x', 'mouse move 1 -1']);
    expect(screens()).toBe(seen);
  });

  it('is left with a last report', () => {
    desk = new Desk(EXC);
    desk.thread.start();
    desk.thread.handle({ kind: 'close' });
    expect(desk.reports.at(-1)).toEqual({ kind: 'closed' });
  });
});

describe('a machine with nothing to boot', () => {
  it('is said to be at the prompt of its firmware', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exostation-test-'));
    const path = join(folder, 'blank.img');
    writeFileSync(path, new Uint8Array(64 * 512));
    desk = new Desk(undefined, 'max', path);
    rmSync(folder, { recursive: true });
    desk.thread.start();
    await phaseOf('prompt');
    await desk.find(() => (desk.text(CONSOLE_LINE).includes('>>') ? true : undefined));
    expect(desk.of('status').at(-1)?.status.kernelName).toBeUndefined();
  });
});

describe('the shipped system', () => {
  it('starts, revokes, kills and accounts programs; ownership agrees at every sample', async () => {
    desk = new Desk();
    desk.thread.start();
    await phaseOf('ready');
    desk.thread.handle({ kind: 'catalog', id: 1 });
    const catalog = await desk.reply(1);
    expect(catalog).toMatchObject({ isOk: true });
    if (catalog.isOk) {
      expect(catalog.value).toMatchObject({ libraryOses: ['exos', 'exos-ipt'] });
      expect((catalog.value as { programs: string[] }).programs).toEqual(
        expect.arrayContaining(['matmul', 'sh', 'vmstress']),
      );
    }

    const start = {
      kind: 'start',
      line: 1,
      program: 'vmstress',
      arguments: ['64', '100000'],
      libraryOs: 'exos-ipt',
    } as const;
    desk.thread.handle({ ...start, id: 2 });
    const started = await desk.reply(2);
    if (!started.isOk) throw new Error(started.error);
    const { environmentId } = started.value as { environmentId: number };
    desk.thread.handle({ ...start, id: 3 });
    expect(await desk.reply(3)).toMatchObject({ isOk: false });

    await desk.find(() => (desk.text(1).includes('pages written') ? true : undefined));
    desk.thread.handle({ kind: 'revoke', id: 4, environmentId, pageCount: 5 });
    expect(await desk.reply(4)).toMatchObject({ isOk: true });
    await desk.find((report) =>
      report.kind === 'events' && report.events.some(({ kind }) => kind === 'revocation-answered')
        ? true
        : undefined,
    );
    const view = await desk.find((report) =>
      report.kind === 'ledger'
        ? report.ledger.environments.find((one) => one.environmentId === environmentId && one.pageCount > 64)
        : undefined,
    );
    expect(view).toMatchObject({ name: 'vmstress', libraryOs: 'exos-ipt', lines: [1], repossessedCount: 0 });

    desk.thread.handle({ kind: 'kill', id: 5, environmentId });
    expect(await desk.reply(5)).toMatchObject({ isOk: true });
    const ended = await desk.find((report) => (report.kind === 'ended' ? report : undefined));
    expect(ended).toMatchObject({
      environmentId,
      line: 1,
      status: undefined,
      reason: 'killed',
      program: 'vmstress',
    });
    expect(ended.cycles).toBeGreaterThan(1_000_000);
    expect(ended.account?.userCycles).toBeGreaterThan(ended.account?.kernelCycles ?? 0);

    desk.thread.handle({ kind: 'step-to-event' });
    desk.thread.handle({ kind: 'start', id: 6, line: 2, program: 'hello', arguments: [], libraryOs: 'exos' });
    await desk.find((report) => (report.kind === 'status' && report.status.isPaused ? true : undefined));
    expect(desk.of('events').at(-1)?.events.at(-1)?.kind).toBe('environment-created');
    desk.thread.handle({ kind: 'resume' });
    await desk.find((report) => (report.kind === 'ended' && report.line === 2 ? true : undefined));

    // Samples come ten times a second by the host's clock: a quick host may not have seen two of them yet.
    await desk.find(() => (desk.ledgers.length >= 2 ? true : undefined));
    expect(desk.ledgers.flatMap((ledger) => ledger.ownership.problems)).toEqual([]);
  });
});
