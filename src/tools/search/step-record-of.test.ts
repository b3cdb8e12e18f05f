import { describe, expect, test } from 'vitest';
import type { Summary } from '../../lib/summary/summary.ts';
import { madeRequests, runOf } from '../compare/made-runs.ts';
import type { CpuUse } from '../machine/cpu-use.ts';
import { addedToRun, trustFrom, UNKNOWN_HEALTH } from '../results/merge/trust-from.ts';
import { type EndedStep, stepRecordOf } from './step-record-of.ts';
import { StepSamples } from './step-samples.ts';

const IDLE: CpuUse = {
  peakRatio: 0.2,
  machinePeakRatio: 0.4,
  wholeRatio: 0.2,
  machineWholeRatio: 0.4,
  meanWaitMs: 0.02,
  totalMs: 1000,
  memoryBytes: [],
};

const { run } = await runOf(
  madeRequests({ seed: 3, durationSec: 20, ratePerSec: 10, slowness: 1, memory: 0 }),
);

function recordOf(
  change: Partial<EndedStep> = {},
  { load = {}, totals = {} }: { load?: Partial<Summary['load']>; totals?: Partial<Summary['totals']> } = {},
) {
  const own = change.run ?? run;
  const { summary } = own;
  const record = stepRecordOf({
    number: 1,
    load: 10,
    length: 'full',
    folder: 'steps/01',
    isCutShort: false,
    by: 'rate',
    times: { warmupMs: 0, holdMs: 20_000, expectedLatencyMs: null },
    samples: new StepSamples([]),
    cpu: IDLE,
    meterLoopDelayP99Ms: 1,
    ...change,
    run: {
      ...own,
      summary: {
        ...summary,
        load: { ...summary.load, offered: 200, ...load },
        totals: { ...summary.totals, requestsStarted: 200, droppedIterations: 0, ...totals },
      },
    },
  });
  if (record === null) throw new Error('there is no record');
  return record;
}

test('figures of a step are by the time that it measured', () => {
  const record = recordOf();
  const { succeeded } = run.summary.totals;
  expect(record.measuredSec).toBe(20);
  expect(record.goodPerSec).toBeCloseTo(succeeded / 20, 6);
  expect(record.outputTokensPerSec).toBeCloseTo(run.summary.totals.outputTokens / 20, 6);
  // 10 ms a token.
  expect(record.tokensPerSecAUser).toBeCloseTo(100, 0);
  const costUsd = run.summary.totals.costUsd ?? 0;
  expect(record.usdPerHour).toBeCloseTo(costUsd * 180, 6);
  // Little's law: 10/s that take about 0.7 s.
  expect(record.openAtOnce).toBeGreaterThan(5);
  expect(record.openAtOnce).toBeLessThan(9);
  expect(record.drive).toEqual({ madeRatio: 1, clientBound: [], shortOf: [] });
});

test('failures are of the time measured, as the service level judges them', async () => {
  const made = madeRequests({ seed: 3, durationSec: 20, ratePerSec: 20, slowness: 1, memory: 0 });
  // A server that lets a burst in, and refuses from then on.
  const records = made.map((record) =>
    record.atMs < 5000
      ? { ...record, phase: 'warmup' as const, outcome: 'ok' as const }
      : { ...record, outcome: 'rate_limited' as const, latencyMs: null },
  );
  const { run: refused } = await runOf(records);
  const times = { warmupMs: 5000, holdMs: 15_000, expectedLatencyMs: null };
  const { measured, requests } = recordOf({ run: refused, times });
  const main = records.filter(({ phase }) => phase === 'main').length;
  expect(measured).toEqual({ requests: main, failed: main });
  expect(requests).toBeGreaterThan(main);
});

describe('the client', () => {
  test.each([
    ['all was made', 200, 1],
    ['two arrivals may be missing', 198, 1],
    ['a tenth was not made', 178, 0.9],
  ])('%s', (_title, requestsStarted, madeRatio) => {
    expect(recordOf({}, { totals: { requestsStarted } }).drive.madeRatio).toBeCloseTo(madeRatio, 9);
  });

  test('lacked VUs', () => {
    const { shortOf } = recordOf({}, { totals: { droppedIterations: 12 }, load: { vusAllocated: 4 } }).drive;
    expect(shortOf).toEqual([expect.stringMatching(/^12 requests were not sent, because all 4 VUs waited/)]);
  });

  test('brought requests late to the meter', async () => {
    const world = { seed: 3, durationSec: 5, ratePerSec: 10, slowness: 1, memory: 0 };
    const { run: late } = await runOf(madeRequests(world, { hopMs: 900 }));
    const { shortOf, clientBound } = recordOf({ run: late }).drive;
    expect(shortOf).toEqual([expect.stringMatching(/^requests started up to 9\d\d ms late/)]);
    expect(clientBound).toEqual([expect.stringMatching(/^the hop from k6 to the meter took 9\d\d ms/)]);
  });

  test.each([
    ['used up the machine', { peakRatio: 0.9 }, /k6 used 90 % of this machine's CPU/],
    ['used it up in a step too short for five seconds', { peakRatio: null, wholeRatio: 0.9 }, /k6 used 90 %/],
    ['waited for a core', { meanWaitMs: 3.46 }, /^k6 waited 3.5 ms for a core each time/],
  ])('%s', (_title, cpu, reason) => {
    expect(recordOf({ cpu: { ...IDLE, ...cpu } }).drive.clientBound).toEqual([expect.stringMatching(reason)]);
  });

  test('is not told to be slow where the system does not tell', () => {
    const cpu = {
      ...IDLE,
      peakRatio: null,
      wholeRatio: null,
      machinePeakRatio: null,
      machineWholeRatio: null,
    };
    expect(recordOf({ cpu: { ...cpu, meanWaitMs: null } }).drive.clientBound).toEqual([]);
  });
});

test('a step of users goes on until their last answers', () => {
  const times = { warmupMs: 0, holdMs: 5000, expectedLatencyMs: null };
  expect(recordOf({ by: 'vus', times }).measuredSec).toBeCloseTo((run.summary.durationMs ?? 0) / 1000, 6);
  expect(recordOf({ by: 'rate', times }).measuredSec).toBe(5);
});

describe('what the machine adds', () => {
  const at = (ttftErrorMs: number) => ({
    takenAt: '2026-11-28T10:00:00Z',
    calibration: {
      requestsPerSec: null,
      streams: [{ count: 10, open: 10, ttftErrorMs, ttftErrorP99Ms: ttftErrorMs, tpotErrorMs: 0 }],
    },
  });
  const figures = run.figures!;

  test('is known of a run by how many streams it had open', () => {
    const added = addedToRun(run.summary, figures, { ...UNKNOWN_HEALTH, machine: at(3) });
    expect(added?.ttftMs).toBe(3);
    expect(added?.streams).toBeGreaterThan(5);
    expect(added?.streams).toBeLessThan(9);
    expect(addedToRun(run.summary, figures, UNKNOWN_HEALTH)).toBeNull();
  });

  test('is a doubt where it is a good part of what was seen', () => {
    const stateWith = (ttftErrorMs: number) =>
      trustFrom(run.summary, figures, { ...UNKNOWN_HEALTH, machine: at(ttftErrorMs) });
    expect(stateWith(3).state).toBe('valid');
    expect(stateWith(60).state).toBe('client-bound');
    expect(stateWith(60).reasons[0]).toMatch(
      /^this machine adds 60 ms to TTFT at \d open streams .*, more than 10 %/,
    );
  });
});
