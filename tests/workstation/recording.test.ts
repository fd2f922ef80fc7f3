/**
 * Recordings: what was typed and sent, at cycles that nobody chose, comes out again in the same state, to the cycle; from power-on
 * and from a snapshot, from the desktop's thread, with a disk that was written before. A recording that does not fit
 * what runs is told apart, and what is wrong first is named.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  CONSOLE_LINE,
  choiceOf,
  DataFolder,
  FIXED_EPOCH_SECONDS,
  FIXED_SEED,
  InputError,
  Recorder,
  Replay,
  readRecording,
  readSnapshot,
  Workstation,
  type WorkstationOptions,
  writeSnapshot,
} from '../../src/workstation/index.js';
import { MachineThread } from '../../src/workstation/machine-thread.js';
import { type Recording, writeRecording } from '../../src/workstation/recording.js';
import { digestState, type StateDigests } from '../../src/workstation/state-digest.js';
import { TestRandom } from '../support/random.js';

const folder = mkdtempSync(join(tmpdir(), 'exostation-recording-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string): string => join(folder, name);
const text = (line: string): Uint8Array => new TextEncoder().encode(line);

const OPTIONS: WorkstationOptions = {
  model: '5000/125',
  memoryMiB: 16,
  disks: [],
  append: [],
  seed: FIXED_SEED,
  epochSeconds: FIXED_EPOCH_SECONDS,
  notice: () => {},
};
const HERTZ = 25_000_000;
const LINES = ['ls -l /bin\r', 'cat /etc/motd\r', 'pingpong 20\r', 'nonsense\r', 'x\u0003', '\u0004'];

/** Someone at a terminal and a wire: types on all lines and sends frames, whenever the machine has come to a stand. */
class Live {
  readonly workstation: Workstation;
  readonly #random: TestRandom;

  constructor(workstation: Workstation, seed: number) {
    this.workstation = workstation;
    this.#random = new TestRandom(seed);
  }

  runTo(cycle: number): void {
    const { workstation } = this;
    const random = this.#random;
    while (workstation.cycle < cycle && !workstation.isHalted) {
      workstation.run(Math.min(cycle, workstation.cycle + random.below(3_000_000)));
      for (let count = random.below(4); count > 0; count--) {
        const line = random.pick([1, 1, 1, 2, CONSOLE_LINE]);
        if (random.below(3) > 0) workstation.send(line, text(random.pick(LINES)));
        else if (random.below(2) > 0) this.#touch(random);
        else
          workstation.receiveFrame(Uint8Array.from({ length: random.below(1600) }, () => random.below(256)));
      }
    }
  }

  /** Someone at the workstation's own keyboard and mouse. */
  #touch(random: TestRandom): void {
    const { workstation } = this;
    workstation.strike({ key: random.pick(['a', 'shift', 'f20']), isDown: random.below(2) > 0 });
    workstation.moveMouse({ kind: 'move', right: random.below(400) - 200, down: random.below(400) - 200 });
    workstation.moveMouse({ kind: 'button', button: random.below(3), isDown: random.below(2) > 0 });
  }
}

/** A shell on line 1 as soon as init serves, and one on line 2 when that has started. */
function startShells({ init }: Workstation): void {
  const start = (line: number, onStarted: () => void): void =>
    init.start({ line, libraryOs: 'exos', program: 'sh', arguments: [], onStarted, onEnded: () => {} });
  init.onReady = () => start(1, () => start(2, () => {}));
}

interface Replayed {
  readonly replay: Replay;
  readonly workstation: Workstation;
  readonly state: StateDigests;
}

function replayOf(path: string): Replayed {
  const recording = readRecording(path);
  const workstation = new Workstation({ ...choiceOf(recording.identity), notice: () => {} });
  const replay = new Replay(recording, workstation);
  while (replay.nextCycle !== Number.POSITIVE_INFINITY && !workstation.isHalted) {
    workstation.run(replay.nextCycle);
    replay.reach();
  }
  return { replay, workstation, state: digestState(workstation.snapshot()) };
}

/** Replays, and expects the same end. */
function expectSame(path: string, live: Workstation): Replayed {
  const replayed = replayOf(path);
  expect(replayed.replay.difference).toBeUndefined();
  expect(replayed.replay.isComplete).toBe(true);
  expect(replayed.workstation.cycle).toBe(live.cycle);
  expect(replayed.state).toEqual(digestState(live.snapshot()));
  return replayed;
}

