/**
 * Tiles of the frame buffer as a protected resource, on the boards that have one: what environments may do with them is
 * tested by `tiles/` on the machine, what the monitor shows and which bindings exist is seen from outside.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { AEGIS, isAegisRunning, offsetOf, readHeader, TILE, viewOf } from '../../../src/abi/index.js';
import type { ModelName } from '../../../src/machine/index.js';
import { checkOwnership } from '../../../src/observe/ownership.js';
import { buildKernel, hasCompiler, type KernelImage, KernelMachine, readTap } from './kernel-machine.js';
import { ownershipProblems, usualColour } from './ownership.js';

const SAMPLE_CYCLES = 100_003;
const LIMIT_CYCLES = 200e6;
const KERNEL_START = 0x8000_0000;
const SHOWN_TILE = 5;

/** The colour map at the end of the test: the usual colours, and one that the environment has set. */
function colourOf(pixel: number): number[] {
  const value = pixel === 200 ? 0x80_00c0 : usualColour(pixel);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

describe.runIf(hasCompiler())('tiles of the frame buffer', () => {
  let image: KernelImage;
  beforeAll(() => {
    image = buildKernel('tiles');
  }, 120_000);

  describe.each<ModelName>(['5000/125', '3100'])('on the %s', (model) => {
    let kernel: KernelMachine;
    const problems: string[] = [];
    let samples = 0;

    beforeAll(() => {
      kernel = new KernelMachine(image, [], model);
      const { machine, view } = kernel;
      while (!kernel.isHalted && machine.cycle < LIMIT_CYCLES) {
        machine.run(machine.cycle + SAMPLE_CYCLES);
        const { pc, tlb } = machine.cpuState();
        const isInUser = pc >>> 0 < KERNEL_START || pc >>> 0 === kernel.symbol('idle_loop');
        if (!isAegisRunning(view) || !isInUser) continue;
        samples++;
        problems.push(...ownershipProblems(view, tlb));
        problems.push(...checkOwnership(machine.ram, tlb, machine.cycle).problems.map(({ text }) => text));
      }
    }, 60_000);

    it('are allocated, mapped, refused, taken back', () => {
      const tap = readTap(kernel.output);
      expect(tap.failed).toEqual([]);
      expect(tap.isComplete, kernel.console + kernel.output).toBe(true);
      expect(tap.passed).toBeGreaterThan(35);
    });

    it('are mapped by nobody without a binding, at any time', () => {
      expect(samples).toBeGreaterThan(50);
      expect(problems).toEqual([]);
    });

    it('are what the monitor shows, through the palette', () => {
      const { screen } = kernel.machine;
      const pixels = new Uint8Array(screen.width * screen.height * 3);
      screen.copyPixels(pixels);
      const line = SHOWN_TILE * AEGIS.TILE_LINES * AEGIS.TILE_WIDTH * 3;
      const expected = Array.from({ length: AEGIS.TILE_WIDTH }, (_, x) => colourOf(x >> 2)).flat();
      expect([...pixels.subarray(line, line + expected.length)]).toEqual(expected);
      expect(pixels.subarray(0, line).every((value) => value === 0)).toBe(true);
    });

    it('a mapping that outlives its binding, or goes through the cache, is found', () => {
      const { machine } = kernel;
      const ram = machine.ram.slice();
      const view = viewOf(ram);
      const entryOf = (flags: number): number =>
        (((readHeader(view).tile_page + SHOWN_TILE) << 12) | flags) >>> 0;
      // Init is in slot 0, and its address space is number 1.
      const tlb = (flags: number) => [{ entryHi: 0x2010_0000 | (1 << 6), entryLo: entryOf(flags) }];
      const found = (flags: number): string[] => [
        ...ownershipProblems(view, tlb(flags)),
        ...checkOwnership(ram, tlb(flags), 0).problems.map(({ text }) => text),
      ];
      expect(found(0xe00)).toEqual([]);
      expect(found(0x600).join()).toMatch(/tile 5 through the cache.*tile 5 through the cache/);
      view.setUint32(AEGIS.EXPORT_TILES + SHOWN_TILE * TILE.size + offsetOf(TILE, 'writers'), 0, true);
      expect(found(0xe00).join()).toMatch(
        /TLB: slot 0 is not bound to tile 5.*tile 5 of .* writing, unbound/,
      );
      // The STLB's own entry, which the environment left there.
      expect(ownershipProblems(view, []).join()).toContain('STLB: slot 0 is not bound to tile 5');
      expect(checkOwnership(ram, [], 0).problems.map(({ check }) => check)).toEqual(['stlb']);
    });
  });

  it('there are none with one bit to a pixel', () => {
    const kernel = new KernelMachine(image, [], '3100', 'mono');
    kernel.runToHalt(LIMIT_CYCLES);
    expect(kernel.output).toContain('ok 1 - without a colour frame buffer there are no tiles\n1..1');
  });
});
