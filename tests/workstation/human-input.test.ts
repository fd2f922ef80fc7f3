import { afterEach, expect, it } from 'vitest';
import { FIXED_EPOCH_SECONDS, FIXED_SEED, Workstation } from '../../src/workstation/index.js';

const HERTZ = 25_000_000;
let workstation: Workstation | undefined;
afterEach(() => workstation?.dispose());

function opened(): Workstation {
  workstation = new Workstation({
    model: '5000/125',
    memoryMiB: 8,
    disks: [],
    append: [],
    seed: FIXED_SEED,
    epochSeconds: FIXED_EPOCH_SECONDS,
    notice: () => {},
  });
  return workstation;
}

it('strokes and movements enter by their channels, and recordings hear of them', () => {
  const { machine } = opened();
  const heard: string[] = [];
  const station = workstation as Workstation;
  station.onInput = (cycle, channel, bytes) =>
    heard.push(`${cycle} ${channel} ${new TextDecoder().decode(bytes)}`);
  machine.run(HERTZ / 10);
  const { cycle } = machine;
  station.strike({ key: 'kp--', isDown: true });
  station.strike({ key: 'kp--', isDown: false });
  station.moveMouse({ kind: 'move', right: -3, down: 40 });
  station.moveMouse({ kind: 'button', button: 2, isDown: true });
  expect(heard).toEqual([
    `${cycle} keyboard +kp--`,
    `${cycle} keyboard -kp--`,
    `${cycle} mouse move -3 40`,
    `${cycle} mouse button 2 1`,
  ]);
  const { board } = machine.snapshot() as unknown as { board: Record<string, Record<string, unknown>> };
  expect(board.keyboard?.end).toMatchObject({ isSending: true });
  expect(board.mouse).toMatchObject({ x: -3, y: 40, buttons: 1 });
});

it('what is no key and no movement does nothing', () => {
  const station = opened();
  const before = station.machine.snapshot();
  const enter = (channel: string, text: string): void =>
    station.enter(channel, new TextEncoder().encode(text));
  for (const text of ['', '+', '+nokey', 'a', '+constructor', '-a']) enter('keyboard', text);
  for (const text of ['', 'move', 'move x y', 'move 1e400 0', 'button 7 1', 'jump 1 1']) enter('mouse', text);
  expect(station.machine.snapshot()).toEqual(before);
});