describe('ten seconds of typing and packets', () => {
  const live = new Live(new Workstation(OPTIONS), 7);
  const { workstation } = live;
  startShells(workstation);
  let said = '';
  workstation.onOutput = (line, byte) => {
    if (line === 1) said += String.fromCharCode(byte);
  };
  const recorder = new Recorder(workstation, file('ten'));
  live.runTo(4 * HERTZ);
  writeSnapshot(file('middle'), workstation);
  live.runTo(10 * HERTZ);
  recorder.finish();

  it('do something, and come out the same', () => {
    expect(said).toContain('verified');
    const recording = readRecording(file('ten')).read(workstation.maxStateBytes);
    expect(recording.inputs.length).toBeGreaterThan(100);
    expect(new Set(recording.inputs.map(({ channel }) => channel))).toEqual(
      new Set(['console', 'network', 'keyboard', 'mouse', 'line0', 'line1', 'line2']),
    );
    expect(recording.checkpoints.length).toBeGreaterThanOrEqual(8);
    expectSame(file('ten'), workstation);
  });

  it('come out the same however the replay is cut', () => {
    const recording = readRecording(file('ten'));
    const again = new Workstation({ ...choiceOf(recording.identity), notice: () => {} });
    const replay = new Replay(recording, again);
    while (replay.nextCycle !== Number.POSITIVE_INFINITY) {
      again.run(Math.min(replay.nextCycle, again.cycle + 777_777));
      if (replay.nextCycle <= again.cycle) replay.reach();
    }
    expect(replay.isComplete).toBe(true);
  });

  it('come out the same from a snapshot in the middle, with more typing recorded from there', () => {
    const snapshot = readSnapshot(file('middle'));
    expect(snapshot.cycle).toBeGreaterThanOrEqual(4 * HERTZ);
    const next = new Live(new Workstation({ ...choiceOf(snapshot.identity), notice: () => {} }), 8);
    snapshot.restore(next.workstation);
    const second = new Recorder(next.workstation, file('second'));
    next.runTo(snapshot.cycle + 2 * HERTZ);
    second.finish();
    expect(readRecording(file('second')).read(next.workstation.maxStateBytes).startCycle).toBe(
      snapshot.cycle,
    );
    expectSame(file('second'), next.workstation);
  });

  it('of which one byte is changed are not the same, and the replay says since when', () => {
    const { workstation: again } = replayOf(file('ten'));
    const recording = readRecording(file('ten')).read(again.maxStateBytes);
    const [at, input] = [...recording.inputs.entries()].find(
      ([, one]) => one.channel === 'line1',
    ) as never as [number, Recording['inputs'][number]];
    const inputs = recording.inputs.with(at, { ...input, bytes: input.bytes.with(0, 0x7a) });
    writeRecording(file('changed'), { ...recording, inputs });
    const { replay } = replayOf(file('changed'));
    expect(replay.isComplete).toBe(false);
    expect(replay.difference).toMatch(/^at cycle \d+ |^the recording has /);
    writeRecording(file('blind'), { ...recording, inputs: recording.inputs.slice(0, -1), checkpoints: [] });
    const last = recording.inputs.at(-1);
    expect(replayOf(file('blind')).replay.difference).toMatch(
      last?.channel === 'network' ? /board\.lance/ : /^at the end, cycle \d+, .*(?:board|memory)\./,
    );
  });

  it('at cycles where no instruction ends are not this run', () => {
    const { workstation: again } = replayOf(file('ten'));
    const recording = readRecording(file('ten')).read(again.maxStateBytes);
    const inputs = recording.inputs.map((input) => ({ ...input }));
    // In the firmware's boot, instructions from ROM take many cycles each.
    inputs.unshift(
      { cycle: 1001, channel: 'console', bytes: text('x') },
      { cycle: 1002, channel: 'console', bytes: text('y') },
    );
    writeRecording(file('between'), { ...recording, inputs, checkpoints: [] });
    expect(replayOf(file('between')).replay.difference).toMatch(
      /^the recording has input on console at cycle 100[12], between two instructions; here one runs on to 10\d\d$/,
    );
  });
});

/** As a guest of an earlier day might have: writes a word into /etc/motd, on the overlay that is kept. */
function changeMotd({ rootDisk }: Workstation): void {
  if (rootDisk === undefined) throw new Error('no disk');
  const sector = new Uint8Array(512);
  for (let at = 0; at < rootDisk.sectorCount; at++) {
    rootDisk.read(at, sector);
    if (!new TextDecoder('latin1').decode(sector).startsWith('exostation: Aegis and')) continue;
    sector.set(text('kept'), 6);
    rootDisk.write(at, sector);
    return;
  }
  throw new Error('no /etc/motd');
}

