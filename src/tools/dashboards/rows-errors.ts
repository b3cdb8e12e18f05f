import { type BoardRow, graph } from './board.ts';

/** What failed, and what was refused for rate. */
export const ERRORS: BoardRow = {
  title: 'Errors and rate limits',
  collapsed: false,
  panels: [
    graph({
      title: 'Errors by kind',
      note: 'The kinds are listed in docs/metrics.md.',
      unit: 'suffix: /s',
      shape: 'stacked-bars',
      queries: [{ take: 'per-second', metric: 'ai_errors', by: 'kind', legend: '' }],
    }),
    graph({
      title: 'Share of errors by model',
      note: 'Of requests finished in each interval.',
      unit: 'percentunit',
      queries: [
        {
          take: 'share',
          metric: 'error_rate',
          counters: { of: 'ai_errors', per: 'ai_requests_finished' },
          by: 'model',
          legend: '',
        },
      ],
    }),
    graph({
      title: 'Refused for rate (429), retries, given up',
      note: 'Answers that refused for rate, attempts that repeated a failed one, and streams whose users left (LLM_ABORT).',
      unit: 'suffix: /s',
      queries: [
        { take: 'per-second', metric: 'ai_rate_limited', by: 'model', legend: '429' },
        { take: 'per-second', metric: 'ai_retries', by: 'model', legend: 'retries' },
        { take: 'per-second', metric: 'ai_aborted', by: 'model', legend: 'given up' },
      ],
      width: 8,
    }),
    graph({
      title: 'Time spent throttled',
      note: '1,000 ms/s is one user waiting all the time.',
      unit: 'suffix: ms/s',
      shape: 'stacked-areas',
      queries: [{ take: 'per-second', metric: 'ai_throttled_ms', by: 'model', legend: '' }],
      width: 8,
    }),
    graph({
      title: 'Waits asked for by the server',
      note: 'From Retry-After and its kin.',
      unit: 'ms',
      queries: [
        { take: 'percentile', metric: 'ai_retry_after_ms', percent: 50, legend: 'p50' },
        { take: 'percentile', metric: 'ai_retry_after_ms', percent: 95, legend: 'p95' },
      ],
      width: 8,
    }),
    graph({
      title: 'Goodput by model',
      note: 'Share of requests that were good by LLM_SLO.',
      unit: 'percentunit',
      queries: [{ take: 'share', metric: 'ai_goodput', by: 'model', legend: '' }],
      width: 8,
    }),
    graph({
      title: 'HTTP answers by status',
      note: "k6's own count of HTTP requests, preflight included; status 0 is no answer.",
      unit: 'reqps',
      shape: 'stacked-bars',
      queries: [{ take: 'per-second', metric: 'http_reqs', by: 'status', legend: '' }],
      width: 8,
    }),
    graph({
      title: 'Checks',
      note: 'Share of checks that held, by check.',
      unit: 'percentunit',
      queries: [{ take: 'share', metric: 'checks', by: 'check', legend: '' }],
      width: 8,
    }),
  ],
};
