import type { Adaptation } from '../payload.ts';
import type { SetupRecord } from '../summary/setup-record.ts';
import type { VuPlan } from './run.ts';

/** Where each VU finds the key. */
export type KeySource = 'environment' | 'secrets' | 'none';

/** What `setup()` tells the VUs and the summary. Never the key: k6 writes it into summaries. */
export type SetupData = {
  record: SetupRecord;
  keySource: KeySource;
  plan: VuPlan;
  /** What preflight found out, by model. */
  adaptations: Readonly<Record<string, Adaptation>>;
};

/** For runs with `--no-setup`: nothing was found out, nothing was spent. */
export function withoutSetup(plan: VuPlan): SetupData {
  const record = { startedAt: '', loadStartsAtMs: 0, preflight: {}, forecast: null, notes: [] };
  return { record, plan, adaptations: {}, keySource: 'environment' };
}
