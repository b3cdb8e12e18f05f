import { expect, test } from 'vitest';
import { type Figure, NO_RESULTS, type Results, withMeasured } from './results-file.ts';
import { createRandom, type Random } from '../../src/lib/numbers/random.ts';
import { judgeTruth, type TruthRow } from './judge-truth.ts';

const HERE = 'Here, 2 cores, 25 GB, linux';
const ELSEWHERE = 'Elsewhere, 8 cores, 34 GB, linux';

function figure(...values: number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const [min = 0, max = 0] = [sorted[0], sorted.at(-1)];
  return { median: sorted[sorted.length >> 1] ?? 0, min, max, rounds: values.length, values };
}

/** Rounds that lie around `middle` by that share. */
function rounds(middle: number, share = 0.02): Figure {
  return figure(middle * (1 - share), middle, middle * (1 + share));
}

function row(tool: string, streams: number, figures: Partial<TruthRow> = {}): TruthRow {
  return {
    tool,
    streams,
    ttftMeanErrorMs: rounds(tool === 'locust' ? 80 : 3),
    ttftP99ErrorMs: rounds(tool === 'locust' ? 300 : 9),
    tpotErrorMs: figure(0.01, -0.01, 0),
    cpuUsPerToken: rounds(tool === 'locust' ? 57 : 59),
    ...figures,
  };
}

const PLAIN = [row('k6-llm', 100), row('k6-llm', 400), row('locust', 100), row('locust', 400)];

function committed(rows: readonly TruthRow[] = PLAIN, name = HERE): Results {
  return withMeasured(NO_RESULTS, {
    machine: { name, cpu: 'a', cores: 2, memoryGb: 25, os: 'linux' },
    name: 'truth',
    taken: {
      date: '2026-11-28',
      kernel: '',
      loadAverage: '',
      versions: {},
      othersRatio: 0,
      quick: false,
    },
    measured: rows,
    minutes: null,
  });
}

function judge(fresh: readonly TruthRow[], base = committed()) {
  const { kind, lines } = judgeTruth(fresh, { committed: base, machine: HERE });
  return { kind, text: lines.join('\n') };
}

/** The plain rows with one of ours changed. */
function with400(figures: Partial<TruthRow>): TruthRow[] {
  return PLAIN.map((one) =>
    one.tool === 'k6-llm' && one.streams === 400 ? row('k6-llm', 400, figures) : one,
  );
}

test('the same again passes, and tells what was compared with what', () => {
  const { kind, text } = judge(PLAIN);
  expect(kind).toBe('ok');
  expect(text).toContain(`against the committed figures of this machine (${HERE})`);
  expect(text).toContain('k6-llm at 400 streams: error of mean TTFT: 1.00 times the committed ratio');
});

test.each([
  ['error of mean TTFT', { ttftMeanErrorMs: rounds(6) }],
  ['error of TTFT p99', { ttftP99ErrorMs: rounds(20) }],
  ['error of mean TPOT', { tpotErrorMs: rounds(-0.5) }],
  ['CPU a streamed token', { cpuUsPerToken: rounds(75) }],
])('%s that got worse at one number of streams fails, by name', (words, figures) => {
  const { kind, text } = judge(with400(figures));
  expect(kind).toBe('worse');
  expect(text).toMatch(new RegExp(`k6-llm at 400 streams: ${words} got [\\d.]+ times worse`));
  expect(text).not.toMatch(/at 100 streams: .* worse/);
});

test('a slower machine, which makes both slower, is nobody’s fault', () => {
  const slower = PLAIN.map((one) =>
    row(one.tool, one.streams, {
      ttftMeanErrorMs: rounds(one.tool === 'locust' ? 240 : 9),
      cpuUsPerToken: rounds(one.tool === 'locust' ? 171 : 177),
    }),
  );
  expect(judge(slower).kind).toBe('ok');
});

test('where rounds differ much, it takes more to be worse than noise', () => {
  const worse = with400({ ttftMeanErrorMs: rounds(6) });
  const noisy = (rows: readonly TruthRow[]): TruthRow[] =>
    rows.map((one) =>
      one.tool === 'k6-llm'
        ? { ...one, ttftMeanErrorMs: rounds(one.ttftMeanErrorMs?.median ?? 0, 0.6) }
        : one,
    );
  expect(judge(worse).kind).toBe('worse');
  expect(judge(noisy(worse), committed(noisy(PLAIN))).kind).toBe('ok');
  const muchWorse = noisy(with400({ ttftMeanErrorMs: rounds(60) }));
  expect(judge(muchWorse, committed(noisy(PLAIN))).kind).toBe('worse');
});

