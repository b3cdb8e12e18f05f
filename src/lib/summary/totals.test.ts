import { expect, test } from 'vitest';
import { buildSummary } from './build-summary.ts';
import { madeContext, madeCounter, madeData } from './made-data.ts';
import { renderText } from './render/render-text.ts';

const rate = (passes: number): object => ({ type: 'rate', values: { rate: 1, passes, fails: 0 } });

test('dollars of the warm-up are in no price of a good request, whole or by model', () => {
  const dimensions = { ...madeContext().dimensions, models: ['a', 'b'] };
  const metrics = {
    ai_cost_dollars: madeCounter(10),
    'ai_cost_dollars{phase:warmup}': madeCounter(6),
    'ai_cost_dollars{model:a}': madeCounter(7),
    'ai_cost_dollars{model:a,phase:warmup}': madeCounter(5),
    'ai_cost_dollars{model:b}': madeCounter(3),
    ai_goodput: rate(4),
    'ai_goodput{model:a}': rate(2),
    'ai_goodput{model:b}': rate(2),
  };
  const { totals, models } = buildSummary({ ...madeData(), metrics }, { ...madeContext(), dimensions });
  expect(totals).toMatchObject({ costUsd: 10, costUsdPerGoodRequest: 1, warmup: { costUsd: 6 } });
  expect(models['a']).toMatchObject({ costUsd: 7, costUsdPerGoodRequest: 1, warmup: { costUsd: 5 } });
  expect(models['b']).toMatchObject({ costUsd: 3, costUsdPerGoodRequest: 1.5, warmup: { costUsd: null } });
});

test('dollars are 0 where what was answered has a price, and unknown where none of it has', () => {
  const usd = (counts: Record<string, number>): number | null => {
    const metrics = Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, madeCounter(n)]));
    return buildSummary({ ...madeData(), metrics }, madeContext()).totals.costUsd;
  };
  expect(usd({ ai_requests_succeeded: 4 })).toBe(0);
  expect(usd({ ai_requests_succeeded: 4, ai_unpriced: 3 })).toBe(0);
  expect(usd({ ai_requests_succeeded: 4, ai_unpriced: 4 })).toBeNull();
  expect(usd({ ai_requests_succeeded: 4, ai_usage_missing: 4 })).toBeNull();
  expect(usd({ ai_requests_succeeded: 4, ai_unpriced: 2, ai_usage_missing: 2 })).toBeNull();
  expect(usd({})).toBeNull();
});

test('a Rate without samples is unknown; one of misses or hits alone is not', () => {
  const of = (passes: number, fails: number): number | null => {
    const metrics = { error_rate: { type: 'rate', values: { rate: passes, passes, fails } } };
    return buildSummary({ ...madeData(), metrics }, madeContext()).totals.errorRatio;
  };
  expect([of(0, 0), of(0, 5), of(1, 0)]).toEqual([null, 0, 1]);
});

test('nothing is told by the second of a load that had no time', () => {
  const record = { ...madeData().setup_data.record, loadStartsAtMs: 5000 };
  const { totals } = buildSummary({ ...madeData(), setup_data: { record } }, madeContext());
  expect(totals).toMatchObject({ requestsFinished: 9, requestsPerSec: null, outputTokensPerSec: null });
  expect(buildSummary({ metrics: madeData().metrics }, madeContext()).totals.requestsPerSec).toBeNull();
});

test('errors of one kind of request are told apart from those of another', () => {
  const dimensions = { ...madeContext().dimensions, kinds: ['chat', 'embeddings'] };
  const metrics = {
    'ai_errors{request_kind:chat,kind:server}': madeCounter(2),
    'ai_errors{kind:server}': madeCounter(3),
  };
  const { totals, kinds } = buildSummary({ ...madeData(), metrics }, { ...madeContext(), dimensions });
  expect([totals.errors, kinds['chat']?.errors, kinds['embeddings']?.errors]).toEqual([
    { server: 3 },
    { server: 2 },
    {},
  ]);
});

test('the row of all models is no model of the name all', () => {
  const dimensions = { ...madeContext().dimensions, models: ['all', 'b'] };
  const summary = buildSummary(madeData(), { ...madeContext(), dimensions });
  const names = renderText(summary, { enableColors: false })
    .split('\n')
    .map((line) => line.slice(2, 19).trim());
  expect(names.filter((name) => name === 'all')).toHaveLength(1);
  expect(names).toContain('(all models)');
});
