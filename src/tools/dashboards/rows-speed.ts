import { type BoardRow, graph } from './board.ts';
import type { Query, Trend } from './query.ts';

/** p50, p95 and p99 of a Trend, a line of each for every model. */
function percentilesByModel(metric: Trend, percents: readonly (50 | 95 | 99)[] = [50, 95, 99]): Query[] {
  return percents.map((percent) => ({
    take: 'percentile',
    metric,
    percent,
    by: 'model',
    legend: `p${percent}`,
  }));
}

/** What a user feels: the wait, the first token, the pace. */
export const SPEED: BoardRow = {
  title: 'Latency and streaming',
  collapsed: false,
  panels: [
    graph({
      title: 'Latency by model',
      note: 'p50 dotted, p95 solid, p99 dashed.',
      unit: 'ms',
      queries: percentilesByModel('ai_latency_ms'),
    }),
    graph({
      title: 'Time to first token by model',
      note: 'p50 dotted, p95 solid, p99 dashed. Needs the sse or meter transport.',
      unit: 'ms',
      queries: percentilesByModel('ai_ttft_ms'),
    }),
    graph({
      title: 'Time per output token by model',
      note: 'Needs the sse or meter transport.',
      unit: 'ms',
      queries: percentilesByModel('ai_tpot_ms', [50, 95]),
      width: 8,
    }),
    graph({
      title: 'Longest freeze within a stream',
      note: 'Needs the sse or meter transport.',
      unit: 'ms',
      queries: percentilesByModel('ai_stall_ms', [50, 95]),
      width: 8,
    }),
    graph({
      title: 'Tokens/s of one request by model',
      note: 'What one user gets, not what the server delivers in all.',
      unit: 'suffix: tok/s',
      queries: percentilesByModel('token_throughput_per_sec', [50]),
      width: 8,
    }),
    graph({
      title: 'First answer text',
      note: 'Differs from the time to first token for models that reason first. Needs sse or meter.',
      unit: 'ms',
      queries: percentilesByModel('ai_ttfo_ms', [50, 95]),
    }),
    graph({
      title: 'First byte',
      note: 'Seen by every transport; a lower bound of the time to first token.',
      unit: 'ms',
      queries: percentilesByModel('ai_ttfb_ms', [50, 95]),
    }),
    graph({
      title: 'Input tokens/s of one request by model',
      note: 'Of kinds without text of their own: embeddings, rerank.',
      unit: 'suffix: tok/s',
      queries: percentilesByModel('ai_input_tokens_per_sec', [50]),
      width: 8,
    }),
    graph({
      title: 'Inputs embedded or ranked',
      note: 'Texts and documents of embeddings and rerank, by model.',
      unit: 'suffix: /s',
      queries: [{ take: 'per-second', metric: 'ai_inputs', by: 'model', legend: '' }],
      width: 8,
    }),
    graph({
      title: 'Steps of a scenario of one’s own',
      note: 'Other calls around the model (`user.step`), by name: p95.',
      unit: 'ms',
      queries: [{ take: 'percentile', metric: 'ai_step_ms', percent: 95, by: 'name', legend: '' }],
      width: 8,
    }),
  ],
};
