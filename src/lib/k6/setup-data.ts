import type { Adaptation } from '../payload.ts';
import type { SetupRecord } from '../summary/build.ts';

/** Where each VU finds the key. The key itself is never in here: k6 writes setup's data into summaries. */
export type KeySource = 'environment' | 'secrets' | 'none';

/** What `setup()` tells the VUs and the summary. */
export type SetupData = {
  record: SetupRecord;
  keySource: KeySource;
  /** What preflight found out, by model. */
  adaptations: Readonly<Record<string, Adaptation>>;
};

/** For runs with `--no-setup`: nothing is known, nothing was spent. */
export const NO_SETUP: SetupData = {
  record: { startedAt: '', loadStartsAtMs: 0, preflight: {}, forecast: null, notes: ['setup did not run'] },
  keySource: 'environment',
  adaptations: {},
};
