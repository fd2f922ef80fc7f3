import { expect, it } from 'vitest';
import { importsOf, withoutComments } from './source-text.js';

it('finds every form of import', () => {
  const text = [
    "import { a } from './a.js';",
    "import type { B } from '../b/index.js';",
    "import './c.js';",
    "export * from './d.js';",
    'import {',
    '  e,',
    "} from './e.js';",
    "const f = await import('./f.js');",
  ].join('\n');
  expect(importsOf(text)).toEqual([
    { specifier: './a.js', isTypeOnly: false },
    { specifier: '../b/index.js', isTypeOnly: true },
    { specifier: './d.js', isTypeOnly: false },
    { specifier: './e.js', isTypeOnly: false },
    { specifier: './c.js', isTypeOnly: false },
    { specifier: './f.js', isTypeOnly: false },
  ]);
});

it('drops comments and strings, keeps code', () => {
  expect(withoutComments("a(); // Date\nb('Date'); /* Date */ c();")).toBe("a();  \nb('');   c();");
});