/** A run's rows, each round's values off by a random factor that is the same truth's noise. */
function madeRows(random: Random, roundCount: number, worseTimes = 1): TruthRow[] {
  const noisy = (middle: number, sd: number): Figure =>
    figure(...Array.from({ length: roundCount }, () => middle * Math.exp(sd * normal(random))));
  return [10, 100, 400, 1000].flatMap((streams) => [
    row('k6-llm', streams, {
      ttftMeanErrorMs: noisy(3 * worseTimes, 0.15),
      ttftP99ErrorMs: noisy(9, 0.3),
      cpuUsPerToken: noisy(59, 0.04),
    }),
    row('locust', streams, {
      ttftMeanErrorMs: noisy(80, 0.2),
      ttftP99ErrorMs: noisy(300, 0.3),
      cpuUsPerToken: noisy(57, 0.04),
    }),
  ]);
}

/** Of the standard normal distribution, near enough: a sum of twelve. */
function normal(random: Random): number {
  return Array.from({ length: 12 }, () => random.next()).reduce((sum, value) => sum + value, -6);
}

test('of 500 runs that are no worse few fail; of those whose TTFT error doubled most do', () => {
  const random = createRandom('judge-truth');
  const failures = (worseTimes: number): number =>
    Array.from({ length: 500 }, () => {
      const base = committed(madeRows(random, 2));
      return judge(madeRows(random, 3, worseTimes), base).kind === 'worse' ? 1 : 0;
    }).reduce<number>((sum, failed) => sum + failed, 0);
  expect(failures(1)).toBeLessThan(25);
  expect(failures(2)).toBeGreaterThan(450);
});

test('below what a clock can tell, nothing is worse', () => {
  const base = committed(PLAIN.map((one) => ({ ...one, ttftMeanErrorMs: rounds(0.02) })));
  const fresh = PLAIN.map((one) => ({ ...one, ttftMeanErrorMs: rounds(one.tool === 'k6-llm' ? 0.4 : 0.02) }));
  expect(judge(fresh, base).kind).toBe('ok');
});

test('an error of one sign is not made good by one of the other', () => {
  expect(judge(with400({ ttftMeanErrorMs: rounds(-30) })).kind).toBe('worse');
});

test('without Locust nothing is judged, and nothing passes', () => {
  const { kind, text } = judge(PLAIN.filter(({ tool }) => tool !== 'locust'));
  expect(kind).toBe('not-judged');
  expect(text).toMatch(/^this run has no locust: .* nothing was compared/);
});

test('a row without its peer, or without ours, is told and does not pass', () => {
  const noPeer = judge(PLAIN.filter(({ tool, streams }) => tool !== 'locust' || streams !== 400));
  expect(noPeer.kind).toBe('not-judged');
  expect(noPeer.text).toContain(
    'k6-llm at 400 streams: error of mean TTFT: not compared: locust was not measured at 400 streams',
  );
  const noOurs = judge(PLAIN.filter(({ tool, streams }) => tool !== 'k6-llm' || streams !== 400));
  expect(noOurs.text).toContain('not compared: k6-llm was not measured at 400 streams');
  expect(noOurs.kind).toBe('not-judged');
});

test('worse weighs more than not compared', () => {
  const worse = with400({ cpuUsPerToken: rounds(90) }).filter(
    ({ tool, streams }) => tool !== 'locust' || streams !== 100,
  );
  expect(judge(worse).kind).toBe('worse');
});

test('nothing committed: nothing is judged', () => {
  expect(judge(PLAIN, NO_RESULTS)).toMatchObject({
    kind: 'not-judged',
    text: expect.stringContaining('nothing to compare with'),
  });
  expect(judge(PLAIN, committed([row('k6-llm', 400)])).kind).toBe('not-judged');
});

test('figures of another machine are told as such, and only what is much worse counts', () => {
  const base = committed(PLAIN, ELSEWHERE);
  const little = judge(with400({ cpuUsPerToken: rounds(80) }), base);
  expect(little.kind).toBe('ok');
  expect(little.text).toContain(`the committed figures are of another machine (${ELSEWHERE}`);
  expect(judge(with400({ cpuUsPerToken: rounds(120) }), base).kind).toBe('worse');
});

test('a machine’s own figures come before newer ones of another', () => {
  const both: Results = {
    schemaVersion: 2,
    machines: [...committed(PLAIN, ELSEWHERE).machines, ...committed(PLAIN, HERE).machines],
  };
  expect(judge(PLAIN, both).text).toContain(`of this machine (${HERE})`);
});

test('the sse transport is judged where there is such a k6, and told where there is none', () => {
  const sse = [row('k6-llm sse', 100), row('k6-llm sse', 400)];
  const base = committed([...PLAIN, ...sse]);
  const without = judge(PLAIN, base);
  expect(without.kind).toBe('ok');
  expect(without.text).toContain('k6-llm sse: not judged: this run had no k6 with k6/x/sse');
  const worse = [row('k6-llm sse', 100), row('k6-llm sse', 400, { ttftMeanErrorMs: rounds(30) })];
  expect(judge([...PLAIN, ...worse], base).kind).toBe('worse');
});
