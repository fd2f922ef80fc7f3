/** Option values that nobody means: understood, or one line that says what to give; never anything else. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  machineChoice,
  parseExpect,
  parseMaxCycles,
  parseSeed,
  parseSpeed,
} from '../../src/cli/machine-options.js';
import { wireChoice } from '../../src/cli/wire.js';
import { InputError } from '../../src/workstation/index.js';

const FLAGS = { model: '5000/125', engine: 'interpreter' } as const;
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.constantFrom(
    '',
    ' ',
    '-',
    '0',
    '-0',
    '1e309',
    '1e-309',
    'NaN',
    'Infinity',
    '0x20',
    '٣',
    '08:00:2b',
    '::',
    '%n',
  ),
);

it.each<[string, (value: string) => unknown]>([
  ['--memory', (memory) => machineChoice({ ...FLAGS, memory }, true)],
  ['--model', (model) => machineChoice({ ...FLAGS, model }, true)],
  ['--engine', (engine) => machineChoice({ ...FLAGS, engine }, true)],
  ['--append', (append) => machineChoice({ ...FLAGS, append: [append] }, true)],
  ['--disk', (disk) => machineChoice({ ...FLAGS, disk: [disk] }, true)],
  ['--seed', parseSeed],
  ['--speed', parseSpeed],
  ['--max-cycles', parseMaxCycles],
  ['--expect', parseExpect],
  ['--mac', (mac) => wireChoice({ mac })],
  ['--machines', (machines) => wireChoice({ machines })],
  ['--net', (net) => wireChoice({ net: [net] })],
  ['--net listen:', (net) => wireChoice({ net: [`listen:${net}`] })],
  ['--net connect:', (net) => wireChoice({ net: [`connect:${net}:80`] })],
  ['--net mcast:', (net) => wireChoice({ net: [`mcast:${net}:80,localaddr=${net}`] })],
])('%s takes any text', (_option, parse) => {
  fc.assert(
    fc.property(text, (value) => {
      try {
        parse(value);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as Error).message.length).toBeGreaterThan(10);
      }
    }),
    { numRuns: 300 },
  );
});

it('numbers that would hang or starve a run are refused', () => {
  for (const speed of ['1e300', '1e9', '0', '-1', '0.0000001', '0x10', 'Infinity', '1001', '.', '1..2x']) {
    expect(() => parseSpeed(speed)).toThrow(/--speed .*: give max, 1x, or a positive factor/);
  }
  expect([parseSpeed('0.5'), parseSpeed('1000x'), parseSpeed('2x')]).toEqual([0.5, 1000, 2]);
  for (const cycles of ['0', '1.5', '1e300', 'NaN', ''])
    expect(() => parseMaxCycles(cycles)).toThrow(/whole number/);
});
