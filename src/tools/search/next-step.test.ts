import { describe, expect, test } from 'vitest';
import { exponential, randomFor } from '../../lib/numbers/random.ts';
import { latencyLimitMs, parseServiceLevel, type ServiceTerm } from './service-level.ts';
import { type World, worldStep } from './made-world.ts';
import { nextStep, type SearchOutcome, type SearchRange, triedLoads } from './next-step.ts';
import { stepTimes } from './step-length.ts';
import type { StepRecord } from './step-record.ts';
import { madeFacts } from './made-facts.ts';

const RANGE: SearchRange = { by: 'rate', min: 1, max: 10_000, precisionRatio: 0.05 };
/** No search of these takes more steps: otherwise it goes round in circles. */
const MAX_STEPS = 60;

/** 16 slots of 0.4 s: 40/s. */
const MOCK: World = { slots: 16, serviceMs: () => 400 };

type Searched = { outcome: SearchOutcome; steps: StepRecord[]; lastedSec: number };

function search(
  world: World,
  {
    slo,
    range = {},
    before = [],
  }: { slo: string; range?: Partial<SearchRange>; before?: readonly StepRecord[] },
): Searched {
  const asked = { ...RANGE, ...range };
  const terms = parseServiceLevel(slo, madeFacts(asked.by));
  const steps = [...before];
  let lastedSec = 0;
  while (steps.length < MAX_STEPS) {
    const next = nextStep(steps, terms, asked);
    if (next.kind === 'end') return { outcome: next.outcome, steps, lastedSec };
    const step = measure(world, { steps, next, terms, by: asked.by });
    lastedSec += step.measuredSec;
    steps.push(step);
  }
  throw new Error(`no end after ${MAX_STEPS} steps: ${steps.map(({ load }) => load).join(' ')}`);
}

function measure(
  world: World,
  {
    steps,
    next,
    terms,
    by,
  }: {
    steps: readonly StepRecord[];
    next: { load: number; length: StepRecord['length'] };
    terms: readonly ServiceTerm[];
    by: SearchRange['by'];
  },
): StepRecord {
  const held = triedLoads(steps, terms).filter(({ load, counts }) => counts === 'held' && load <= next.load);
  const times = stepTimes(
    { ...next, by, holdMs: 30_000, warmupMs: null },
    { terms, held: held.at(-1)?.steps.at(-1) ?? null, limitMs: latencyLimitMs(terms) },
  );
  return worldStep({ ...world, by }, terms, { number: steps.length + 1, ...next, times });
}

function found({ outcome }: Searched): { held: number; broke: number } {
  if (outcome.kind !== 'found') throw new Error(`it ended ${outcome.kind}`);
  return outcome;
}

describe('of a server of 40/s', () => {
  test.each([
    ['a limit close by', 'p95(ai_latency_ms)<1000', 30],
    ['a limit that a growing queue reaches after minutes only', 'p95(ai_latency_ms)<20s', 30],
    ['a limit of p99', 'p99(ai_latency_ms)<1s; error_rate<1%', 30],
    ['a limit of the mean', 'mean(ai_latency_ms)<600', 30],
  ])('%s', (_title, slo) => {
    const searched = search(MOCK, { slo });
    const { held, broke } = found(searched);
    expect(held).toBeGreaterThan(38);
    expect(held).toBeLessThanOrEqual(41);
    expect(broke / held).toBeLessThanOrEqual(1.05);
    // What was measured, without warm-up: the rest of six minutes is for k6 to start and end.
    expect(searched.lastedSec).toBeLessThan(280);
  });

  test('that refuses what it cannot queue, the failures tell', () => {
    const { held } = found(search({ ...MOCK, queue: 4 }, { slo: 'error_rate<1%' }));
    expect(held).toBeGreaterThan(38);
    expect(held).toBeLessThan(42);
  });

  test('a service level without a word on failures has a limit for them', () => {
    const { held } = found(search({ ...MOCK, queue: 4 }, { slo: 'p95(ai_latency_ms)<30s' }));
    expect(held).toBeLessThan(44);
  });

  test('the answer rests on a full step, with finer precision too', () => {
    const searched = search(MOCK, { slo: 'p95(ai_latency_ms)<1000', range: { precisionRatio: 0.01 } });
    const { held, broke } = found(searched);
    expect(broke / held).toBeLessThanOrEqual(1.01);
    expect(searched.steps.some(({ load, length }) => load === held && length === 'full')).toBe(true);
  });
});

test('users at a time: 32 of them wait one turn at most, with 33 one request in 16 waits two', () => {
  const { held, broke } = found(search(MOCK, { slo: 'p95(ai_latency_ms)<1000', range: { by: 'vus' } }));
  expect([held, broke]).toEqual([32, 33]);
});

