import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AEGIS_CALLS, DIFFERENCES, EVENTS, manualPages, renderText } from '../../src/abi/index.js';
import { CONCEPTS } from '../../src/abi/manual/concepts.js';
import { differencesOf, renderDifferences } from '../../src/abi/manual/differences-source.js';
import { renderManual } from '../../src/abi/manual/markdown.js';
import { UPCALLS } from '../../src/abi/manual/upcalls.js';
import { MEASURED_COSTS, STACK_CALL_INSTRUCTIONS } from '../../src/abi/measured.js';
import { STRUCTURES } from '../../src/abi/structures.js';

const SRC = new URL('../../src/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, SRC), 'utf8');
const differences = differencesOf(read('guest/aegis/README.md'));
const pages = manualPages(differences);
const STALE = 'stale: npm run build && node dist/abi/generate.js';

describe('the generated manual', () => {
  it("has the README's list of differences", () => {
    expect(read('abi/manual/differences.ts'), STALE).toBe(renderDifferences(differences));
    expect(DIFFERENCES).toBe(differences);
    expect(differences.split('\n').length).toBeGreaterThan(10);
    expect(differences.split('\n').filter((line) => !line.startsWith('- '))).toEqual([]);
  });

  it('is what src/abi renders, file by file', () => {
    const files = renderManual(pages);
    for (const { name, text } of files) expect(read(`guest/aegis/manual/${name}`), STALE).toBe(text);
    const names = readdirSync(new URL('guest/aegis/manual', SRC)).sort();
    expect(names).toEqual(files.map(({ name }) => name).sort());
  });
});

describe('its pages', () => {
  it('have a name each', () => {
    const names = pages.map(({ name }) => name.toLowerCase().replaceAll('_', '-'));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('put every call and every event kind into exactly one concept, and name nothing that is not there', () => {
    const sorted = (names: Iterable<string>): string[] => [...names].sort();
    expect(sorted(CONCEPTS.flatMap(({ calls }) => calls))).toEqual(
      sorted(AEGIS_CALLS.map(({ name }) => name)),
    );
    expect(sorted(CONCEPTS.flatMap(({ events }) => events))).toEqual(
      sorted(new Set(EVENTS.map(({ name }) => name))),
    );
    expect(sorted(CONCEPTS.flatMap(({ structures }) => structures))).toEqual(
      sorted(STRUCTURES.map(({ name }) => name)),
    );
    for (const { concept } of UPCALLS) expect(CONCEPTS.map(({ name }) => name)).toContain(concept);
    const sources = readdirSync(new URL('guest/aegis', SRC));
    expect(CONCEPTS.flatMap((concept) => concept.sources).filter((file) => !sources.includes(file))).toEqual(
      [],
    );
  });

  it('fit the width of the terminal', () => {
    for (const width of [60, 100])
      for (const page of pages.filter(({ kind }) => kind === 'concept' || kind === 'call'))
        for (const line of renderText(page, width).split('\n').slice(1))
          expect(line.length, `${page.name}: ${line}`).toBeLessThanOrEqual(width);
  });

  it('give the figures that the build keeps', () => {
    const kept = (JSON.parse(read('guest/aegis/costs.json')) as { instructions: Record<string, number> })
      .instructions;
    const of = (path: string): number | undefined =>
      MEASURED_COSTS.find((cost) => cost.path === path)?.instructions;
    expect({
      'null system call, without stack': of('null call'),
      'system call with stack, besides its function': STACK_CALL_INSTRUCTIONS,
      CIDswitch: of('cid_switch'),
      'exception dispatch': of('exception dispatch'),
      'refill from the STLB': of('refill from the STLB'),
      'synchronous transfer': of('transfer out'),
    }).toEqual(kept);
    const names = pages.map(({ name }) => name);
    for (const { page } of MEASURED_COSTS) expect(names).toContain(page);
  });
});

describe('event kinds', () => {
  it('have their trace points in the shipped kernel', () => {
    const { aegis } = JSON.parse(read('../disk-images/symbols.json')) as { aegis: Record<string, string> };
    expect(EVENTS.filter(({ symbol }) => aegis[symbol] === undefined)).toEqual([]);
  });

  it('are all that the kernel traces', () => {
    const named = new Set(EVENTS.map(({ symbol }) => symbol));
    const declared = [...read('guest/aegis/trace.c').matchAll(/^TRACE void (\w+)/gm)].map(([, name]) => name);
    const spans = ['trace_repossess_begin', 'trace_repossess_end'];
    expect(declared.filter((name) => !named.has(name ?? ''))).toEqual(spans);
  });
});
