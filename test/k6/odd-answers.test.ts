import { describe, expect, test } from 'vitest';
import { runBundle, scriptErrors } from '../support/bundle-run.ts';
import { openOddServer } from '../support/servers/odd-server.ts';

const QUICK = {
  LLM_THINK_TIME: '0s',
  LLM_TIMEOUT: '10s',
  LLM_MAX_TOKENS: '16',
  LLM_PREFLIGHT: '0',
  LLM_MIX: 'm',
};

describe('no answer of a server breaks an iteration, and each request is counted once', () => {
  test.each([
    ['asked for whole', { LLM_STREAM: '0' }, 3],
    ['asked for as a stream', { LLM_STREAM: '1', LLM_THRESHOLDS: 'ci' }, 4],
    ['asked for again, in conversations', { LLM_TURNS: '3', LLM_SHARED_PREFIX_TOKENS: '9' }, 5],
  ])('%s', async (_name, env, seed) => {
    const server = await openOddServer(seed);
    const { code, output, summary } = await runBundle('baseline', {
      ...QUICK,
      ...env,
      LLM_VUS: '6',
      LLM_TIME_SCALE: '0.005',
      LLM_BASE_URL: server.url,
    });
    expect(scriptErrors(output)).toEqual([]);
    expect(code).toBe(99);
    const { totals, metrics } = summary!;
    expect(totals.requestsFinished).toBeGreaterThan(20);
    expect(totals.requestsStarted).toBe(totals.requestsFinished);
    expect(totals.requestsFinished).toBe(server.requests());
    expect(totals.succeeded).toBeGreaterThan(0);
    const failed = Object.values(totals.errors).reduce((sum, count) => sum + count, 0);
    expect(totals.succeeded + failed).toBe(totals.requestsFinished);
    expect(metrics['ai_latency_ms']?.['count']).toBe(totals.succeeded);
    expect(totals.samplesRejected).toBe(0);
    for (const [name, values] of Object.entries(metrics)) {
      for (const [stat, value] of Object.entries(values)) {
        if (value !== null) expect(value, `${name} ${stat}`).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
