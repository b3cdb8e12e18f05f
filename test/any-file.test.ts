import { describe, expect, test } from 'vitest';
import { ConfigError } from '../src/lib/parse/config-error.ts';
import { parsePriceText } from '../src/lib/money/price-file.ts';
import { createRandom, indexOf, type Random } from '../src/lib/numbers/random.ts';
import { compileThresholds } from '../src/lib/thresholds/compile-thresholds.ts';
import type { RunFacts } from '../src/lib/thresholds/run-facts.ts';
import { parseProfileText } from '../src/lib/thresholds/threshold-profile.ts';

// Whatever a person hands in as a file is taken, or refused in words that name it; nothing else is thrown.

const FACTS: RunFacts = {
  transport: 'http',
  stream: false,
  recordsGaps: false,
  scheduled: false,
  openParts: ['t'],
  hasWarmup: false,
  models: ['m'],
  testTypes: ['t'],
  providers: ['p'],
  kinds: ['chat'],
  textKinds: ['chat'],
  tagsKind: false,
  windows: [],
  steps: [],
  hasOwnBehaviour: false,
  ownMetrics: [],
  turns: ['1', '2'],
  hasSessions: true,
};

const VALID_PRICES = JSON.stringify({
  unit: 'per_1k',
  models: { m: { input: 1, output: 2, tiers: [{ aboveInputTokens: 5, input: 1, output: 1 }] } },
  providers: { p: { hosts: ['h'], models: { m: { input: 1, output: 2, cachedInput: 0 } } } },
});
const VALID_PROFILE = JSON.stringify({
  name: 'n',
  thresholds: {
    'ai_latency_ms{model:m}': [
      'p(95)<5000',
      { threshold: 'avg<1', abortOnFail: true, delayAbortEval: '10s' },
    ],
    error_rate: ['rate<0.05'],
  },
});

const WORDS = (
  'null true -1 1e999 [] {} "" "x" {"a":1} __proto__ constructor models thresholds p95<5 p(95)< rate<5 ' +
  '{ } : , \\u0000 \uFEFF ai_ttft_ms 🙂'
).split(' ');

/** A valid text with a piece cut out, doubled, or replaced by something else. */
function mutate(text: string, random: Random): string {
  const at = indexOf(random.next(), text.length);
  const length = indexOf(random.next(), 12);
  const word = WORDS[indexOf(random.next(), WORDS.length)] ?? '';
  const middle = [word, '', text.slice(at, at + length).repeat(2)][indexOf(random.next(), 3)] ?? '';
  return text.slice(0, at) + middle + text.slice(at + length);
}

describe.each<[string, string, (text: string) => unknown]>([
  ['a price file', VALID_PRICES, (text) => parsePriceText(text, 'LLM_PRICES f.json')],
  [
    'a threshold profile',
    VALID_PROFILE,
    (text) =>
      compileThresholds(parseProfileText(text, 'LLM_THRESHOLDS f.json'), FACTS, 'LLM_THRESHOLDS f.json'),
  ],
])('%s', (_, valid, read) => {
  test('as it should be is taken', () => {
    expect(() => read(valid)).not.toThrow();
  });

  test('broken in 3,000 ways is taken or refused by name', () => {
    const random = createRandom(7);
    let refused = 0;
    for (let i = 0; i < 3000; i++) {
      let text = mutate(valid, random);
      if (random.next() < 0.5) text = mutate(text, random);
      try {
        read(text);
      } catch (error) {
        refused++;
        if (!(error instanceof ConfigError)) throw new Error(`${text}: ${String(error)}`, { cause: error });
        expect(error.message).toMatch(/^LLM_(PRICES|THRESHOLDS) f\.json/);
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});
