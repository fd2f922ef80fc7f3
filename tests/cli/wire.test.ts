/** `--net`, `--mac` and `--pcap`: what the flags become, and one line for what they cannot. */

import { expect, test } from 'vitest';
import { refuseWire, wireChoice } from '../../src/cli/wire.js';

test('a machine that is connected keeps real time; the connecting end has another address', () => {
  expect(wireChoice({})).toEqual({ network: undefined, pcapPath: undefined, machine: {}, speed: 'max' });
  expect(wireChoice({ net: 'listen:5000' })).toMatchObject({ machine: {}, speed: 1 });
  expect(wireChoice({ net: 'connect:localhost:5000' }).machine.stationAddress).toEqual([
    8, 0, 0x2b, 0x12, 0x50, 2,
  ]);
  expect(wireChoice({ mac: '08-00-2B-aa-bb-cc' }).machine.stationAddress).toEqual([
    8, 0, 0x2b, 0xaa, 0xbb, 0xcc,
  ]);
});

test.each([
  [() => wireChoice({ mac: '08:00:2b:12:50' }), /--mac 08:00:2b:12:50: give six bytes/],
  [() => wireChoice({ mac: '08:00:2b:12:50:1' }), /give six bytes/],
  [() => wireChoice({ mac: '01:00:5e:00:00:01' }), /group address/],
  [() => wireChoice({ net: 'nowhere' }), /--net nowhere: give listen:/],
  [() => refuseWire({ pcap: 'file' }), /add --headless/],
])('refused in one line', (action, reason) => {
  expect(action).toThrow(reason);
});
