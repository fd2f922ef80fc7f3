/**
 * The slow suites: files named `*.slow.ts`, run by `.ci/run` or `npx vitest run --config tests/slow.config.ts`, kept
 * out of `npm test`.
 */
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['tests/**/*.slow.{ts,tsx}'],
    // Vectors that are not ours to ship: run when the variable names a local copy of them.
    exclude: [
      ...configDefaults.exclude,
      ...(process.env.EXOSTATION_R3000_VECTORS === undefined
        ? ['tests/conformance/single-step.slow.ts']
        : []),
    ],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});

export default config;
