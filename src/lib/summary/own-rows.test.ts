import { expect, test } from 'vitest';
import { ownRows } from './own-rows.ts';

const TREND = { count: 4, avg: 1.2345, min: 0, med: 1, max: 3, 'p(90)': 2, 'p(95)': 2.5, 'p(99)': 3 };

test('steps by name come first, then metrics of one’s own by their type', () => {
  expect(
    ownRows({
      metrics: {
        ai_latency_ms: TREND,
        'ai_latency_ms{model:a}': TREND,
        http_req_duration: TREND,
        'http_req_duration{name:llm}': TREND,
        iterations: { count: 3, rate: 1 },
        data_sent: { count: 3, rate: 1 },
        group_duration: TREND,
        rag_answer_ms: TREND,
        'rag_answer_ms{part:a}': { ...TREND, count: 1 },
        documents: { count: 12, rate: 3 },
        cited: { rate: 0.75, passes: 3, fails: 1 },
        level: { value: 7, min: 1, max: 9 },
        ai_step_ms: TREND,
        'ai_step_ms{name:login}': { ...TREND, count: 0 },
        'ai_step_ms{name:retrieve}': TREND,
      },
    }),
  ).toEqual([
    ['step retrieve, ms', '4', '1.23', '1', '2.5', '3'],
    ['rag_answer_ms', '4', '1.23', '1', '2.5', '3'],
    ['rag_answer_ms{part:a}', '1', '1.23', '1', '2.5', '3'],
    ['documents', 'n/a', '12', 'n/a', 'n/a', 'n/a'],
    ['cited', '4', '0.75', 'n/a', 'n/a', 'n/a'],
    ['level', 'n/a', '7', 'n/a', 'n/a', 'n/a'],
  ]);
});
