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
    ['', /got no rule/],
    [';', /got no rule/],
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
    hasTimes: true,
    confidence: 0.95,
    verdict: 'worse',
    hasEnough: true,
    ...change,
  });

  test.each<[string, Partial<Compared> | null, string, RegExp]>([
    ['worse beyond allowance and noise', {}, 'broken', /100 ms before, 120 ms now, \+20 %/],
    ['worse within the allowance', { second: 105, difference: 5, relative: 0.05 }, 'held', /105 ms now/],
    ['worse within noise', { verdict: 'same' }, 'held', /within noise: run longer/],
    ['worse, but too short to tell', { verdict: 'unknown', interval: null }, 'held', /too short to tell/],
    [
      'worse, with nothing to tell its noise from',
      { verdict: 'unknown', interval: null, hasTimes: false },
      'impossible',
      /keep samples\.jsonl of both runs/,
    ],
    [
      'not worse, with nothing to tell its noise from',
      { second: 105, difference: 5, verdict: 'unknown', interval: null, hasTimes: false },
      'held',
      /105 ms now/,
    ],
    ['better', { second: 80, difference: -20, relative: -0.2, verdict: 'better' }, 'held', /-20 %/],
    ['lost', { second: null, difference: null, relative: null }, 'broken', /no sample now/],
    ['never had', { first: null, difference: null }, 'impossible', /the first run has no sample/],
    ['without a row', null, 'impossible', /the first run has no sample/],
  ])('of a measure %s', (_, change, state, words) => {
    const judgement = judgeRule(rule, change === null ? null : row(change));
    expect(judgement.state).toBe(state);
    expect(judgement.sentence).toMatch(words);
  });
});
