import { describe, expect, test } from 'vitest';
import type { Compared } from './compare-runs.ts';
import { judgeRule, parseRules, RuleError } from './gate.ts';
import { parseMeasure } from './measure.ts';

describe('measures', () => {
  test.each([
    ['p95(ai_ttft_ms)', { kind: 'quantile', metric: 'ai_ttft_ms', q: 0.95 }, 'lower'],
    ['p(99.9)(ai_latency_ms)', { kind: 'quantile', metric: 'ai_latency_ms', q: 0.999 }, 'lower'],
    ['p( 95 )(ai_ttft_ms)', { kind: 'quantile', metric: 'ai_ttft_ms', q: 0.95 }, 'lower'],
    ['median(ai_tpot_ms)', { kind: 'quantile', metric: 'ai_tpot_ms', q: 0.5 }, 'lower'],
    ['med(ai_tpot_ms)', { kind: 'quantile', metric: 'ai_tpot_ms', q: 0.5 }, 'lower'],
    ['mean(ai_latency_ms)', { kind: 'mean', metric: 'ai_latency_ms' }, 'lower'],
    [
      'p50(token_throughput_per_sec)',
      { kind: 'quantile', metric: 'token_throughput_per_sec', q: 0.5 },
      'higher',
    ],
    ['error_rate', { kind: 'rate', metric: 'error_rate' }, 'lower'],
    ['ai_goodput', { kind: 'rate', metric: 'ai_goodput' }, 'higher'],
    ['cost', { kind: 'total', metric: 'ai_cost_dollars' }, 'lower'],
    ['ai_retries', { kind: 'total', metric: 'ai_retries' }, 'lower'],
    ['ai_requests_succeeded', { kind: 'total', metric: 'ai_requests_succeeded' }, 'higher'],
    ['ai_cached_tokens', { kind: 'total', metric: 'ai_cached_tokens' }, 'higher'],
  ])('%s', (name, source, better) => {
    expect(parseMeasure(name)).toMatchObject({ source, better, part: null });
  });

  test('take one model apart, whatever its name', () => {
    expect(parseMeasure('p95(ai_ttft_ms{model:openai/gpt-4.1:beta})')?.part).toEqual({
      part: 'model',
      value: 'openai/gpt-4.1:beta',
    });
  });

  test.each([
    '',
    'p95',
    'p95()',
    'p101(ai_ttft_ms)',
    'p95(http_req_duration)',
    'p95(error_rate)',
    'max(ai_ttft_ms)',
    'p(-5)(ai_ttft_ms)',
    'nonsense',
    'constructor',
    'p95(ai_ttft_ms{colour:red})',
  ])('are not "%s"', (name) => {
    expect(parseMeasure(name)).toBeNull();
  });
});

describe('rules', () => {
  test('come by semicolons and by repetition', () => {
    const rules = parseRules([
      'p95(ai_ttft_ms) +10%; error_rate +1pp;',
      'goodput -2%',
      'p50(ai_latency_ms)+50ms',
    ]);
    expect(rules.map(({ measure, allowance }) => [measure.name, allowance])).toEqual([
      ['p95(ai_ttft_ms)', { kind: 'relative', ratio: 0.1 }],
      ['error_rate', { kind: 'absolute', amount: 0.01 }],
      ['goodput', { kind: 'relative', ratio: 0.02 }],
      ['p50(ai_latency_ms)', { kind: 'absolute', amount: 50 }],
    ]);
  });

  test.each(['', ' ; '])('are none in "%s"', (text) => {
    expect(parseRules([text])).toEqual([]);
  });

  test.each([
    ['p95(ai_ttft_ms{model:gpt-4.1-mini}) + 1e1 %', { kind: 'relative', ratio: 0.1 }],
    ['error_rate+.5PP', { kind: 'absolute', amount: 0.005 }],
    ['cost +$', null],
    ['cost +-5%', null],
    ['cost +inf', null],
    ['cost +5s', null],
  ])('"%s" takes the numbers that thresholds take', (text, allowance) => {
    if (allowance === null) expect(() => parseRules([text])).toThrow(RuleError);
    else expect(parseRules([text])[0]?.allowance).toEqual(allowance);
  });

  test.each([
    ['p95(ai_ttft_ms)', /has no allowance/],
    ['p95(ai_ttft_ms) 10%', /has no allowance/],
    ['speed +10%', /"speed" is no measure/],
    ['p95(ai_ttft_ms) -10%', /gets worse as it grows, so its allowance is written \+10%/],
    ['goodput +1pp', /gets worse as it falls, so its allowance is written -1pp/],
  ])('"%s" is refused in words that help', (text, message) => {
    expect(() => parseRules([text])).toThrow(RuleError);
    expect(() => parseRules([text])).toThrow(message);
  });
});

