import { expect, test } from 'vitest';
import type { Step } from '../../../lib/summary/summary.ts';
import { madeRequests, runOf } from '../../compare/made-runs.ts';
import { answersFor } from './verdict.ts';

const LOAD = { seed: 1, durationSec: 10, ratePerSec: 5, slowness: 1, memory: 0 };
const STATS = { count: 50, mean: 400, min: 400, p50: 400, p90: 400, p95: 400, p99: 400, max: 400 };
const NOTHING = { count: 0, mean: null, min: null, p50: null, p90: null, p95: null, p99: null, max: null };

function step(ratePerSec: number, change: Partial<Step>): Step {
  return {
    name: String(ratePerSec),
    startMs: 0,
    durationMs: 10_000,
    ratePerSec,
    reached: 'whole',
    achievedPerSec: ratePerSec,
    latencyMs: STATS,
    ttftMs: NOTHING,
    errorRatio: 0,
    goodputRatio: null,
    ok: true,
    ...change,
  };
}

const NOT_REACHED = {
  reached: 'none',
  achievedPerSec: null,
  latencyMs: NOTHING,
  errorRatio: null,
  ok: null,
} as const;

async function answerOf(steps: Step[]) {
  const { run } = await runOf(madeRequests(LOAD), { label: 'run' });
  const thresholds = [{ metric: 'error_rate{step:02}', expression: 'rate<0.05', ok: steps[1]?.ok ?? null }];
  const [answer] = answersFor({ ...run, summary: { ...run.summary, steps, thresholds } });
  return answer!;
}

test('a load of steps is asked where it broke, not whether it held', async () => {
  const broke = await answerOf([
    step(36, {}),
    step(39, { ok: false, errorRatio: 0.5 }),
    step(42, NOT_REACHED),
  ]);
  expect(broke).toMatchObject({ question: 'Where did it break?', short: 'At 39.0/s', tone: 'bad' });
  expect(broke.sentences[0]).toBe('Held 36/s (p95 latency 400 ms), broke at 39/s: 50 % failed.');
});

test('one that never broke held everywhere, and one that was cut short did not find out', async () => {
  expect(await answerOf([step(36, {}), step(39, {})])).toMatchObject({ short: 'Nowhere', tone: 'good' });
  const short = await answerOf([step(36, {}), step(39, NOT_REACHED)]);
  expect(short).toMatchObject({ short: 'Not found', tone: 'doubtful' });
});

test('streams that users left and answers of no use stand beside the failures', async () => {
  const { run } = await runOf(madeRequests(LOAD));
  const told = (change: object): readonly string[] => {
    const totals = { ...run.summary.totals, ...change };
    return answersFor({ ...run, summary: { ...run.summary, totals } })[0]?.sentences ?? [];
  };
  const usual = told({});
  expect(usual.join(' ')).not.toMatch(/given up|JSON/);
  expect(told({ aborted: 12, invalidOutput: 1 })).toEqual([
    usual[0],
    '12 streams were given up by their users: in no latency.',
    '1 answer is not the JSON that was asked for.',
    ...usual.slice(1),
  ]);
});
