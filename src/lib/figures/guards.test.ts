import { expect, test } from 'vitest';
import { warning } from '../answer/answer-warnings.ts';
import { type Attempt, nothingTold, UNKNOWN_USAGE } from '../answer/attempt.ts';
import { figuresOf, tpotMs } from './request-figures.ts';

const ATTEMPT: Attempt = {
  ...nothingTold({ kind: 'ok' }),
  status: 200,
  ttfbMs: 90,
  endMs: 1000,
  ttftMs: 100,
  ttfoMs: 120,
  lastOutputMs: 900,
  usage: { ...UNKNOWN_USAGE, inputTokens: 40, outputTokens: 9 },
  retryAfterMs: null,
  connectMs: null,
  hopMs: null,
  rateLimitRemaining: [],
};

test.each<[string, Partial<Pick<Attempt, 'ttftMs' | 'lastOutputMs'>>, number | null, number | null]>([
  ['nine tokens in 800 ms have eight gaps', {}, 9, 100],
  ['two tokens have one gap', {}, 2, 800],
  ['one token has no pace', {}, 1, null],
  ['none has none', {}, 0, null],
  ['unknown tokens have none', {}, null, null],
  ['nor a stream whose first is unknown', { ttftMs: null }, 9, null],
  ['nor one whose last is unknown', { lastOutputMs: null }, 9, null],
  ['nor tokens of one moment', { lastOutputMs: 100 }, 9, null],
  ['nor a clock that went back', { lastOutputMs: 99 }, 9, null],
])('TPOT: %s', (_name, over, outputTokens, expected) => {
  expect(tpotMs({ ...ATTEMPT, ...over, usage: { outputTokens } })).toBe(expected);
});

test.each<[string, Partial<Attempt>, object]>([
  ['a whole one', {}, { latencyMs: 900, ttftMs: 100, ttfoMs: 120, tpotMs: 100, tokensPerSec: 10 }],
  [
    'no first token, no time to first output',
    { ttftMs: null },
    { latencyMs: 900, ttftMs: null, ttfoMs: null, tpotMs: null, tokensPerSec: 10 },
  ],
  ['no time, no tokens/s', { lastOutputMs: 0 }, { latencyMs: 0, tokensPerSec: null }],
  [
    'nothing seen of the end',
    { lastOutputMs: null, warnings: [warning('left_open')] },
    { latencyMs: null, tokensPerSec: null },
  ],
  [
    'another warning hides no end',
    { lastOutputMs: null, warnings: [warning('after_done')] },
    { latencyMs: 1000, tokensPerSec: 9 },
  ],
  ['hidden tokens', { pace: 'hidden' }, { tpotMs: null, tokensPerSec: null, ttftMs: 100 }],
  ['interleaved choices', { pace: 'interleaved' }, { tpotMs: null, tokensPerSec: 10 }],
  ['held back', { bufferedByProxy: true }, { ttftMs: null, ttfoMs: null, tpotMs: null, tokensPerSec: 10 }],
])('figures: %s', (_name, over, expected) => {
  expect(figuresOf({ ...ATTEMPT, ...over })).toMatchObject(expected);
});

test.each<[string, Partial<Attempt>, object]>([
  ['by what was read', {}, { latencyMs: 1000, inputTokensPerSec: 40, tokensPerSec: null }],
  ['of no time', { endMs: 0 }, { latencyMs: 0, inputTokensPerSec: null }],
  ['of unknown tokens', { usage: UNKNOWN_USAGE }, { latencyMs: 1000, inputTokensPerSec: null }],
  [
    'of an end that nobody saw',
    { warnings: [warning('left_open')] },
    { latencyMs: null, inputTokensPerSec: null },
  ],
])('items are measured %s', (_name, over, expected) => {
  expect(figuresOf({ ...ATTEMPT, ...over }, 'items')).toMatchObject(expected);
});
