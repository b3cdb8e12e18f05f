import { SPENT_METRIC, STOP_REASONS, type StopReason, STOPS_METRIC } from '../metrics/metric-list.ts';
import { submetric } from '../metrics/submetrics.ts';
import { formatUsd } from '../text/format.ts';
import { countOf, type K6Data } from './k6-data.ts';
import type { SetupRecord } from './setup-record.ts';

/** Why a run ended itself, or never began; null when it did neither. */
export function stopReasonOf(k6: K6Data, setup: SetupRecord | null, budgetUsd: number | null): string | null {
  if (typeof setup?.stopped === 'string') return setup.stopped;
  const spentUsd = countOf(k6, SPENT_METRIC);
  const reason = STOP_REASONS.find((name) => countOf(k6, submetric(STOPS_METRIC, { reason: name })) > 0);
  if (reason !== undefined) return sentenceOf(reason, spentUsd, budgetUsd);
  return budgetUsd !== null && spentUsd > budgetUsd
    ? `LLM_BUDGET_USD: the run ended because it passed its budget of ${formatUsd(budgetUsd)}`
    : null;
}

function sentenceOf(reason: StopReason, spentUsd: number, budgetUsd: number | null): string {
  switch (reason) {
    case 'budget':
      return `LLM_BUDGET_USD: the run ended on its budget: ${formatUsd(spentUsd)} of ${formatUsd(budgetUsd)} were spent, and the next request might have passed it, so it was not sent`;
    case 'auth':
      return 'the run ended because the key was refused again and again';
    case 'quota':
      return 'the run ended because the account has no quota left';
    case 'setup':
      return 'setup refused to begin the run, and said why in the output of k6';
    case 'meter':
      return 'the run ended because its stream meter gave no answer any more';
  }
}
