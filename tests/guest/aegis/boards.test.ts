/** The same kernel, the same test environments, on the boards of the DECstation 3100 and 2100. */
import { beforeAll, describe, expect, it } from 'vitest';
import { readNetwork } from '../../../src/abi/index.js';
import type { ModelName } from '../../../src/machine/index.js';
import { buildKernel, hasCompiler, type KernelImage, KernelMachine, readTap } from './kernel-machine.js';
import { answerRequests, greet, isServiceReady, numberedDisk } from './outside.js';

const LIMIT_CYCLES = 400e6;

describe.runIf(hasCompiler())('Aegis on the KN01', () => {
  let plain: KernelImage;
  let network: KernelImage;

  beforeAll(() => {
    plain = buildKernel();
    network = buildKernel('net');
  }, 120_000);

  it.each<ModelName>(['3100', '2100'])('runs all tests of the kernel on the %s, and halts', (model) => {
    const disk = numberedDisk();
    const kernel = new KernelMachine(plain, [disk], model);
    greet(kernel);
    kernel.runToHalt(LIMIT_CYCLES);
    const tap = readTap(kernel.output);
    expect(tap.failed).toEqual([]);
    expect(tap.isComplete, kernel.console + kernel.output).toBe(true);
    expect(kernel.isHalted).toBe(true);
    expect(kernel.console).toContain("Aegis: halted by the machine's owner");
    expect(disk).not.toEqual(numberedDisk());
    expect([...kernel.machine.nvram.slice(0x20 - 14, 0x30 - 14)]).toEqual(new Array(16).fill(0));
  });

  it('runs all tests of the network on the 3100', () => {
    const kernel = new KernelMachine(network, [], '3100');
    answerRequests(kernel, []);
    while (!kernel.isHalted && !isServiceReady(kernel) && kernel.machine.cycle < LIMIT_CYCLES)
      kernel.machine.run(kernel.machine.cycle + 100_000);
    const tap = readTap(kernel.output);
    expect(tap.failed).toEqual([]);
    expect(tap.passed, kernel.console + kernel.output).toBeGreaterThan(77);
    expect([...readNetwork(kernel.view).station.slice(0, 6)]).toEqual([0x08, 0x00, 0x2b, 0x12, 0x31, 0x01]);
  });
});