describe('a judgement', () => {
  const rule = parseRules(['p95(ai_ttft_ms) +10%'])[0]!;
  const row = (change: Partial<Compared>): Compared => ({
    measure: rule.measure,
    first: 100,
    second: 120,
    firstCount: 1000,
    secondCount: 1000,
    difference: 20,
    relative: 0.2,
    interval: { low: 15, high: 25, relativeLow: 0.15, relativeHigh: 0.25 },
    doubt: null,
    isExact: false,
    confidence: 0.95,
    verdict: 'worse',
    hasEnough: true,
    ...change,
  });

  const unknown: Partial<Compared> = { verdict: 'unknown', interval: null };
  const FEW = { kind: 'few', effective: 5, needed: 72 } as const;
  const around = (middle: number, half: number) => ({
    low: middle - half,
    high: middle + half,
    relativeLow: (middle - half) / 100,
    relativeHigh: (middle + half) / 100,
  });

  test.each<[string, Partial<Compared> | null, string, RegExp]>([
    ['worse beyond allowance and noise', {}, 'broken', /100 ms before, 120 ms now, \+20 %/],
    ['worse within the allowance', { second: 105, difference: 5, relative: 0.05 }, 'held', /105 ms now/],
    [
      'worse, but within a noise that would show twice the value',
      { verdict: 'same', interval: around(20, 30) },
      'held',
      /more than allowed, but within noise: run longer/,
    ],
    [
      'worse, within a noise that hides twice the value',
      { verdict: 'same', interval: around(20, 130) },
      'undecided',
      /noise hides any change up to twice the value/,
    ],
    [
      'not worse, within a noise that hides twice the value',
      { second: 105, difference: 5, relative: 0.05, verdict: 'same', interval: around(5, 130) },
      'undecided',
      /noise hides any change up to twice the value/,
    ],
    [
      'worse, with too few samples',
      { ...unknown, doubt: FEW },
      'undecided',
      /too few .*: 5, and it takes 72/,
    ],
    [
      'worse, with neighbours alike',
      { ...unknown, doubt: { ...FEW, kind: 'alike' } },
      'undecided',
      /as much as 5 independent samples, and it takes 72: run about 15 times as long/,
    ],
    [
      'the same, with too few samples',
      { ...unknown, second: 100, difference: 0, relative: 0, doubt: FEW },
      'undecided',
      /too few/,
    ],
    [
      'worse by an exact test of few requests',
      { interval: null, doubt: FEW, isExact: true },
      'broken',
      /by an exact test, its few requests taken for independent/,
    ],
    [
      'not worse by an exact test of few requests',
      { second: 100, difference: 0, interval: null, doubt: FEW, isExact: true, verdict: 'same' },
      'held',
      /100 ms now/,
    ],
    [
      'of one part without times',
      { ...unknown, doubt: { kind: 'no-times' } },
      'undecided',
      /keep samples\.jsonl of both runs/,
    ],
    ['better', { second: 80, difference: -20, relative: -0.2, verdict: 'better' }, 'held', /-20 %/],
    ['lost', { second: null, difference: null, relative: null }, 'broken', /no sample now/],
    ['never had', { first: null, difference: null }, 'undecided', /the first run has no sample/],
    ['without a row', null, 'undecided', /the first run has no sample/],
  ])('of a measure %s', (_, change, state, words) => {
    const judgement = judgeRule(rule, change === null ? null : row(change));
    expect(judgement.state).toBe(state);
    expect(judgement.sentence).toMatch(words);
  });
});
