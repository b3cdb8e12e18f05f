import { type BoardRow, stat } from './board.ts';

/** The answer in one line: did it hold, and what did it cost. Limits are those of the default profile. */
export const VERDICT: BoardRow = {
  title: 'Verdict',
  collapsed: false,
  panels: [
    stat({
      title: 'Latency p95',
      note: 'Red from 5 s, the limit of the default profile.',
      unit: 'ms',
      decimals: 0,
      limits: { good: 'low', warnAt: 4000, badAt: 5000 },
      figure: { take: 'percentile', metric: 'ai_latency_ms', percent: 95 },
    }),
    stat({
      title: 'TTFT p95',
      note: 'Red from 3 s, the limit of the streaming profile. Empty unless events are seen arriving.',
      unit: 'ms',
      decimals: 0,
      limits: { good: 'low', warnAt: 2000, badAt: 3000 },
      figure: { take: 'percentile', metric: 'ai_ttft_ms', percent: 95 },
    }),
    stat({
      title: 'Errors',
      note: 'Red from 5 %, the limit of the default profile.',
      unit: 'percentunit',
      decimals: 2,
      limits: { good: 'low', warnAt: 0.01, badAt: 0.05 },
      figure: {
        take: 'share',
        metric: 'error_rate',
        counters: { of: 'ai_errors', per: 'ai_requests_finished' },
      },
    }),
    stat({
      title: 'Goodput',
      note: 'Share of requests that were good by LLM_SLO.',
      unit: 'percentunit',
      decimals: 1,
      limits: { good: 'high', warnBelow: 0.99, badBelow: 0.95 },
      figure: { take: 'share', metric: 'ai_goodput' },
    }),
    stat({
      title: 'Output tokens/s',
      note: 'Mean over the intervals with traffic, all models together.',
      unit: 'suffix: tok/s',
      decimals: 1,
      figure: { take: 'mean-per-second', metric: 'ai_output_tokens' },
    }),
    stat({
      title: 'Requests',
      note: 'Over the time range.',
      unit: 'short',
      figure: { take: 'total', metric: 'ai_requests_finished' },
    }),
    stat({
      title: 'Dollars so far',
      note: 'Over the time range, warm-up and failed answers with usage included.',
      unit: 'currencyUSD',
      decimals: 4,
      figure: { take: 'total', metric: 'ai_cost_dollars' },
    }),
    stat({
      title: 'Dollars per 1,000 requests',
      note: 'Dollars over finished requests.',
      unit: 'currencyUSD',
      decimals: 3,
      figure: { take: 'quotient', metric: 'ai_cost_dollars', per: 'ai_requests_finished', factor: 1000 },
    }),
  ],
};
