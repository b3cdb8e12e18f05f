import type { Forecast } from './forecast.ts';
import { formatCount, formatMs, formatUsd } from '../text/format.ts';

/** A forecast in a few lines, for setup to print. Its dollars hold those of preflight. */
export function renderForecast(forecast: Forecast): string[] {
  const { figures, leastCostUsd, unpricedModels, latency, preflight } = forecast;
  const { requests, inputTokens, outputTokens } = figures;
  const costUsd = plus(figures.costUsd, preflight.likelyUsd);
  const worstCostUsd = plus(forecast.worstCostUsd, preflight.mostUsd);
  const lines = [
    `about ${formatCount(requests)} requests, ${formatCount(inputTokens)} tokens in, ${formatCount(outputTokens)} out` +
      latencyWords(forecast),
  ];
  if (costUsd !== null) {
    lines.push(
      latency !== null && !latency.measured
        ? `about ${formatUsd(costUsd)}, and ${formatUsd(worstCostUsd)} if every answer is as long as its limit`
        : `about ${formatUsd(costUsd)}; ${formatUsd(leastCostUsd)} with short answers and cached prompts, ${formatUsd(worstCostUsd)} if every answer is as long as its limit`,
    );
  }
  if (unpricedModels.length > 0) {
    const rest = costUsd === null ? '' : ' (not in these dollars)';
    lines.push(`no price for ${unpricedModels.join(', ')}${rest}: name one in LLM_PRICES`);
  }
  return lines;
}

function plus(amountUsd: number | null, moreUsd: number): number | null {
  return amountUsd === null ? null : amountUsd + moreUsd;
}

/** What the number of requests hangs on. */
function latencyWords({ latency, leastRequests, mostRequests }: Forecast): string {
  if (latency === null) return '';
  if (!latency.measured) return ' (if answers take LLM_EXPECTED_LATENCY)';
  return ` (${formatCount(leastRequests)} to ${formatCount(mostRequests)} requests, if answers take ${formatMs(latency.leastMs)} to ${formatMs(latency.mostMs)} ms, as preflight's make likely)`;
}

/** What a budget says to a forecast. */
export type BudgetVerdict =
  | { kind: 'within' }
  | { kind: 'over'; message: string }
  | { kind: 'unknown'; message: string };

/**
 * Holds a forecast against `LLM_BUDGET_USD`. It is over when the expected dollars, preflight's among them, are; unknown when some model has
 * no price and the others are within, since nobody knows what it will cost.
 */
export function judgeBudget(
  { figures, unpricedModels, preflight }: Pick<Forecast, 'figures' | 'unpricedModels' | 'preflight'>,
  budgetUsd: number,
): BudgetVerdict {
  const costUsd = plus(figures.costUsd, preflight.likelyUsd);
  if ((costUsd ?? 0) > budgetUsd) {
    return {
      kind: 'over',
      message: `the forecast of ${formatUsd(costUsd)} is over the budget of ${formatUsd(budgetUsd)}`,
    };
  }
  if (unpricedModels.length === 0) return { kind: 'within' };
  const names = unpricedModels.join(', ');
  return {
    kind: 'unknown',
    message: `${names} has no price, so the budget cannot be held: name it in LLM_PRICES`,
  };
}
