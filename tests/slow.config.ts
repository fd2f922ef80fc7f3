/**
 * The slow suites: files named `*.slow.ts`, run by `.ci/run` or `npx vitest run --config tests/slow.config.ts`, kept
 * out of `npm test`.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['tests/**/*.slow.{ts,tsx}'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});

export default config;
