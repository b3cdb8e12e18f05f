import { defineConfig } from 'vitest/config';

/** The tests that mutants must not survive: those of the pure library, which start no k6. */
export default defineConfig({
  test: { include: ['src/lib/**/*.test.ts'], pool: 'threads', isolate: false, testTimeout: 60_000 },
});
