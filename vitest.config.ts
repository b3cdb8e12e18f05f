import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';
import { PATIENCE_MS } from './test/support/patience.ts';

/** Tests that start no k6 and no browser: `npm run check` runs these alone. */
const QUICK = [
  'test/*.test.ts',
  'test/{deploy,workflows}/**/*.test.ts',
  'test/dashboards/dashboards.test.ts',
];

export default defineConfig({
  test: {
    // Of several waits, one after the other.
    testTimeout: 3 * PATIENCE_MS,
    hookTimeout: 3 * PATIENCE_MS,
    expect: { poll: { timeout: PATIENCE_MS } },
    // Tests of one file that are told to run side by side: so many at once.
    maxConcurrency: 3,
    sequence: { sequencer: LongestFirst },
    // Files share a thread or a process, which saves much: no test leaves anything behind.
    isolate: false,
    // A file that has not changed is not transformed again.
    experimental: { fsModuleCache: true },
    restoreMocks: true,
    // More than there are cores: real k6, real browsers and real stores mostly wait. Of all projects alike, or vitest
    // begins those with other workers only when the rest has ended.
    maxWorkers: 5,
    projects: [
      { extends: true, test: { name: 'lib', include: ['src/lib/**/*.test.ts'], pool: 'threads' } },
      {
        extends: true,
        test: { name: 'tools', include: ['src/tools/**/*.test.ts', 'bench/**/*.test.ts', ...QUICK] },
      },
      {
        extends: true,
        test: {
          name: 'k6',
          include: ['test/*/**/*.test.ts'],
          exclude: QUICK,
          // k6 collects garbage less often: a quarter of its CPU time, for memory that there is.
          env: { GOGC: '400' },
        },
      },
    ],
  },
});
