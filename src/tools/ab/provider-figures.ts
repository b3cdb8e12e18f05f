import { quantile, sortSamples } from '../../lib/numbers/quantiles.ts';
import { mean, sum } from '../../lib/numbers/mean.ts';
import type { PairReply } from './read-pairs.ts';

/** What one provider did, in the pairs that are compared. What is not known is null. */
export type ProviderFigures = {
  requests: number;
  succeeded: number;
  latencyP50Ms: number | null;
  latencyP95Ms: number | null;
  ttftP50Ms: number | null;
  ttftP95Ms: number | null;
  tpotP50Ms: number | null;
  successRatio: number | null;
  goodRatio: number | null;
  usdPer1kRequests: number | null;
  usdPerGoodRequest: number | null;
};

/** Percentiles are of successes; dollars of those replies of which they are known. */
export function providerFigures(replies: readonly PairReply[]): ProviderFigures {
  const at = (field: 'latencyMs' | 'ttftMs' | 'tpotMs', q: number): number | null =>
    quantile(sortSamples(replies.map((reply) => reply[field]).filter((ms) => ms !== null)), q);
  const priced = replies.filter(({ costUsd }) => costUsd !== null);
  const usd = sum(priced.map(({ costUsd }) => costUsd ?? 0));
  const goodPriced = priced.filter(isGood).length;
  const succeeded = replies.filter(({ ok }) => ok).length;
  return {
    requests: replies.length,
    succeeded,
    latencyP50Ms: at('latencyMs', 0.5),
    latencyP95Ms: at('latencyMs', 0.95),
    ttftP50Ms: at('ttftMs', 0.5),
    ttftP95Ms: at('ttftMs', 0.95),
    tpotP50Ms: at('tpotMs', 0.5),
    successRatio: mean(replies.map(({ ok }) => (ok ? 1 : 0))),
    goodRatio: mean(replies.map((reply) => (isGood(reply) ? 1 : 0))),
    usdPer1kRequests: priced.length === 0 ? null : (usd / priced.length) * 1000,
    usdPerGoodRequest: goodPriced === 0 ? null : usd / goodPriced,
  };
}

export function isGood({ good, ok }: PairReply): boolean {
  return good ?? ok;
}
