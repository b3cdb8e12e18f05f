import { expect, test } from 'vitest';
import { runBundle } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';

const settings = (url: string): Record<string, string> => ({
  LLM_PROVIDER: 'mock',
  LLM_BASE_URL: url,
  LLM_MIX: 'm',
});

test('the load waits for LLM_START_AT', async () => {
  const mock = await openMock();
  // Far enough for k6 to be ready on a busy machine; told as late otherwise, which the next test is about.
  const startAtMs = Date.now() + 15_000;
  const { code, summary } = await runBundle('smoke', {
    ...settings(mock.url),
    LLM_START_AT: new Date(startAtMs).toISOString(),
  });
  expect(code).toBe(0);
  expect(Date.parse(summary?.startedAt ?? '')).toBeGreaterThanOrEqual(startAtMs - 1);
  expect(summary?.notes.join()).not.toContain('LLM_START_AT');
});

test('a part that is ready too late begins, and says so', async () => {
  const mock = await openMock();
  const { code, summary } = await runBundle('smoke', {
    ...settings(mock.url),
    LLM_START_AT: '2026-01-01T00:00:00Z',
  });
  expect(code).toBe(0);
  expect(summary?.notes.join()).toMatch(/ready .* after LLM_START_AT, so it began late/);
});

test('a moment that k6 cannot wait for stops the run before the load', async () => {
  const mock = await openMock();
  const { code, output } = await runBundle('smoke', {
    ...settings(mock.url),
    LLM_START_AT: new Date(Date.now() + 86_400_000).toISOString(),
  });
  expect(code).not.toBe(0);
  expect(output).toMatch(/LLM_START_AT is .* away/);
});
