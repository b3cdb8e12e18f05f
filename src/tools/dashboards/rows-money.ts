import { type BoardRow, graph } from './board.ts';

/** Tokens, and what they cost. */
export const MONEY: BoardRow = {
  title: 'Tokens and dollars',
  collapsed: false,
  panels: [
    graph({
      title: 'Tokens in, out and cached',
      note: 'As the server reports them, all models together. Cached ones are part of the input, reasoning part of the output.',
      unit: 'suffix: tok/s',
      queries: [
        { take: 'per-second', metric: 'ai_input_tokens', legend: 'input' },
        { take: 'per-second', metric: 'ai_cached_tokens', legend: 'cached input' },
        { take: 'per-second', metric: 'ai_output_tokens', legend: 'output' },
        { take: 'per-second', metric: 'ai_reasoning_tokens', legend: 'reasoning' },
      ],
    }),
    graph({
      title: 'Output tokens/s by model',
      note: 'What the server delivers in all.',
      unit: 'suffix: tok/s',
      shape: 'stacked-areas',
      queries: [{ take: 'per-second', metric: 'ai_output_tokens', by: 'model', legend: '' }],
    }),
    graph({
      title: 'Dollars per minute by model',
      note: '',
      unit: 'currencyUSD',
      shape: 'stacked-areas',
      queries: [{ take: 'per-minute', metric: 'ai_cost_dollars', by: 'model', legend: '' }],
    }),
    graph({
      title: 'Dollars so far',
      note: 'Ours from usage and prices; the relay’s own figure beside it where it reports one.',
      unit: 'currencyUSD',
      calcs: ['lastNotNull'],
      queries: [
        { take: 'running-total', metric: 'ai_cost_dollars', legend: 'from usage and prices' },
        { take: 'running-total', metric: 'ai_reported_cost_dollars', legend: 'reported by the relay' },
      ],
    }),
  ],
};
