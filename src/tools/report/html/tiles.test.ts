import { expect, test } from 'vitest';
import type { SampleRecord } from '../../../lib/samples/sample-fields.ts';
import { type MadeRun, madeRequests, runOf } from '../../compare/made-runs.ts';
import { madeRecord } from '../../results/made-samples.ts';
import type { RunData } from '../../results/read/run-data.ts';
import { tiles } from './tiles.ts';

const USUAL: MadeRun = { seed: 1, durationSec: 20, ratePerSec: 30, slowness: 1, memory: 0 };

function titles(run: RunData): string[] {
  return [...tiles(run).text.matchAll(/<dt>(.*?)<\/dt>/g)].map(([, title]) => title ?? '');
}

/** k6 gives an empty Trend zeros, not nothing. */
function withZeros(run: RunData): RunData {
  const zeros = { avg: 0, count: 0, max: 0, med: 0, min: 0, 'p(90)': 0, 'p(95)': 0, 'p(99)': 0 };
  const metrics = { ...run.summary.metrics, ai_tpot_ms: zeros, ai_ttft_ms: zeros };
  return { ...run, summary: { ...run.summary, metrics } };
}

const BLOCKING = { stream: false, ttftMs: null, tpotMs: null };

test.each<[string, readonly SampleRecord[], boolean]>([
  ['streamed', madeRequests(USUAL), true],
  ['blocking', madeRequests(USUAL, BLOCKING), false],
  ['empty', [], false],
  ['all failed', [madeRecord({ outcome: 'timeout', latencyMs: null })], false],
])('TTFT and TPOT of a run that is %s are shown only where they were measured', async (_, records, has) => {
  const { run } = await runOf(records);
  const known = ['TTFT p50', 'TTFT p95', 'TTFT p99', 'TPOT p50'];
  for (const shown of has ? [run] : [run, withZeros(run)]) {
    expect(titles(shown).filter((title) => known.includes(title))).toEqual(has ? known : []);
  }
});
