import { expect, test } from 'vitest';
import { buildSummary } from '../build-summary.ts';
import { madeContext, madeCounter, madeData, madeTrend } from '../made-data.ts';
import type { Summary } from '../summary.ts';
import { renderText } from './render-text.ts';

const SUMMARY = buildSummary(madeData(), { ...madeContext(), steps: [] });

/** The lines of a summary, of which one thing is not as in an ordinary run. */
function linesOf(change: Partial<Summary>, enableColors = false): string[] {
  return renderText({ ...SUMMARY, ...change }, { enableColors }).split('\n');
}
const widest = (lines: readonly string[]): number => Math.max(...lines.map((line) => line.length));
/** Words of nine letters: 79 columns hold seven of them, and a blank between two. */
const words = (count: number): string => Array.from({ length: count }, () => 'ninechars').join(' ');

test('what does not fit 80 columns goes on in the next line, indented', () => {
  const trust = { state: 'client-bound' as const, reasons: [words(20)] };
  const slo = { ...SUMMARY.slo, judged: Array.from({ length: 20 }, (_, at) => `latency:${8000 + at}`) };
  const thresholds = [{ metric: words(20), expression: 'max<1', ok: false }];
  const findings = [{ question: 'Why?', sentence: words(20), rows: [] }];
  for (const change of [
    { target: words(20) },
    { stopped: words(20) },
    { notes: [words(20)] },
    { trust },
    { slo, thresholds },
    { findings },
    { thresholds },
    { scenario: 'a-scenario-of-a-name-that-is-long', interrupted: { afterMs: 1, plannedMs: 86_400_000 } },
  ]) {
    expect(widest(linesOf(change)), Object.keys(change).join(' ')).toBeLessThanOrEqual(80);
  }
});

test('a finding is its question and its sentence, indented below it', () => {
  const lines = linesOf({ findings: [{ question: 'Why?', sentence: words(9), rows: [] }] }, true);
  const at = lines.indexOf('  \u001b[1mWhy?\u001b[0m');
  expect(lines.slice(at + 1, at + 3)).toEqual([`    ${words(7)}`, `    ${words(2)}`]);
});

test('what steps found stands behind the scenario, and its verdict below', () => {
  const stats = SUMMARY.models['m']!.latencyMs;
  const step = {
    name: '01',
    startMs: 0,
    durationMs: 1000,
    ratePerSec: 36,
    reached: 'whole' as const,
    achievedPerSec: 36,
    latencyMs: stats,
    ttftMs: stats,
  };
  const steps = [
    { ...step, errorRatio: 0, goodputRatio: 1, ok: true },
    { ...step, name: '02', ratePerSec: 39, errorRatio: 0.5, goodputRatio: 0, ok: false },
  ];
  const scenario = 'a-scenario-whose-name-is-longer-than-it-needs-to-be';
  // Of 80 columns, 25 are left behind the name.
  expect(linesOf({ steps, scenario, slo: { ...SUMMARY.slo, state: 'fail' } }, true).slice(1, 5)).toEqual([
    `  \u001b[1m${scenario}\u001b[0m  held 36/s (p95 TTFT 120`,
    '    ms), broke at 39/s: 50 %',
    '    failed',
    expect.stringContaining('    \u001b[31mFAIL'),
  ]);
});

test('a model is told of streams only where one of its streams was seen', () => {
  const dimensions = { ...madeContext().dimensions, models: ['a', 'b'] };
  const metrics = { 'ai_ttft_ms{model:a}': madeTrend(30), 'ai_requests_finished{model:b}': madeCounter(1) };
  const context = { ...madeContext(), dimensions, stream: true };
  const text = renderText(buildSummary({ ...madeData(), metrics }, context), { enableColors: false });
  const table = text.slice(text.indexOf('streams')).split('\n\n')[0]?.split('\n') ?? [];
  expect(table.filter((line) => /^ {2}[ab] /.test(line))).toEqual([
    expect.stringMatching(/^ {2}a .* 30\.0 /),
  ]);
});

test('errors are told of the models that had some, by the kinds that there were', () => {
  const dimensions = { ...madeContext().dimensions, models: ['a', 'b', 'c'] };
  const metrics = {
    ai_requests_finished: madeCounter(9),
    'ai_requests_finished{model:a}': madeCounter(3),
    'ai_requests_finished{model:c}': madeCounter(1),
    'ai_errors{model:a,kind:server}': madeCounter(2),
    'ai_errors{model:a,kind:timeout}': madeCounter(1),
  };
  const summary = buildSummary({ ...madeData(), metrics }, { ...madeContext(), dimensions });
  const lines = renderText(summary, { enableColors: false }).split('\n');
  const at = lines.indexOf('  errors by kind');
  expect(lines.slice(at + 1, at + 4)).toEqual(['  a: server 2, timeout 1', '  c: n/a', '']);
});

test('the relay’s own dollars stand beside ours, with what is between them', () => {
  const shown = (reportedCostUsd: number | null): string =>
    linesOf({ totals: { ...SUMMARY.totals, costUsd: 2, reportedCostUsd } }).find((line) =>
      line.includes('cost as reported'),
    ) ?? 'nothing';
  expect(shown(2.5)).toMatch(/cost as reported +\$2\.500000 \(\+\$0\.500000\)$/);
  expect(shown(2)).toMatch(/\(\+\$0\.000000\)$/);
  expect(shown(1.5)).toMatch(/\(-\$0\.500000\)$/);
  expect(shown(null)).toBe('nothing');
});

test('VUs are told where both are known', () => {
  const load = { ...SUMMARY.load, vusAllocated: 3, vusNeeded: 7 };
  const isTold = (change: object): boolean =>
    linesOf({ load: { ...load, ...change } }).some((line) => line.includes('VUs needed'));
  expect(linesOf({ load }).join('\n')).toMatch(/VUs needed \/ had +7 \/ 3/);
  expect([isTold({ vusAllocated: null }), isTold({ vusNeeded: null })]).toEqual([false, false]);
});

test('thresholds end with what good means, where the run judged that', () => {
  const judged = (terms: string[]): string =>
    linesOf({ slo: { ...SUMMARY.slo, judged: terms }, notes: [] })
      .filter((line) => line !== '')
      .at(-1) ?? '';
  expect(judged(['ttft:800', 'latency:8000'])).toBe('    good means ttft:800 ms, latency:8000 ms');
  expect(judged([])).toMatch(/FAIL {2}ai_latency_ms: p\(95\)<1$/);
});

test('a run without notes has no place for them', () => {
  expect(linesOf({ notes: [] })).not.toContain('  notes');
  expect(linesOf({ notes: ['one'] }).slice(-4)).toEqual(['  notes', '    one', '', '']);
});
