/**
 * Just enough reading of TypeScript for the layering test: which modules a file imports, and its text without comments
 * and strings. Regular expressions, not a parser: our own formatted sources are all it has to read.
 */

export interface Import {
  readonly specifier: string;
  /** `import type` or `export type`: erased when compiled. */
  readonly isTypeOnly: boolean;
}

const STATIC_IMPORT = /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+['"]([^'"]+)['"]/gm;
const BARE_IMPORT = /^\s*import\s+['"]([^'"]+)['"]/gm;
const DYNAMIC_IMPORT = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(STATIC_IMPORT)) {
    found.push({ specifier: match[2] ?? '', isTypeOnly: match[1] !== undefined });
  }
  for (const match of text.matchAll(BARE_IMPORT))
    found.push({ specifier: match[1] ?? '', isTypeOnly: false });
  for (const match of text.matchAll(DYNAMIC_IMPORT))
    found.push({ specifier: match[1] ?? '', isTypeOnly: false });
  return found;
}

export function withoutComments(text: string): string {
  return text.replace(/'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (piece) =>
    piece.startsWith('/') ? ' ' : "''",
  );
}
