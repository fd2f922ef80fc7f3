/**
 * Writes what is generated from src/abi: the headers, and the manual with its list of differences, which comes out of the
 * kernel's README. `node dist/abi/generate.js [directory of the headers]`.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderAll } from './emit.js';
import { differencesOf, renderDifferences } from './manual/differences-source.js';
import { renderManual } from './manual/markdown.js';
import { manualPages } from './manual/pages.js';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

function write(folder: string, files: readonly { readonly name: string; readonly text: string }[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
}

write(process.argv[2] ?? join(SRC, 'guest/include/generated'), renderAll());
const differences = differencesOf(readFileSync(join(SRC, 'guest/aegis/README.md'), 'utf8'));
write(join(SRC, 'abi/manual'), [{ name: 'differences.ts', text: renderDifferences(differences) }]);
write(join(SRC, 'guest/aegis/manual'), renderManual(manualPages(differences)));
