/** Writes the generated headers: `node dist/abi/generate.js [directory]`. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderAll } from './emit.js';

const target =
  process.argv[2] ?? fileURLToPath(new URL('../../src/guest/include/generated', import.meta.url));
mkdirSync(target, { recursive: true });
for (const { name, text } of renderAll()) writeFileSync(join(target, name), text);
