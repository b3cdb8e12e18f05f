import { describe, expect, test } from 'vitest';
import { createRandom, standardNormal } from '../../lib/numbers/random.ts';
import type { Summary } from '../../lib/summary/summary.ts';
import { buildSummary } from '../../lib/summary/build-summary.ts';
import { madeContext, madeData } from '../../lib/summary/made-data.ts';
import { driftFinding } from './drift-finding.ts';
import { findingsOf } from './findings-of.ts';
import { limitsFinding } from './limits-finding.ts';
import { MADE_SERVER, madeTimedRequests } from './made-server.ts';
import { spikeFinding } from './spike-finding.ts';
import type { TimedRequest } from './timed-request.ts';

const [BEFORE_MS, SPIKE_MS, AFTER_MS] = [60_000, 60_000, 60_000];

/** Ten a second before and after, forty within; `answer` says how one that comes at a time goes. */
function spike(
  answer: (intoSpikeMs: number) => { isOk?: boolean; latencyMs?: number; costUsd?: number | null },
): TimedRequest[] {
  const requests: TimedRequest[] = [];
  const totalMs = BEFORE_MS + SPIKE_MS + AFTER_MS;
  for (let startMs = 0; startMs < totalMs;) {
    const into = startMs - BEFORE_MS;
    const window = into < 0 ? 'before' : into < SPIKE_MS ? 'spike' : 'after-00';
    const { isOk = true, latencyMs = 200, costUsd = 0.001 } = answer(into);
    requests.push({
      startMs,
      endMs: startMs + latencyMs,
      isOk,
      isMeasured: true,
      isRetried: false,
      model: 'm',
      window,
      latencyMs: isOk ? latencyMs : null,
      ttftMs: null,
      tpotMs: null,
      inputTokens: 10,
      cachedInputTokens: 0,
      outputTokens: 10,
      costUsd,
    });
    startMs += window === 'spike' ? 25 : 100;
  }
  return requests;
}

function summaryOf(changes: Partial<Summary> = {}): Summary {
  return { ...buildSummary(madeData(), madeContext()), scenario: 'spike', recovery: null, ...changes };
}

describe('what a spike did', () => {
  const quiet = { ...buildSummary(madeData(), madeContext()).totals, droppedIterations: 0, cutShort: 0 };

  test('is told from the first failure to the last, at the worst, against before, in requests and dollars', () => {
    // From 10 s to 40 s into it every second one fails, and the others take 900 ms.
    const requests = spike((into) => {
      const isBad = into >= 10_000 && into < 40_000;
      return isBad ? { isOk: (into / 25) % 2 === 0, latencyMs: 900 } : {};
    });
    const recovery = { latencyMs: 0, ttftMs: null, latency: 'back', ttft: 'too-few' } as const;
    const finding = spikeFinding(
      requests,
      summaryOf({ totals: { ...quiet, droppedIterations: 7 }, recovery }),
    );
    expect(finding?.sentence).toBe(
      'errors began 10.9 s into the spike; 50 % failed at the worst (11.0 s to 12.0 s after it began); ' +
        'p95 was 900 ms at the worst (11.0 s to 12.0 s after it began), against 200 ms before; ' +
        'latency was back as soon as it ended; 607 requests lost (600 failed, 7 dropped), $0.600000 spent on failures',
    );
    const began = finding?.rows.find(({ name }) => name === 'errors began');
    expect(began?.note).toBe('the last came 40.9 s into the spike');
  });

  test.each([
    ['of which none told its tokens', () => null, 'an unknown sum'],
    ['of which some told theirs', (into: number) => (into < 15_000 ? 0.001 : null), '$0.100000 or more'],
  ])('knows no more dollars than failures told: %s', (_, costOf, spent) => {
    const requests = spike((into) => {
      const isBad = into >= 10_000 && into < 20_000;
      return isBad ? { isOk: (into / 25) % 2 === 0, costUsd: costOf(into) } : {};
    });
    const finding = spikeFinding(requests, summaryOf({ totals: quiet }));
    expect(finding?.sentence).toContain(`${spent} spent on failures`);
    expect(finding?.rows.find(({ name }) => name === 'spent on failures')?.value).toBe(spent);
  });

  test('without failures says so', () => {
    const finding = spikeFinding(
      spike(() => ({})),
      summaryOf({ totals: quiet }),
    );
    expect(finding?.sentence).toMatch(
      /^no request failed; p95 was 200 ms at the worst .* against 200 ms before$/,
    );
  });

  test('of requests that failed before it too tells their share', () => {
    const requests = spike((into) => ({ isOk: into >= 0 || into % 1000 !== 0 }));
    expect(spikeFinding(requests, summaryOf({ totals: quiet }))?.sentence).toMatch(/^no request failed/);
    const both = spike((into) => ({ isOk: Math.abs(into) % 1000 !== 0 }));
    expect(spikeFinding(both, summaryOf({ totals: quiet }))?.sentence).toMatch(
      /; 10 % had failed before it;/,
    );
  });

  test('is not asked of a run without one', () => {
    expect(spikeFinding(madeTimedRequests(MADE_SERVER), summaryOf())).toBeNull();
  });
});

