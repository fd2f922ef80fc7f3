/** `--net`, `--machines`, `--mac` and `--pcap`: what the flags become, and one line for what they cannot. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DesktopWire } from '../../src/cli/desktop-wire.js';
import { wireChoice } from '../../src/cli/wire.js';
import type { WorkstationCommand, WorkstationReport } from '../../src/workstation/index.js';
import { openNetwork } from '../../src/workstation/network.js';

const folder = mkdtempSync(join(tmpdir(), 'exostation-wire-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a machine that is connected keeps real time; the connecting end has another address', () => {
  expect(wireChoice({})).toEqual({
    networks: [],
    isShared: false,
    machines: [{}],
    pcapPath: undefined,
    speed: 'max',
  });
  expect(wireChoice({ net: ['listen:5000'] })).toMatchObject({ machines: [{}], isShared: false, speed: 1 });
  expect(wireChoice({ net: ['connect:localhost:5000'] }).machines).toEqual([
    { stationAddress: [8, 0, 0x2b, 0x12, 0x50, 2] },
  ]);
  expect(wireChoice({ mac: '08-00-2B-aa-bb-cc' }).machines).toEqual([
    { stationAddress: [8, 0, 0x2b, 0xaa, 0xbb, 0xcc] },
  ]);
});

test('several machines share a wire at full speed, with addresses that count up', () => {
  expect(wireChoice({ net: ['lan'] })).toMatchObject({ networks: [], isShared: true, machines: [{}] });
  const two = wireChoice({ machines: '2' });
  expect(two).toMatchObject({ isShared: true, speed: 'max' });
  expect(two.machines.map(({ stationAddress }) => stationAddress?.at(-1))).toEqual([1, 2]);
  const joined = wireChoice({ machines: '2', net: ['lan', 'listen:5000', 'connect:other:5001'] });
  expect(joined.networks.map(({ kind }) => kind)).toEqual(['listen', 'connect']);
  expect(joined.speed).toBe(1);
  const far = wireChoice({ machines: '3', mac: '08:00:2b:ff:ff:fe' }).machines;
  expect(far.map(({ stationAddress }) => stationAddress?.slice(3))).toEqual([
    [0xff, 0xff, 0xfe],
    [0xff, 0xff, 0xff],
    [0, 0, 0],
  ]);
});

test.each([
  [() => wireChoice({ mac: '08:00:2b:12:50' }), /--mac 08:00:2b:12:50: give six bytes/],
  [() => wireChoice({ mac: '08:00:2b:12:50:1' }), /give six bytes/],
  [() => wireChoice({ mac: '01:00:5e:00:00:01' }), /group address/],
  [() => wireChoice({ net: ['nowhere'] }), /--net nowhere: give listen:/],
  [() => wireChoice({ machines: '0' }), /--machines 0: give 1 to 16/],
  [() => wireChoice({ machines: '1e1' }), /--machines 1e1: give 1 to 16/],
  [() => wireChoice({ machines: '99999999999999999999' }), /give 1 to 16/],
])('refused in one line', (action, reason) => {
  expect(action).toThrow(reason);
});

test.each([
  [{ machines: '2' }, /--machines: the desktop shows one machine; add --headless/],
  [{ net: ['listen:5000', 'listen:5001'] }, /--net: the desktop takes one connection/],
  [{ pcap: join(folder, 'none/x.pcap') }, /pcap .*: no such folder/],
])('refused on the desktop: %j', async (flags, reason) => {
  await expect(DesktopWire.open(wireChoice(flags), 0)).rejects.toThrow(reason);
});

test("the desktop's frames go out, those from outside to the worker; all are kept; the desktop sees none", async () => {
  const far: Uint8Array[] = [];
  const listener = await openNetwork(
    { kind: 'listen', address: '127.0.0.1', port: 0 },
    { receive: (frame) => far.push(Uint8Array.from(frame)), notice: () => {} },
  );
  const pcap = join(folder, 'desktop.pcapng');
  const choice = wireChoice({ net: [`connect:127.0.0.1:${listener.port}`], pcap });
  const wire = await DesktopWire.open(choice, 1000);
  expect(wire.isWanted).toBe(true);

  const posted: WorkstationCommand[] = [];
  const seen: WorkstationReport[] = [];
  let report: (report: WorkstationReport) => void = () => {};
  const port = wire.attach({
    post: (command) => posted.push(command),
    onReport: (receive) => {
      report = receive;
    },
    dispose: async () => {},
  });
  port.onReport((one) => seen.push(one));
  const frame = Uint8Array.from({ length: 60 }, (_, index) => index);
  report({ kind: 'frame', bytes: frame, cycle: 25_000_000, hertz: 25_000_000, isInbound: false });
  report({ kind: 'frame', bytes: frame, cycle: 25_000_001, hertz: 25_000_000, isInbound: true });
  report({ kind: 'notice', text: 'hello' });
  const until = async (condition: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 500 && !condition(); turn++) await new Promise((done) => setTimeout(done, 10));
  };
  await until(() => far.length > 0);
  expect(far).toEqual([frame]);
  expect(seen).toEqual([{ kind: 'notice', text: 'hello' }]);
  listener.send(frame);
  await until(() => posted.length > 0);
  expect(posted.map((command) => (command.kind === 'frame' ? [...command.bytes] : command))).toEqual([
    [...frame],
  ]);
  listener.dispose();
  await until(() => seen.length > 1);
  expect(seen[1]).toMatchObject({ kind: 'notice', text: expect.stringMatching(/has gone/) });
  wire.dispose();
  expect(existsSync(pcap)).toBe(true);
  // Section and interface blocks, then two packets of 60 bytes with their flags.
  expect(
    readFileSync(pcap)
      .toString('latin1')
      .split(String.fromCharCode(...frame)).length,
  ).toBe(3);
});
