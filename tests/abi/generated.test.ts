import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  AEGIS_CALLS,
  EVENTS,
  LIBRARY_CALLS,
  placeFields,
  renderAll,
  STRUCTURES,
} from '../../src/abi/index.js';

describe('generated headers', () => {
  for (const { name, text } of renderAll()) {
    it(`${name} is what src/abi renders (else run node dist/abi/generate.js)`, () => {
      const path = new URL(`../../src/guest/include/generated/${name}`, import.meta.url);
      expect(readFileSync(path, 'utf8')).toBe(text);
    });
  }
});

describe('definitions', () => {
  it('give every call and event a number or symbol of its own', () => {
    for (const list of [
      AEGIS_CALLS.map((call) => call.number),
      LIBRARY_CALLS.map((call) => call.number),
      EVENTS.map((event) => event.symbol),
    ]) {
      expect(new Set<number | string>(list).size).toBe(list.length);
    }
  });

  it('place every field inside its structure', () => {
    for (const structure of STRUCTURES) expect(placeFields(structure).length).toBe(structure.fields.length);
  });

  it('pass no more than eight argument words', () => {
    for (const call of AEGIS_CALLS)
      expect(call.arguments.length + (call.takesCapability ? 4 : 0)).toBeLessThanOrEqual(8);
  });
});
