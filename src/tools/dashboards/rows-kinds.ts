import { type BoardRow, graph } from './board.ts';

/** Kinds of requests side by side. A run of one kind has no such tag: its one line has no name. */
export const KINDS_ROW: BoardRow = {
  title: 'Kinds of requests',
  collapsed: false,
  panels: [
    graph({
      title: 'Requests/s by kind',
      note: 'Attempts finished. A run of one kind tells none apart.',
      unit: 'reqps',
      shape: 'stacked-areas',
      queries: [{ take: 'per-second', metric: 'ai_requests_finished', by: 'kind', legend: '' }],
      width: 8,
    }),
    graph({
      title: 'Latency by kind',
      note: 'p50 dotted, p95 solid. Answers of embeddings and rerank have no first token: their latency is all there is.',
      unit: 'ms',
      queries: [
        { take: 'percentile', metric: 'ai_latency_ms', percent: 50, by: 'kind', legend: 'p50' },
        { take: 'percentile', metric: 'ai_latency_ms', percent: 95, by: 'kind', legend: 'p95' },
      ],
      width: 8,
    }),
    graph({
      title: 'Errors/s by kind of request',
      note: 'Requests that failed, whatever the reason.',
      unit: 'suffix: /s',
      shape: 'stacked-bars',
      queries: [{ take: 'per-second', metric: 'ai_errors', by: 'request_kind', legend: '' }],
      width: 8,
    }),
    graph({
      title: 'Input tokens/s by kind',
      note: 'What the server reads in all.',
      unit: 'suffix: tok/s',
      shape: 'stacked-areas',
      queries: [{ take: 'per-second', metric: 'ai_input_tokens', by: 'kind', legend: '' }],
    }),
    graph({
      title: 'Dollars per minute by kind',
      note: 'Of embeddings and rerank for their input alone.',
      unit: 'currencyUSD',
      shape: 'stacked-areas',
      queries: [{ take: 'per-minute', metric: 'ai_cost_dollars', by: 'kind', legend: '' }],
    }),
  ],
};
