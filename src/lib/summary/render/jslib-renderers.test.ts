import { describe, expect, test } from 'vitest';
import { buildSummary, type RunContext } from '../build-summary.ts';
import { madeContext, madeCounter, madeData, madeTrend } from '../made-data.ts';
import { escapeMarkdown, inlineCode, renderMarkdown } from './render-markdown.ts';
import { jUnit, textSummary, withSummary } from './jslib-renderers.ts';
import { escapeXml } from './render-junit.ts';

const LONG_MODEL = `accounts/someone/deployments/${'very-long-name-'.repeat(12)}instruct`;
const LONG_TARGET = `https://${'a-long-host-name.'.repeat(9)}test/openai/deployments/v1`;

/** Data in which every figure is as wide as figures get. */
function wideData(models: readonly string[]) {
  const metrics: Record<string, unknown> = {
    ai_requests_started: madeCounter(987_654_321),
    ai_requests_finished: madeCounter(987_654_320),
    ai_requests_succeeded: madeCounter(887_654_320),
    ai_cost_dollars: madeCounter(999.123456),
    ai_reported_cost_dollars: madeCounter(888.123456),
    ai_rate_limited: madeCounter(12_345_678),
    ai_retries: madeCounter(12_345_678),
    dropped_iterations: madeCounter(12_345_678),
    ai_latency_ms: { ...madeTrend(119_999.9), thresholds: { 'p(99.99)<10000.123456': { ok: false } } },
  };
  for (const model of models) {
    metrics[`ai_latency_ms{model:${model}}`] = {
      ...madeTrend(119_999.9),
      thresholds: { 'p(95)<5000': { ok: true } },
    };
    metrics[`ai_ttft_ms{model:${model}}`] = madeTrend(119_999.9);
    metrics[`ai_errors{model:${model},kind:rate_limited}`] = madeCounter(12_345_678);
    metrics[`ai_requests_finished{model:${model}}`] = madeCounter(2);
  }
  return { ...madeData(), metrics };
}

function wideContext(models: readonly string[]): RunContext {
  const context = madeContext();
  return {
    ...context,
    target: LONG_TARGET,
    stream: true,
    transport: 'meter',
    dimensions: { ...context.dimensions, models },
    sloJudged: ['ttft:3000', 'ttfo:3000', 'tpot:120', 'latency:8000'],
    notes: [`one word of ${'x'.repeat(300)} and more`, 'a note '.repeat(40)],
  };
}

function textOf(data: unknown, context: RunContext, enableColors = false): string {
  return textSummary(withSummary(data, buildSummary(data, context)), { indent: '', enableColors });
}

describe('the table of a run', () => {
  const models = [LONG_MODEL, 'b', '模型/🙂'];

  test.each<[string, string]>([
    ['with everything at its widest', textOf(wideData(models), wideContext(models))],
    ['of an ordinary run', textOf(madeData(), madeContext())],
    ['of nothing', textOf(null, madeContext())],
  ])('%s fits 80 columns', (_name, text) => {
    const wide = text.split('\n').filter((line) => [...line].length > 80);
    expect(wide).toEqual([]);
  });

  test('shows long names shortened, but each threshold and note whole', () => {
    const text = textOf(wideData(models), wideContext(models));
    const flat = text.replace(/\s+/g, '');
    expect(flat).toContain(`ai_latency_ms{model:${LONG_MODEL}}:p(95)<5000`.replace(/\s+/g, ''));
    expect(flat).toContain('p(99.99)<10000.123456');
    expect(flat).toContain('x'.repeat(300));
    expect(flat).toContain(LONG_TARGET);
  });

  test('keeps a blank between two figures of a line', () => {
    for (const line of textOf(wideData(['m']), wideContext(['m'])).split('\n')) {
      if (/cost as reported|rate limited|retries|VUs needed/.test(line)) {
        expect(line).not.toMatch(/[\d)](rate limited|retries|VUs needed|cost as)/);
      }
    }
    expect(textOf(madeData(), madeContext())).toMatch(
      /cost as reported +\$0\.030114 \(\+\$0\.000000\)\n +rate limited \(429\) +1 /,
    );
  });

  test('is made of what k6 hands over where nobody made a summary of it, and has no colour then', () => {
    expect(textSummary(madeData())).toBe(textSummary(madeData(), { indent: '', enableColors: false }));
    expect(textSummary(madeData())).toMatch(/^\n {2}k6 {2}FAIL {2}/);
    expect(textSummary(withSummary(null, buildSummary(madeData(), madeContext())))).toMatch(/^\n {2}spike /);
    expect(withSummary([1], buildSummary(null, madeContext()))).toHaveProperty('llmSummary');
    expect(withSummary('text', buildSummary(null, madeContext()))).toEqual({
      llmSummary: buildSummary(null, madeContext()),
    });
  });

  test('has colour only where asked for', () => {
    expect(textOf(madeData(), madeContext())).not.toContain('\u001b');
    expect(textOf(madeData(), madeContext(), true)).toContain('\u001b[31mFAIL\u001b[0m');
  });

  test('is indented as k6-jslib-summary would', () => {
    const data = madeData();
    for (const line of textSummary(data, { indent: '>> ' }).split('\n')) {
      if (line !== '') expect(line).toMatch(/^>> /);
    }
  });
});

describe('names that mean something to markdown or XML', () => {
  const model = 'a|b`c*<script>&"\'_[x](y)\\';
  const context = {
    ...madeContext(),
    scenario: model,
    target: `http://h/${model}`,
    notes: [`${model}\n# no`],
  };
  const data = {
    ...madeData(),
    metrics: {
      ...madeData().metrics,
      [`ai_ttft_ms{model:${model}}`]: { ...madeTrend(1), thresholds: { 'p(95)<1': { ok: false } } },
    },
  };
  const summary = buildSummary(data, { ...context, dimensions: { ...context.dimensions, models: [model] } });

  test('leave the markdown table its columns, and bring no markup', () => {
    const lines = renderMarkdown(summary).split('\n');
    const [header = '', , row = ''] = lines.filter((line) => line.startsWith('|'));
    const cells = (line: string): number => line.replace(/\\[|\\]/g, '').split('|').length;
    expect(cells(row)).toBe(cells(header));
    expect(lines.filter((line) => line.startsWith('#'))).toHaveLength(1);
    const outsideCode = lines.join('\n').replace(/`[^`\n]*`/g, '');
    expect(outsideCode).not.toContain('<script>');
  });

  test('are escaped in XML, which holds no character that XML forbids', () => {
    const xml = jUnit(withSummary(data, summary));
    expect(xml).not.toContain('<script>');
    expect(xml.match(/<testcase /g)?.length).toBe(Number(/tests="(\d+)"/.exec(xml)?.[1]));
    expect(escapeXml('\u0000\u0008\u000b\u001f\ufffe\ud800x\udc00😀\t')).toBe('������x�😀\t');
    expect(escapeXml(`<a b="c">'&'</a>`)).toBe('&lt;a b=&quot;c&quot;&gt;&apos;&amp;&apos;&lt;/a&gt;');
  });

  test.each([
    ['a\nb', 'a b'],
    ['*a*', '\\*a\\*'],
    ['<b>', '&lt;b&gt;'],
    ['a|b', 'a\\|b'],
    ['@cf/meta 2 @ 3', '@<!-- -->cf/meta 2 @ 3'],
  ])('%j as markdown text is %j', (text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });

  test('cannot end a code span', () => {
    expect(inlineCode('a`|b\nc')).toBe("`a'\\|b c`");
  });
});
