import type { Adaptation } from '../../request/request-body.ts';
import type { SetupRecord } from '../../summary/setup-record.ts';
import type { VuPlan } from '../run.ts';

/** Where each VU finds the key. */
export type KeySource = 'environment' | 'secrets' | 'none';

/** What `setup()` returns. Never the key: k6 writes it into summaries. */
export type SetupData = {
  record: SetupRecord;
  /** Why there is to be no load; null: there is. The first iteration ends the run with it. */
  stopped: string | null;
  /**
   * `VuSetup` as JSON. k6 takes an object apart for every VU when the load begins, and makes an object anew
   * whenever a script looks into it; a text it hands over as it is.
   */
  vuSetup: string;
};

/** What setup tells the VUs. */
export type VuSetup = {
  /** On the run's clock. */
  loadStartsAtMs: number;
  keySource: KeySource;
  plan: VuPlan;
  /** What preflight found out, by model. */
  adaptations: Readonly<Record<string, Adaptation>>;
};

/** For runs with `--no-setup`: nothing was found out. */
export function withoutSetup(plan: VuPlan): VuSetup {
  return { loadStartsAtMs: 0, plan, adaptations: {}, keySource: 'environment' };
}
