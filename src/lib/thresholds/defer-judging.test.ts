import { expect, test } from 'vitest';
import { deferJudging } from './defer-judging.ts';

test('a part judges nothing but what ends the load, and keeps every metric apart', () => {
  const stop = { threshold: 'rate<0.5', abortOnFail: true };
  const { thresholds, deferred, percentiles } = deferJudging({
    ai_latency_ms: ['p(95)<5000', 'p(97.5)<6000', 'max>0'],
    error_rate: ['rate<0.05', stop],
    'ai_ttft_ms{step:01}': [{ threshold: 'p(95)<9', abortOnFail: false }],
  });
  expect(thresholds).toEqual({ ai_latency_ms: [], error_rate: [stop], 'ai_ttft_ms{step:01}': [] });
  expect(deferred).toEqual([
    { metric: 'ai_latency_ms', expression: 'p(95)<5000' },
    { metric: 'ai_latency_ms', expression: 'p(97.5)<6000' },
    { metric: 'ai_latency_ms', expression: 'max>0' },
    { metric: 'error_rate', expression: 'rate<0.05' },
    { metric: 'ai_ttft_ms{step:01}', expression: 'p(95)<9' },
  ]);
  expect(percentiles).toEqual(['p(95)', 'p(97.5)']);
});
