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

test('the row of all models is no model of the name all', () => {
  const dimensions = { ...madeContext().dimensions, models: ['all', 'b'] };
  const summary = buildSummary(madeData(), { ...madeContext(), dimensions });
  const names = renderText(summary, { enableColors: false })
    .split('\n')
    .map((line) => line.slice(2, 19).trim());
  expect(names.filter((name) => name === 'all')).toHaveLength(1);
  expect(names).toContain('(all models)');
});
