import { describe, expect, test } from 'vitest';
import { iterations, type LoadShape, rate, steps, trace, users } from './load-builders.ts';
import { offeredRequests } from './load.ts';
import { parsePart } from './parse-load.ts';
import { SCENARIO_PARTS } from './scenario-parts.ts';

const parse = (load: LoadShape) => parsePart({ name: 'part', load }).load;

describe('a load', () => {
  test('of users is constant, or goes in lines from stage to stage', () => {
    expect(parse(users(5, '1m30s'))).toMatchObject({
      kind: 'closed',
      stages: [{ durationMs: 90_000, fromVus: 5, toVus: 5 }],
    });
    expect(
      parse(
        users({
          stages: [
            { duration: '1m', target: 8 },
            { duration: '500ms', target: 0 },
          ],
        }),
      ),
    ).toMatchObject({
      stages: [
        { durationMs: 60_000, fromVus: 0, toVus: 8 },
        { durationMs: 500, fromVus: 8, toVus: 0 },
      ],
    });
  });

  test('of a rate jumps where a stage takes no time', () => {
    const load = rate({
      start: 2,
      stages: [
        { duration: '1s', target: 2 },
        { duration: '0s', target: 0.5 },
        { duration: '4s', target: 0.5 },
      ],
    });
    expect(parse(load)).toEqual({
      kind: 'open',
      stages: [
        { durationMs: 1000, fromPerSec: 2, toPerSec: 2 },
        { durationMs: 4000, fromPerSec: 0.5, toPerSec: 0.5 },
      ],
    });
  });

  test('of steps is as many constant rates as are asked for', () => {
    const load = parse(steps({ to: 12, count: 3, each: '10s' }));
    expect(load).toMatchObject({ kind: 'open' });
    const { stages } = load as Extract<typeof load, { kind: 'open' }>;
    expect(stages.map(({ fromPerSec, toPerSec }) => [fromPerSec, toPerSec])).toEqual([
      [4, 4],
      [8, 8],
      [12, 12],
    ]);
    expect(offeredRequests(stages)).toBe(240);
  });

  test('of iterations and of a trace says so', () => {
    expect(parse(iterations(7))).toEqual({ kind: 'iterations', count: 7 });
    expect(trace('a.jsonl')).toMatchObject({ kind: 'open', arrivals: 'trace:a.jsonl' });
  });

  test.each<[what: string, load: unknown, said: RegExp]>([
    ['a duration without a unit', users(5, '60'), /stage 1: got "60"; expected a duration with its unit/],
    [
      'a number as a duration',
      { kind: 'open', start: 1, stages: [{ duration: 60, target: 1 }] },
      /stage 1: got "60"/,
    ],
    ['half a user', users(2.5, '1m'), /users: got "2.5"; expected a whole number/],
    ['a negative rate', rate(-1, '1m'), /got "-1"; expected a number from 0/],
    ['a rate that is none', rate(Number.NaN, '1m'), /got "NaN"/],
    ['no stage', rate({ stages: [] }), /expected a list of stages/],
    ['stages that are none', { kind: 'closed', start: 1 }, /expected a list of stages/],
    ['nothing to do', users(0, '1m'), /expected a stage that takes time/],
    ['no time', rate(5, '0s'), /expected a stage that takes time/],
    ['no iteration', iterations(0), /expected a whole number of at least 1/],
    ['another kind', { kind: 'burst' }, /got "burst"; expected what users, rate/],
  ])('is refused with %s', (_what, load, said) => {
    expect(() => parse(load as LoadShape)).toThrow(said);
  });
});

test('each scenario of ours asks for what its page says', () => {
  const [spike] = SCENARIO_PARTS['spike']!;
  expect(spike!.minVus).toBe(100);
  expect(spike!.load).toEqual({
    kind: 'open',
    stages: [
      { durationMs: 60_000, fromPerSec: 1, toPerSec: 1 },
      { durationMs: 5000, fromPerSec: 1, toPerSec: 5 },
      { durationMs: 180_000, fromPerSec: 5, toPerSec: 5 },
      { durationMs: 120_000, fromPerSec: 1, toPerSec: 1 },
    ],
  });
  const offered = Object.fromEntries(
    Object.entries(SCENARIO_PARTS).map(([name, parts]) => [
      name,
      parts.map(({ load }) => (load.kind === 'open' ? offeredRequests(load.stages) : null)),
    ]),
  );
  expect(offered).toMatchObject({ stress: [32_460], soak: [7200], breakpoint: [63_000] });
});
