import { describe, expect, test, vi } from 'vitest';
import { runBundle, startBundle } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';

const INTERRUPTED = 105;

describe('a run that is interrupted', () => {
  test('says how many requests it cut short: every one started is finished or cut', async () => {
    const mock = await openMock({ timing: { ttft: '60000', tpot: '0', tokens: '1' } });
    const { k6, ended } = await startBundle('soak', {
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'm',
      LLM_PREFLIGHT: '0',
      LLM_RATE: '20',
      LLM_EXPECTED_LATENCY: '2s',
      LLM_TIMEOUT: '100s',
    });
    await vi.waitUntil(() => mock.truth().requests.inFlight >= 7, { timeout: 20_000, interval: 20 });
    k6.child.kill('SIGINT');
    const { code, output, summary } = await ended;
    expect(code).toBe(INTERRUPTED);
    const { totals, notes, slo } = summary!;
    expect(totals.requestsStarted).toBe(mock.truth().requests.started);
    expect(totals.cutShort).toBe(totals.requestsStarted - totals.requestsFinished);
    // k6 lets go of an open request at once: it ends as a failure or not at all, and never as a success.
    expect(totals.requestsStarted).toBeGreaterThanOrEqual(7);
    expect(totals.succeeded).toBe(0);
    expect(slo.state).not.toBe('pass');
    if (totals.cutShort > 0) expect(notes.join()).toContain(`${totals.cutShort} requests were cut short`);
    expect(output).toMatch(/cut short +\d/);
  });
});

describe('a spike', () => {
  const SPIKE = {
    LLM_MIX: 'm',
    LLM_PREFLIGHT: '0',
    LLM_RATE: '50',
    LLM_TIMEOUT: '10s',
    LLM_EXPECTED_LATENCY: '2s',
    // 5.4 s before, 17 s of spike, 10.8 s after: two windows, as short as they get.
    LLM_TIME_SCALE: '0.09',
  };

  test('that the server takes is over at once; one that fills its queue is not over in time', async () => {
    const [strong, weak] = [
      await openMock({ timing: { ttft: '20', tpot: '0', tokens: '1' } }),
      // 10.3/s and a queue of ten: just enough for the 10/s before and after, and hardly anything drains.
      await openMock({ timing: { ttft: '97', tpot: '0', tokens: '1' }, slots: 1, queue: 10 }),
    ];
    const [recovered, full] = await Promise.all(
      [strong, weak].map((mock) => runBundle('spike', { ...SPIKE, LLM_BASE_URL: mock.url })),
    );
    expect(recovered?.code).toBe(0);
    expect(recovered?.summary?.recovery).toEqual({ ttftMs: null, latencyMs: 0 });
    expect(full?.code).toBe(99);
    expect(full?.summary?.recovery).toEqual({ ttftMs: null, latencyMs: null });
    const { metrics, totals } = recovered!.summary!;
    const windows = ['before', 'spike', 'after-00', 'after-10'];
    const counts = windows.map((window) => metrics[`ai_latency_ms{window:${window}}`]?.['count'] ?? 0);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(totals.succeeded);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(5);
    expect(counts[1]).toBeGreaterThan(10 * (counts[0] ?? 0));
  }, 60_000);
});
