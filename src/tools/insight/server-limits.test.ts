import { describe, expect, test } from 'vitest';
import { inputs } from '../../../test/support/exhaustively.ts';
import { MADE_SERVER, madeTimedRequests, type MadeServer } from './made-server.ts';
import { type LimitAdvice, RUN_ADVICE, SEARCH_ADVICE } from './limit-advice.ts';
import { type ServerLimits, serverLimits } from './server-limits.ts';
import type { LimitFigure } from './limit-figure.ts';

const SEEDS = [1, 2, 3, 4, 5].slice(0, inputs(5));

function limitsOf(server: Partial<MadeServer>, advice: LimitAdvice = RUN_ADVICE): ServerLimits {
  const found = serverLimits(madeTimedRequests({ ...MADE_SERVER, ...server }), advice);
  if (found === null) throw new Error('nothing was streamed');
  return found;
}

function expectWithin(told: LimitFigure, truth: number): void {
  expect(told).toMatchObject({ kind: 'known' });
  if (told.kind === 'known') expect(Math.abs(told.value / truth - 1)).toBeLessThan(0.1);
}

describe.each(SEEDS)('of a server with a queue, seed %d', (seed) => {
  const limits = limitsOf({ seed });

  test('prefill, pace and places are told within 10 %', () => {
    expectWithin(limits.tokensPerSec, 8000);
    expectWithin(limits.tokensPerSecOfStream, 50);
    expectWithin(limits.atOnce, 16);
  });

  test('and the rate above which its queue grows', () => {
    // Twenty tokens: 19 at 20 ms each, behind a TTFT of 20 ms and 400 x exp(0.8^2 / 2) tokens of prompt on average.
    const busySec = (20 + (400 * Math.exp(0.32)) / 8 + 19 * 20) / 1000;
    expectWithin(limits.requestsPerSec, 16 / busySec);
    expect(limits.waits?.ratio).toBeGreaterThan(0.5);
  });
});

test.each(SEEDS)('a client that stumbles now and then at low load hides no queue, seed %d', (seed) => {
  const load = [
    { perSec: 3, sec: 600 },
    { perSec: 60, sec: 10 },
  ];
  const requests = madeTimedRequests({ ...MADE_SERVER, seed, load }).map((request, at) => {
    if (at % 25 !== 0 || request.startMs > 600_000) return request;
    const lateMs = 200;
    const { ttftMs, latencyMs } = request;
    return {
      ...request,
      endMs: request.endMs + lateMs,
      ttftMs: (ttftMs ?? 0) + lateMs,
      latencyMs: (latencyMs ?? 0) + lateMs,
    };
  });
  const limits = serverLimits(requests);
  const busySec = (20 + (400 * Math.exp(0.32)) / 8 + 19 * 20) / 1000;
  expectWithin(limits?.requestsPerSec ?? { kind: 'unknown', reason: 'no stream' }, 16 / busySec);
});

test.each(SEEDS)('streams that share what there is: so many tokens in all, seed %d', (seed) => {
  const limits = limitsOf({
    seed,
    slots: 200,
    allPerSec: 1000,
    outputTokens: 40,
    load: [
      { perSec: 4, sec: 60 },
      { perSec: 24, sec: 60 },
    ],
  });
  expectWithin(limits.tokensPerSecInAll, 1000);
  expectWithin(limits.tokensPerSecOfStream, 50);
});

test.each(SEEDS)('what a cached prefix saves, seed %d', (seed) => {
  const limits = limitsOf({ seed, cachedRatio: 0.5, inputTokens: { median: 2000, sigma: 0.8 } });
  expectWithin(limits.tokensPerSec, 8000);
  expectWithin(limits.cachedSavesMsPer1k, 125);
});

test.each(SEEDS)('also where all prompts begin with what is cached, seed %d', (seed) => {
  const server = { ...MADE_SERVER, seed, cachedRatio: 0.5, inputTokens: { median: 2000, sigma: 0.8 } };
  const limits = serverLimits(
    madeTimedRequests(server).map((request) => ({
      ...request,
      inputTokens: (request.inputTokens ?? 0) + 16,
      cachedInputTokens: (request.cachedInputTokens ?? 0) + 16,
    })),
  );
  expectWithin(limits?.cachedSavesMsPer1k ?? { kind: 'unknown', reason: 'no stream' }, 125);
});

test.each<[string, Partial<MadeServer>, keyof ServerLimits, RegExp]>([
  ['prompts of one length', { inputTokens: { median: 400, sigma: 0 } }, 'tokensPerSec', /LLM_INPUT_TOKENS=/],
  ['a prompt that is read at once', { prefillPerSec: Infinity }, 'tokensPerSec', /does not grow/],
  ['no cached prompt', {}, 'cachedSavesMsPer1k', /LLM_SHARED_PREFIX_TOKENS/],
  ['no queue', { load: [{ perSec: 3, sec: 120 }] }, 'requestsPerSec', /no queue was seen up to .*LLM_RATE/],
  ['no queue', { load: [{ perSec: 3, sec: 120 }] }, 'atOnce', /no queue was seen/],
  ['a pace that stays', {}, 'tokensPerSecInAll', /does not grow with open streams up to 1\d: more than/],
  ['a load that is never low', { load: [{ perSec: 200, sec: 10 }] }, 'tokensPerSec', /never at low load/],
])('with %s it says so, and what would show it', (_, server, name, reason) => {
  expect(limitsOf(server)[name]).toEqual({ kind: 'unknown', reason: expect.stringMatching(reason) });
});

test('a search, which sets its loads itself, is told of its own flags', () => {
  const calm = limitsOf({ load: [{ perSec: 3, sec: 120 }] }, SEARCH_ADVICE);
  const busy = limitsOf({ load: [{ perSec: 200, sec: 10 }] }, SEARCH_ADVICE);
  for (const told of [calm.requestsPerSec, calm.tokensPerSecInAll])
    expect(told).toMatchObject({ reason: expect.stringContaining('--max') });
  expect(busy.tokensPerSec).toMatchObject({ reason: expect.stringMatching(/the search was never .* --min/) });
  expect(JSON.stringify([calm, busy])).not.toContain('LLM_RATE');
});

test('whole answers tell nothing of prefill and decode', () => {
  const whole = madeTimedRequests(MADE_SERVER).map((request) => ({ ...request, ttftMs: null, tpotMs: null }));
  expect(serverLimits(whole)).toBeNull();
});

test('of few requests nothing is told', () => {
  const { tokensPerSec, tokensPerSecOfStream, atOnce } = limitsOf({ load: [{ perSec: 3, sec: 4 }] });
  for (const told of [tokensPerSec, tokensPerSecOfStream, atOnce]) expect(told.kind).toBe('unknown');
});