/** An hour at two a second. */
function hour({
  risePerHour = 0,
  failing = () => 0,
  seed = 1,
}: {
  risePerHour?: number;
  failing?: (hours: number) => number;
  seed?: number;
}): TimedRequest[] {
  const random = createRandom(seed);
  return spike(() => ({}))
    .slice(0, 1)
    .flatMap((one) =>
      Array.from({ length: 7200 }, (_, at): TimedRequest => {
        const startMs = at * 500;
        const hours = startMs / 3_600_000;
        const latencyMs = (200 + risePerHour * hours) * Math.exp(0.3 * standardNormal(random));
        const isOk = random.next() >= failing(hours);
        return {
          ...one,
          startMs,
          endMs: startMs + latencyMs,
          latencyMs: isOk ? latencyMs : null,
          isOk,
          window: null,
        };
      }),
    );
}

describe('drift over an hour', () => {
  const rowOf = (finding: ReturnType<typeof driftFinding>, name: string): string =>
    finding.rows.find((row) => row.name === name)?.value ?? '';

  test('of latency is told with its slope', () => {
    const finding = driftFinding(hour({ risePerHour: 60 }), null);
    expect(finding.sentence).toMatch(
      /^latency rose by \d+\.?\d* ms an hour \(\+2\d\.\d % an hour\); no drift of errors/,
    );
    expect(Number(/^\+([\d.]+) ms/.exec(rowOf(finding, 'latency'))?.[1])).toBeCloseTo(60, -1);
  });

  test('of errors likewise, and of nothing where nothing drifts', () => {
    expect(driftFinding(hour({ failing: (hours) => 0.02 + 0.1 * hours }), null).sentence).toMatch(
      /errors rose by (9|10|11)\.\d+ percentage points an hour/,
    );
    const steady = driftFinding(hour({ failing: () => 0.05, seed: 2 }), null);
    expect(steady.sentence).toBe(
      "no drift of latency and errors beyond noise; cannot tell for the client's memory",
    );
  });

  test("of the client's memory, but for what it takes to start", () => {
    const random = createRandom(3);
    const memory = Array.from(
      { length: 3600 },
      (_, second) => 1e6 * (second < 300 ? second : 300 + second / 360 + standardNormal(random)),
    );
    const finding = driftFinding(hour({}), memory);
    expect(finding.sentence).toMatch(
      /the client's memory rose by (9|10)\.?\d* MB an hour, at 3(09|10) MB in the end/,
    );
  });

  test('of few requests and few failures cannot be told', () => {
    const finding = driftFinding(hour({ failing: () => 0.01 }).slice(0, 400), null);
    expect(rowOf(finding, 'latency')).toBe('cannot tell');
    expect(rowOf(finding, 'errors')).toBe('cannot tell');
  });
});

describe('what limits a server', () => {
  test('is one sentence, and rows with intervals or reasons', () => {
    const finding = limitsFinding(madeTimedRequests(MADE_SERVER));
    expect(finding?.sentence).toMatch(
      /^above 3\d\.\d\/s the queue grows; prefill about (7[5-9]|8[0-5])00 tokens\/s; decode (49|50|51)(\.\d)? tokens\/s a stream; 16 answers at a time$/,
    );
    for (const { value, note } of finding?.rows ?? [])
      expect(value === 'cannot tell' ? note.length > 20 : note).toBeTruthy();
  });

  test('is not asked of a few requests, and cannot be told of whole answers', () => {
    const requests = madeTimedRequests(MADE_SERVER);
    expect(limitsFinding(requests.slice(0, 50))).toBeNull();
    const whole = requests.map((request) => ({ ...request, ttftMs: null }));
    expect(limitsFinding(whole)?.sentence).toMatch(/^cannot tell: answers came whole; run with --stream/);
  });
});

test('a run answers what it is made for', () => {
  const questions = (requests: TimedRequest[], changes: Partial<Summary>): string[] =>
    findingsOf(requests, { summary: summaryOf(changes), memoryBytes: null }).map(({ question }) => question);
  expect(
    questions(
      spike(() => ({})),
      {},
    ),
  ).toEqual(['What did the spike do?', 'What limits it?']);
  expect(questions(hour({}), { scenario: 'soak' })).toEqual(['Did it drift?', 'What limits it?']);
  expect(questions([], { scenario: 'soak' })).toEqual([]);
});