describe('the desktop', () => {
  it('is recorded whatever is done: pausing, stepping, killing, with a disk and NVRAM that were kept', async () => {
    const data = DataFolder.acquire(file('data')) as DataFolder;
    const before = new Workstation({ ...OPTIONS, folder: data });
    before.run(1_000_000);
    changeMotd(before);
    before.dispose();

    const workstation = new Workstation({
      ...OPTIONS,
      seed: FIXED_SEED.map((byte) => byte ^ 0x5a),
      folder: data,
    });
    const recorder = new Recorder(workstation, file('desktop'));
    let closed = (): void => {};
    const end = new Promise<void>((resolve) => {
      closed = resolve;
    });
    let shell = 0;
    let said = '';
    const thread = new MachineThread(
      workstation,
      { speed: 'max', isDiskKept: true, areFramesWanted: false, recorder },
      (report) => {
        if (report.kind === 'output' && report.line === 1) said += new TextDecoder().decode(report.bytes);
        if (report.kind === 'status' && report.status.phase === 'ready' && shell === 0) {
          shell = 1;
          thread.handle({ kind: 'start', id: 1, line: 1, program: 'sh', arguments: [], libraryOs: 'exos' });
        } else if (report.kind === 'reply' && report.id === 1) {
          thread.handle({ kind: 'input', line: 1, bytes: text('cat /etc/motd\r') });
        } else if (shell === 1 && said.includes('exostakept: Aegis')) {
          shell = 2;
          setImmediate(meddle);
        } else if (shell === 2 && report.kind === 'status' && report.status.isPaused) {
          setImmediate(() => thread.handle({ kind: 'resume' }));
        } else if (shell === 2 && said.includes('\npaused')) {
          shell = 3;
          setImmediate(() => thread.handle({ kind: 'close' }));
        } else if (report.kind === 'closed') closed();
      },
    );
    const meddle = (): void => {
      thread.handle({ kind: 'pause' });
      for (let step = 0; step < 50; step++) thread.handle({ kind: 'step' });
      thread.handle({ kind: 'input', line: 1, bytes: text('echo paused\r') });
      thread.handle({ kind: 'step-to-event' });
    };
    const final = (): StateDigests => digestState(workstation.snapshot());
    let atEnd: StateDigests = {};
    workstation.dispose = ((dispose) => () => {
      atEnd = final();
      dispose.call(workstation);
    })(workstation.dispose);
    thread.start();
    await end;
    data.dispose();
    const { replay, state } = replayOf(file('desktop'));
    expect(replay.difference).toBeUndefined();
    expect(replay.isComplete).toBe(true);
    expect(state).toEqual(atEnd);
  });
});

describe('a snapshot', () => {
  it('comes back with keys down, bytes and frames waiting, a program being started', () => {
    const workstation = new Workstation(OPTIONS);
    workstation.init.onReady = () =>
      workstation.init.start({
        ...{ line: 3, libraryOs: 'exos', program: 'primes', arguments: [] },
        onStarted: () => workstation.stop(),
        onEnded: () => {},
      });
    workstation.run(9_000_000);
    const { keyboard } = workstation.machine;
    workstation.machine.enter(() => keyboard.press('alt'));
    workstation.receiveFrame(new Uint8Array(60));
    workstation.receiveFrame(new Uint8Array(600));
    workstation.send(5, text('for nobody'));
    while (!workstation.init.isReady) workstation.run(workstation.cycle + 10_000);
    writeSnapshot(file('waiting'), workstation);
    const other = new Workstation(OPTIONS);
    readSnapshot(file('waiting')).restore(other);
    const news: string[] = [];
    const isThere = other.init.adopt(3, {
      onStarted: (reply) => news.push('error' in reply ? reply.error : 'started'),
      onEnded: (end) => news.push(end.kind),
    });
    expect([isThere, other.init.adopt(4, { onStarted: () => {}, onEnded: () => {} })]).toEqual([true, false]);
    for (const one of [workstation, other]) while (one.cycle < 60_000_000) one.run(60_000_000);
    expect(news).toEqual(['started', 'exit']);
    expect(digestState(other.snapshot())).toEqual(digestState(workstation.snapshot()));
  });
});

describe('a recording', () => {
  it('is refused with a disk, kernel or firmware that is not its own, and with a written-through disk', () => {
    const disk = file('disk.img');
    writeFileSync(disk, new Uint8Array(512 * 64).fill(1));
    const disks = [{ path: disk, isWrittenThrough: false }];
    const workstation = new Workstation({ ...OPTIONS, disks });
    const recorder = new Recorder(workstation, file('own'));
    workstation.run(100_000);
    recorder.finish();
    writeSnapshot(file('own.snapshot'), workstation);
    expectSame(file('own'), workstation);
    workstation.dispose();
    writeFileSync(disk, new Uint8Array(512 * 64).fill(2));
    expect(() => replayOf(file('own'))).toThrow(
      /recording .*own: .*disk\.img is not the disk it was made with/,
    );
    const other = new Workstation({ ...OPTIONS, disks });
    expect(() => readSnapshot(file('own.snapshot')).restore(other)).toThrow(
      /is not the disk it was made with/,
    );
    const written = new Workstation({ ...OPTIONS, disks: [{ path: disk, isWrittenThrough: true }] });
    expect(() => new Recorder(written, file('rw'))).toThrow(/leave out ,rw/);
    expect(() => writeSnapshot(file('rw'), written)).toThrow(InputError);
  });

  it('cannot be written where there is no folder', () => {
    const workstation = new Workstation(OPTIONS);
    expect(() => new Recorder(workstation, file('no/such/folder'))).toThrow(/^recording .*: no such folder/);
    expect(() => readRecording(file('nothing'))).toThrow(/^recording .*nothing: no such file/);
    writeFileSync(file('keep'), 'x');
    void new Recorder(workstation, file('keep'));
    expect(readFileSync(file('keep'), 'utf8')).toBe('x');
  });
});