describe('where nobody can tell', () => {
  test.each([
    ['the lowest load breaks', { ...MOCK, serviceMs: () => 5000 }, {}, { kind: 'broke-at-once', load: 1 }],
    ['the highest asked holds', MOCK, { max: 24 }, { kind: 'held-to-the-end', load: 24 }],
    ['only one load is asked, and holds', MOCK, { min: 8, max: 8 }, { kind: 'held-to-the-end', load: 8 }],
    [
      'the client makes no more than 20/s',
      { ...MOCK, clientMax: 20 },
      {},
      { kind: 'beyond-client', held: 16, notDriven: 32 },
    ],
    [
      'the client cannot even begin',
      { ...MOCK, clientMax: 0.5 },
      {},
      { kind: 'beyond-client', held: null, notDriven: 1 },
    ],
  ] satisfies [string, World, Partial<SearchRange>, SearchOutcome][])(
    '%s',
    (_title, world, range, outcome) => {
      expect(search(world, { slo: 'p95(ai_latency_ms)<1000', range }).outcome).toEqual(outcome);
    },
  );

  test('what was not made is tried once more, then believed', () => {
    const { steps } = search({ ...MOCK, clientMax: 20 }, { slo: 'p95(ai_latency_ms)<1000' });
    expect(steps.filter(({ load }) => load === 32)).toHaveLength(2);
  });
});

test('a server that less than the load asked breaks is broken, whatever the client lacked', () => {
  const { outcome } = search({ ...MOCK, clientMax: 60 }, { slo: 'p95(ai_latency_ms)<1000' });
  expect(outcome.kind).toBe('found');
});

test('it goes on after any step as if it had never ended', () => {
  const slo = 'p95(ai_latency_ms)<1000';
  const whole = search(MOCK, { slo });
  for (let at = 0; at < whole.steps.length; at++) {
    const kept = JSON.parse(JSON.stringify(whole.steps.slice(0, at))) as StepRecord[];
    const resumed = search(MOCK, { slo, before: kept });
    expect(resumed.outcome).toEqual(whole.outcome);
    expect(resumed.steps.map(({ load }) => load)).toEqual(whole.steps.map(({ load }) => load));
  }
});

describe('requests that come and take as they like', () => {
  /** Where p95 of the same queue over 5.5 hours reaches the limit. */
  const TRUTH_PER_SEC = 36.3;

  test('the answers lie around the truth, within 10 %', () => {
    const answers = Array.from({ length: 20 }, (_, seed) => {
      const random = randomFor(seed, 'queue');
      const world: World = {
        slots: 16,
        serviceMs: () => 400 * exponential(random),
        gapMs: (meanMs) => meanMs * exponential(random),
      };
      return found(search(world, { slo: 'p95(ai_latency_ms)<1500' })).held;
    });
    const off = answers.map((held) => held / TRUTH_PER_SEC - 1);
    expect(Math.max(...off.map(Math.abs))).toBeLessThanOrEqual(0.1);
    expect(Math.abs(off.reduce((sum, ratio) => sum + ratio, 0) / off.length)).toBeLessThan(0.03);
  });
});

test('a step within noise of its limit is tried again, three times at most', () => {
  // Every 20th request is slow, which is just what the limit allows.
  let count = 0;
  const world: World = { slots: 64, serviceMs: () => (count++ % 20 === 0 ? 2000 : 100) };
  const { steps } = search(world, { slo: 'p95(ai_latency_ms)<1000', range: { max: 8 } });
  const full = steps.filter(({ length }) => length === 'full');
  const tries = new Set(full.map(({ load }) => full.filter((step) => step.load === load).length));
  expect(Math.max(...tries)).toBe(3);
});

test('the figures shown of a load are those of a step that says what all of them say', () => {
  const terms = parseServiceLevel('error_rate<5%', madeFacts());
  const stepOf = (failed: number, number: number): StepRecord => {
    const made = worldStep(MOCK, terms, {
      number,
      load: 10,
      length: 'full',
      times: { warmupMs: 0, holdMs: 30_000, expectedLatencyMs: null },
    });
    const sums = made.terms[0]!.counts.map((_, at) => (at % 10 === 0 ? failed / 3 : 0));
    return { ...made, measured: { requests: 300, failed }, terms: [{ ...made.terms[0]!, sums }] };
  };
  // 6 %, 6 % and 4 %: more than 5 % all together, within noise.
  const [tried] = triedLoads([stepOf(18, 1), stepOf(18, 2), stepOf(12, 3)], terms);
  expect(tried?.counts).toBe('broken');
  expect(tried?.shown?.number).toBe(2);
});
