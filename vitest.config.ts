import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/** Tests that start no k6 and no browser: `npm run check` runs these alone. */
const QUICK = [
  'test/*.test.ts',
  'test/{deploy,workflows}/**/*.test.ts',
  'test/dashboards/dashboards.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Tests of one file that are told to run side by side: so many at once.
    maxConcurrency: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      // Files share a thread or a process, which saves half of the time: no test leaves anything behind.
      // One more of them than there are cores, since some wait for a server.
      {
        extends: true,
        test: {
          name: 'lib',
          include: ['src/lib/**/*.test.ts'],
          pool: 'threads',
          isolate: false,
          maxWorkers: 3,
        },
      },
      {
        extends: true,
        test: {
          name: 'tools',
          include: ['src/tools/**/*.test.ts', 'bench/**/*.test.ts', ...QUICK],
          isolate: false,
          restoreMocks: true,
          maxWorkers: 3,
        },
      },
      // Real k6, real browsers, real stores: they mostly wait, so more of them than there are cores.
      {
        extends: true,
        test: {
          name: 'k6',
          include: ['test/*/**/*.test.ts'],
          exclude: QUICK,
          maxWorkers: 4,
          // After the others: vitest wants that of projects with other workers.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
