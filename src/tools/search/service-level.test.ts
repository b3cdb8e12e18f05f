import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../lib/parse/config-error.ts';
import { madeFacts } from './made-facts.ts';
import { latencyLimitMs, parseServiceLevel } from './service-level.ts';

describe('what is understood', () => {
  test.each([
    ['p95(ai_ttft_ms)<1000', 'p95(ai_ttft_ms)<1000', 1000, 0.05],
    ['p95(ai_ttft_ms) < 1s', 'p95(ai_ttft_ms)<1s', 1000, 0.05],
    ['p99(ai_latency_ms) <= 2.5s', 'p99(ai_latency_ms)<=2.5s', 2500, 0.01],
    ['ai_latency_ms: p(95)<5000', 'ai_latency_ms:p(95)<5000', 5000, 0.05],
    ['ai_latency_ms{model:big}: p(90)<5000', 'ai_latency_ms{model:big}:p(90)<5000', 5000, 0.1],
    ['p95(ai_latency_ms{model:big})<5000', 'p95(ai_latency_ms{model:big})<5000', 5000, 0.05],
    ['med(ai_tpot_ms)<50ms', 'med(ai_tpot_ms)<50ms', 50, 0.5],
    ['error_rate<1%', 'error_rate<1%', 0.01, 0.01],
    ['error_rate: rate<0.01', 'error_rate:rate<0.01', 0.01, 0.01],
    ['goodput>95%', 'goodput>95%', 0.95, 0.05],
    ['p5(token_throughput_per_sec)>20', 'p5(token_throughput_per_sec)>20', 20, 0.05],
  ])('%s', (written, text, limit, allowed) => {
    const [term] = parseServiceLevel(written, madeFacts());
    expect(term).toMatchObject({ text, limit });
    expect(term?.judge.kind === 'share' ? term.judge.allowedRatio : null).toBeCloseTo(allowed, 9);
  });

  test('what is bad is what lies on the wrong side of the limit', () => {
    const bad = (text: string, value: number): boolean => {
      const [term] = parseServiceLevel(text, madeFacts());
      return term?.judge.kind === 'share' && term.judge.isBad(value);
    };
    expect([bad('p95(ai_ttft_ms)<100', 100), bad('p95(ai_ttft_ms)<=100', 100)]).toEqual([true, false]);
    expect([bad('p5(token_throughput_per_sec)>20', 20), bad('p5(token_throughput_per_sec)>=20', 20)]).toEqual(
      [true, false],
    );
    expect([bad('error_rate<1%', 1), bad('error_rate<1%', 0)]).toEqual([true, false]);
    expect([bad('goodput>95%', 1), bad('goodput>95%', 0)]).toEqual([false, true]);
  });

  test('failures have a limit where nothing is said of them', () => {
    const texts = (slo: string): string[] => parseServiceLevel(slo, madeFacts()).map(({ text }) => text);
    expect(texts('p95(ai_ttft_ms)<1000')).toEqual(['p95(ai_ttft_ms)<1000', 'error_rate<5%']);
    expect(texts('p95(ai_ttft_ms)<1000; error_rate<1%;')).toEqual(['p95(ai_ttft_ms)<1000', 'error_rate<1%']);
    expect(texts('goodput>90%')).toEqual(['goodput>90%']);
  });

  test('the latency that may be waited for is the highest limit', () => {
    const limit = (slo: string): number | null => latencyLimitMs(parseServiceLevel(slo, madeFacts()));
    expect(limit('p50(ai_latency_ms)<2s; p99(ai_latency_ms)<9s')).toBe(9000);
    expect(limit('p95(ai_ttft_ms)<1000')).toBeNull();
  });
});

describe('what is refused, by its name', () => {
  test.each([
    ['', /at least one term/],
    [' ; ', /at least one term/],
    ['p95(ai_ttft_ms)', /a measure, < or >, and a limit/],
    ['p95(ai_ttft)<1000', /a metric in docs\/metrics.md/],
    ['ttft<1000', /a metric in docs\/metrics.md/],
    ['p95(ai_ttft_ms)<1000, error_rate<1%', /a limit in ms or s/],
    ['p95(ai_ttft_ms)<fast', /a limit in ms or s/],
    ['p95(ai_ttft_ms)<5%', /a limit in ms or s/],
    ['p95(ai_ttft_ms)>1000', /expected <, because more of it is worse/],
    ['goodput<95%', /expected >, because more of it is better/],
    ['p95(ai_ttft_ms)==1000', /one of <, <=, > and >=/],
    ['error_rate<150%', /a limit such as 1% or 0.01/],
    ['requests_per_sec>10', /sums and speeds grow with the load/],
    ['ai_errors<5', /sums and speeds grow with the load/],
    ['p95(ai_latency_ms{model:huge})<1000', /a model of LLM_MIX: big, small/],
    ['p95(ai_icl_ms)<100', /gaps are not recorded; change LLM_ICL=all/],
  ])('%s', (text, message) => {
    expect(() => parseServiceLevel(text, madeFacts())).toThrow(ConfigError);
    expect(() => parseServiceLevel(text, madeFacts())).toThrow(message);
    expect(() => parseServiceLevel(text, madeFacts())).toThrow(/^--slo: got ".*"; expected .*; write --slo/);
  });

  test('a metric that answers in one piece cannot feed', () => {
    const facts = madeFacts('rate', { stream: false, transport: 'http' });
    expect(() => parseServiceLevel('p95(ai_ttft_ms)<1000', facts)).toThrow(
      /blocking answers come in one piece/,
    );
  });
});

test('what only streams can tell asks for --stream', () => {
  const blocking = madeFacts('rate', { stream: false, transport: 'http' });
  expect(() => parseServiceLevel('p95(ai_ttft_ms)<1000', blocking)).toThrow(
    /answers come in one piece; write --stream --slo 'p95\(ai_ttft_ms\)<1000'/,
  );
  // Nothing that --stream would change.
  const over = madeFacts('rate', { stream: true, transport: 'http' });
  expect(() => parseServiceLevel('p95(ai_ttft_ms)<1000', over)).toThrow(/change LLM_TRANSPORT=meter/);
});
