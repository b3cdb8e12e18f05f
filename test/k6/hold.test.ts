import { expect, test } from 'vitest';
import { startBundle } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';

const ENV = { LLM_MIX: 'm', LLM_PREFLIGHT: '0', LLM_HOLD: '2s', LLM_EXPECTED_LATENCY: '200ms' };

test.each([
  ['baseline, whose own load is users', 'baseline', { LLM_RATE: '15' }, 30],
  ['breakpoint, whose own load is steps', 'breakpoint', { LLM_RATE: '15' }, 30],
  ['a drawn schedule', 'spike', { LLM_RATE: '15', LLM_ARRIVALS: 'poisson' }, 30],
])('LLM_HOLD makes one constant load of %s', async (_title, scenario, env, requests) => {
  const mock = await openMock();
  const { ended } = await startBundle(scenario, { ...ENV, ...env, LLM_BASE_URL: mock.url });
  const { summary, output } = await ended;
  expect(summary, output).toMatchObject({
    steps: null,
    recovery: null,
    load: { model: 'open', peakRatePerSec: 15 },
  });
  const { requestsFinished = 0 } = summary?.totals ?? {};
  expect(requestsFinished).toBeGreaterThanOrEqual(requests * 0.5);
  expect(requestsFinished).toBeLessThanOrEqual(requests * 1.5);
});

test('LLM_HOLD holds so many users', async () => {
  const mock = await openMock();
  const { ended } = await startBundle('spike', {
    ...ENV,
    LLM_VUS: '3',
    LLM_THINK_TIME: '0s',
    LLM_BASE_URL: mock.url,
  });
  const { summary, output } = await ended;
  expect(summary, output).toMatchObject({ load: { model: 'closed' }, recovery: null });
  expect(summary?.metrics['vus_max']?.['value']).toBe(3);
});

test.each([
  ['neither', {}],
  ['both', { LLM_RATE: '5', LLM_VUS: '5' }],
])('LLM_HOLD with %s of LLM_RATE and LLM_VUS stops before anything is sent', async (_title, env) => {
  const mock = await openMock();
  const { ended } = await startBundle('baseline', { ...ENV, ...env, LLM_BASE_URL: mock.url });
  const { code, output } = await ended;
  expect(code, output).toBe(107);
  expect(output).toContain('LLM_HOLD: got ');
  expect(mock.truth().requests.started).toBe(0);
});
