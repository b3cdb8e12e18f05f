import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../lib/settings/settings.ts';
import { exitCodeOf, exitCodeOfWhole, readShards, segmentArguments, shardOfSegment } from './read-shards.ts';

const read = (text: string | null, scenario = 'stress', k6Args: string[] = [], env = {}): number =>
  readShards(text, { scenario, settings: readSettings(env), k6Args });

describe('readShards', () => {
  test.each([
    [null, 1],
    ['1', 1],
    ['2', 2],
    ['64', 64],
  ])('%j is %i', (text, shards) => {
    expect(read(text)).toBe(shards);
  });

  test.each(['0', '65', 'two', '1.5', '-1', ''])('%j is refused', (text) => {
    expect(() => read(text)).toThrow(
      /^--shards: got ".*"; expected a whole number from 1 to 64; write --shards/,
    );
  });

  test('a closed load has no more shards than users', () => {
    expect(read('4', 'baseline', [], { LLM_VUS: '4' })).toBe(4);
    expect(() => read('5', 'baseline', [], { LLM_VUS: '4' })).toThrow(/expected at most 4.*write --shards 4/);
    expect(() => read('2', 'smoke')).toThrow(/expected at most 1/);
  });

  test.each([
    ['--execution-segment'],
    ['--execution-segment=0:1/2'],
    ['--execution-segment-sequence=0,1/2,1'],
  ])('%s beside it is refused', (flag) => {
    expect(() => read('2', 'stress', [flag])).toThrow(/beside --execution-segment/);
  });
});

test('segments of all shards are the whole, in order', () => {
  const segments = [0, 1, 2].map((shard) => segmentArguments(shard, 3));
  expect(segments.map(([, segment]) => segment)).toEqual(['0:1/3', '1/3:2/3', '2/3:1']);
  for (const [, , flag, sequence] of segments) {
    expect([flag, sequence]).toEqual(['--execution-segment-sequence', '0,1/3,2/3,1']);
  }
});

test.each([
  [[0, 0], 'pass', 0],
  [[0, 0], 'fail', 99],
  [[0, 0], 'not-judged', 99],
  // Scripts that are not ours leave nothing to judge.
  [[0, 0], null, 0],
  [[0, 99], null, 99],
  [[0, 99], 'pass', 99],
  [[99, 107], 'fail', 107],
  [[105, 99, 0], 'not-judged', 105],
] as const)('parts that end with %j, of which the whole is a %s, end with %i', (codes, verdict, code) => {
  expect(exitCodeOf(codes, verdict)).toBe(code);
});

test.each([
  [['--execution-segment=1/3:2/3', 'x.js'], '2/3'],
  [['--execution-segment', '0:1/4', 'x.js'], '1/4'],
  [['x.js', '--execution-segment=3/4:1'], '4/4'],
  [['--execution-segment=0.5:1'], '2/2'],
  [['--execution-segment-sequence', '0,1/2,1'], null],
  [['--execution-segment=0:1'], null],
  [['--execution-segment=half'], null],
])('of %j the machine is shard %s', (args, shard) => {
  expect(shardOfSegment(args)).toBe(shard);
});

test('a machine that is one of several divides its load no further', () => {
  expect(() => read('2', 'stress', [], { LLM_SHARD: '1/3' })).toThrow(/beside LLM_SHARD=1\/3/);
});

test.each([
  [0, 'pass', 0],
  [0, 'not-judged', 0],
  [0, 'fail', 99],
  [0, null, 0],
  [108, 'fail', 108],
  [99, 'fail', 99],
] as const)('one k6 that ended with %i, in a run that is %s, makes %i', (code, verdict, whole) => {
  expect(exitCodeOfWhole(code, verdict)).toBe(whole);
});
