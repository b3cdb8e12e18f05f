import { defineConfig } from 'vitest/config';

/** The tests that no change of the code is to get past: those of the pure library, which start no k6. */
export default defineConfig({
  test: {
    include: ['src/lib/**/*.test.ts'],
    runner: './test/mutation/every-mutant.mjs',
    pool: 'threads',
    isolate: false,
    fileParallelism: false,
    testTimeout: 600_000,
  },
});
