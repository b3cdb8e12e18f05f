import { expect, test } from 'vitest';
import { buildSummary } from '../build-summary.ts';
import { madeContext, madeData } from '../made-data.ts';
import type { Summary } from '../summary.ts';
import { escapeXml, type JunitCase, renderJunit, summaryJunit } from './render-junit.ts';

const CASE: JunitCase = { className: 'c', name: 'n', failure: null };

test('a report counts its cases by how they ended', () => {
  const cases: JunitCase[] = [
    CASE,
    { ...CASE, failure: 'slow' },
    { ...CASE, failure: 'slower', as: 'failure' },
    { ...CASE, failure: 'cut', as: 'error' },
    { ...CASE, failure: 'untried', as: 'skipped' },
    { ...CASE, as: 'error' },
  ];
  expect(renderJunit({ name: 'a & b', seconds: 1.23456, timestamp: '2026-11-25T00:00:00.123Z', cases })).toBe(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="k6-llm" tests="6" failures="2" errors="1" time="1.235">',
      '  <testsuite name="a &amp; b" tests="6" failures="2" errors="1" skipped="1" time="1.235" timestamp="2026-11-25T00:00:00">',
      '    <testcase classname="c" name="n" time="0"/>',
      '    <testcase classname="c" name="n" time="0"><failure message="slow" type="threshold">slow</failure></testcase>',
      '    <testcase classname="c" name="n" time="0"><failure message="slower" type="threshold">slower</failure></testcase>',
      '    <testcase classname="c" name="n" time="0"><error message="cut" type="interrupted">cut</error></testcase>',
      '    <testcase classname="c" name="n" time="0"><skipped message="untried"/></testcase>',
      '    <testcase classname="c" name="n" time="0"/>',
      '  </testsuite>',
      '</testsuites>',
      '',
    ].join('\n'),
  );
});

test('a run that never began has no time and no date', () => {
  const xml = renderJunit({ name: 'n', seconds: null, timestamp: null, cases: [] });
  expect(xml).toContain('skipped="0" time="0.000">');
  expect(renderJunit({ name: 'n', seconds: 1, timestamp: '2026-11-25T00:00:00Z', cases: [] })).toContain(
    'timestamp="2026-11-25T00:00:00"',
  );
});

/** The cases of a summary: name and how it ended. */
function casesOf(change: Partial<Summary>): string[] {
  const summary = { ...buildSummary(madeData(), { ...madeContext(), budgetUsd: null }), ...change };
  return summaryJunit(summary)
    .split('\n')
    .filter((line) => line.includes('<testcase'))
    .map((line) => {
      const [, name = '', , kind = 'passed', message = ''] =
        /name="([^"]*)" time="0"(\/>|><(\w+) message="([^"]*)")/.exec(line) ?? [];
      return kind === 'passed' ? name : `${name}: ${kind}, ${message}`;
    });
}

test('a run passes by each of its thresholds, and by having measured anything', () => {
  const thresholds = [
    { metric: 'a', expression: 'max<1', ok: true },
    { metric: 'b', expression: 'max<2', ok: false },
    { metric: 'c', expression: 'max<3', ok: null },
  ];
  const slo = { state: 'fail' as const, breached: ['b: max<2', 'something else'], judged: [] };
  expect(casesOf({ thresholds, slo })).toEqual([
    'at least one request succeeded',
    'a: max&lt;1',
    'b: max&lt;2: failure, b did not meet max&lt;2',
    'c: max&lt;3: skipped, not judged: no sample',
    'something else: failure, not met: something else',
  ]);
});

test('a run without a success fails, whatever its thresholds say', () => {
  const { totals } = buildSummary({}, madeContext());
  expect(casesOf({ totals: { ...totals, requestsStarted: 4 }, thresholds: [] })[0]).toBe(
    'at least one request succeeded: failure, 4 started, none succeeded',
  );
});

test('a run that ended itself fails for it', () => {
  expect(casesOf({ stopped: 'no quota left' })[0]).toBe('the run went to its end: failure, no quota left');
});

test('of a run that was interrupted nothing is judged', () => {
  const interrupted = { afterMs: 4900, plannedMs: 48_000 };
  const words = 'INTERRUPTED after 4.9 s of 48 s';
  const thresholds = [{ metric: 'a', expression: 'max>1', ok: false }];
  const slo = { state: 'not-judged' as const, breached: [], judged: [] };
  expect(casesOf({ interrupted, thresholds, slo })).toEqual([
    `the run went to its end: error, ${words}`,
    `at least one request succeeded: skipped, not judged: ${words}`,
    `a: max&gt;1: skipped, not judged: ${words}`,
  ]);
});

test.each([
  ['\u0000\u0001\u0008\u000b\u000c\u000e\u001f\ufffe\uffff', '\ufffd'.repeat(9)],
  ['\t\n\r \ud7ff\ue000\ufffd', '\t\n\r \ud7ff\ue000\ufffd'],
  ['a\ud83d', 'a\ufffd'],
  ['\ude00b', '\ufffdb'],
  ['\ud83d\ude00', '\ud83d\ude00'],
  ['\ud83d\ud83d\ude00\ude00', '\ufffd\ud83d\ude00\ufffd'],
])('characters that XML forbids are replaced: %#', (text, expected) => {
  expect(escapeXml(text)).toBe(expected);
});
