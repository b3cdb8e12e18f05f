import { describe, expect, test } from 'vitest';
import { runBundle } from '../support/bundle-run.ts';
import { openMeter } from '../support/meter.ts';
import { openMock } from '../support/mock.ts';

const REQUESTS = 40;

/** Streams of 300 tokens, 5 ms apart, of which some are given up: long before their end, however busy the machine. */
async function runWith(rule: string, more: Record<string, string> = {}) {
  const mock = await openMock({ timing: { ttft: '10', tpot: '5', tokens: '300' } });
  const meter = await openMeter(mock.url);
  const run = await runBundle(
    'smoke',
    {
      LLM_BASE_URL: mock.url,
      LLM_PROVIDER: 'mock',
      LLM_METER_URL: meter.url,
      LLM_STREAM: '1',
      LLM_MIX: 'gpt-4.1',
      LLM_PREFLIGHT: '0',
      LLM_ABORT: rule,
      ...more,
    },
    ['--iterations', String(REQUESTS), '--vus', '20'],
  );
  return {
    ...run,
    summary: run.summary!,
    truth: mock.truth(),
    meter: meter.figures() as Record<string, unknown>,
  };
}

describe('users who leave', () => {
  test.each([
    ['after:10tokens@25%', 10],
    ['after:80ms@25%', 10],
  ])('%s: counted by themselves, in no error rate and in no latency', async (rule, expected) => {
    const { summary, truth, meter, code, output } = await runWith(rule);
    expect(code, output).toBe(0);
    const { totals, metrics, models } = summary;
    // By low discrepancy, so the share is kept to a request or two.
    expect(Math.abs(totals.aborted - expected)).toBeLessThanOrEqual(2);
    expect(totals).toMatchObject({
      requestsFinished: REQUESTS,
      succeeded: REQUESTS - totals.aborted,
      failed: 0,
      errors: {},
      errorRatio: 0,
      // What was written before is billed, and nobody told how much.
      usageMissing: totals.aborted,
    });
    expect(models['gpt-4.1']!.latencyMs.count).toBe(totals.succeeded);
    expect(metrics['http_req_failed']?.['rate']).toBe(0);
    expect(metrics['checks']?.['fails']).toBe(0);
    expect(truth.requests).toMatchObject({ aborted: totals.aborted, answered: totals.succeeded });
    expect(meter).toMatchObject({ left: totals.aborted, succeeded: totals.succeeded });
    const written = (truth.requestRecords ?? []).flatMap(({ end, tokensWritten }) =>
      end === 'aborted' ? [tokensWritten] : [],
    );
    expect(Math.min(...written)).toBeLessThan(300);
    expect(output).toContain('given up by users');
    expect(summary.notes.join()).toContain('streams were given up by their users (LLM_ABORT)');
  });

  test('tokens that Anthropic tells before any was written are not taken for all that were', async () => {
    const { summary, truth } = await runWith('after:10tokens@25%', { LLM_KIND: 'messages' });
    const { totals } = summary;
    expect(totals.aborted).toBeGreaterThan(0);
    expect(totals).toMatchObject({
      usageMissing: totals.aborted,
      inputTokens: truth.totals.inputTokens,
      outputTokens: 300 * totals.succeeded,
    });
  });

  test('are as many for the same seed', async () => {
    const left = async (seed: string): Promise<number[]> => {
      const { truth } = await runWith('after:5tokens@30%', { LLM_SEED: seed, LLM_VUS: '1' });
      return (truth.requestRecords ?? []).flatMap(({ end }, at) => (end === 'aborted' ? [at] : []));
    };
    const first = await left('1');
    expect(await left('1')).toHaveLength(first.length);
    expect(first.length).toBeGreaterThan(8);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ["over k6's own HTTP", { LLM_STREAM: '1' }, /LLM_ABORT: .*meter or sse.*LLM_TRANSPORT=meter/],
    [
      'of blocking answers',
      { LLM_STREAM: '0', LLM_METER_URL: 'http://127.0.0.1:9' },
      /LLM_ABORT: .*LLM_STREAM=1/,
    ],
    ['by another rule', { LLM_STREAM: '1', LLM_ABORT: '10%' }, /LLM_ABORT: got .*10%.*after:2s@10%/],
  ])('%s: refused before any request', async (_, env, message) => {
    const mock = await openMock();
    const { code, output } = await runBundle('smoke', {
      LLM_BASE_URL: mock.url,
      LLM_ABORT: 'after:2s@10%',
      ...env,
    });
    expect(code).toBe(107);
    expect(output).toMatch(message);
    expect(mock.truth().requests.started).toBe(0);
  });
});
