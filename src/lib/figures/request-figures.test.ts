import { expect, test } from 'vitest';
import { warning } from '../answer/answer-warnings.ts';
import { type Attempt, UNKNOWN_USAGE } from '../answer/attempt.ts';
import { StreamReader } from '../answer/stream/stream-reader.ts';
import { figuresOf } from './request-figures.ts';

const USAGE = { ...UNKNOWN_USAGE, inputTokens: 9, outputTokens: 11 };

/** A stream of a second: 11 tokens between 500 and 1,000 ms. */
function streamed(over: Partial<Attempt>): Attempt {
  const { warnings: _, ...nothing } = new StreamReader().end('clean');
  return {
    ...nothing,
    status: 200,
    outcome: { kind: 'ok' },
    ttfbMs: 400,
    ttftMs: 500,
    ttfoMs: 500,
    lastOutputMs: 1000,
    endMs: 1100,
    stallMs: 50,
    chunks: 11,
    usage: USAGE,
    retryAfterMs: null,
    connectMs: null,
    hopMs: null,
    reported: null,
    rateLimitRemaining: [],
    warnings: [],
    ...over,
  };
}

test.each<
  [string, Partial<Attempt>, [latency: unknown, ttft: unknown, tpot: unknown, tokensPerSec: unknown]]
>([
  ['a stream', {}, [1000, 500, 50, 11]],
  ['tokens that were never streamed', { pace: 'hidden' }, [1000, 500, null, null]],
  ['choices side by side', { pace: 'interleaved' }, [1000, 500, null, 11]],
  ['tokens that nobody knows', { usage: UNKNOWN_USAGE }, [1000, 500, null, null]],
  ['a stream that a proxy held back', { bufferedByProxy: true }, [1000, null, null, 11]],
  ['an answer in one piece', { ttftMs: null, lastOutputMs: null }, [1100, null, null, 10]],
  [
    'a connection that stayed open behind an answer without times',
    { ttftMs: null, lastOutputMs: null, warnings: [warning('left_open')] },
    [null, null, null, null],
  ],
  ['one behind an answer with times', { warnings: [warning('left_open')] }, [1000, 500, 50, 11]],
])('%s', (_, over, expected) => {
  const { latencyMs, ttftMs, tpotMs, tokensPerSec } = figuresOf(streamed(over));
  expect([latencyMs, ttftMs, tpotMs, tokensPerSec]).toEqual(expected);
});
