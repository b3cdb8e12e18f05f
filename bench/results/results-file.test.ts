import { expect, test } from 'vitest';
import {
  type Machine,
  NO_RESULTS,
  parseResults,
  resultsOn,
  type Taken,
  withMeasured,
} from './results-file.ts';

const TAKEN: Taken = {
  date: '2026-11-28',
  kernel: '6.18',
  loadAverage: '0.10',
  versions: { k6: 'v1.1.0', 'k6 with k6/x/sse': null },
  othersRatio: 0,
  quick: false,
};

function machine(cpu: string): Machine {
  return { name: `${cpu}, 2 cores, 25 GB, linux`, cpu, cores: 2, memoryGb: 25, os: 'linux' };
}

function measure(results: typeof NO_RESULTS, cpu: string, name: string, measured: unknown) {
  return withMeasured(results, { machine: machine(cpu), name, taken: TAKEN, measured, minutes: null });
}

test('a measurement takes the place of its last one, and leaves other measurements and other machines', () => {
  let results = measure(NO_RESULTS, 'AMD', 'truth', 'first');
  results = measure(results, 'Intel', 'truth', 'of another machine');
  results = measure(results, 'AMD', 'blocking', 'more');
  results = measure(results, 'AMD', 'truth', 'again');
  expect(resultsOn(results, machine('AMD').name)?.measured).toEqual({ truth: 'again', blocking: 'more' });
  expect(resultsOn(results, machine('Intel').name)?.measured).toEqual({ truth: 'of another machine' });
  expect(results.machines).toHaveLength(2);
});

test('the machine measured last comes first, and the minutes of a whole run stay', () => {
  let results = withMeasured(NO_RESULTS, {
    machine: machine('AMD'),
    name: 'truth',
    taken: TAKEN,
    measured: 1,
    minutes: 20,
  });
  results = measure(results, 'Intel', 'truth', 2);
  results = measure(results, 'AMD', 'truth', 3);
  expect(results.machines.map((one) => [one.machine.cpu, one.minutes])).toEqual([
    ['AMD', 20],
    ['Intel', null],
  ]);
});

test('whatever a processor calls itself names a machine', () => {
  const results = measure(measure(NO_RESULTS, '__proto__', 'truth', 1), 'constructor', 'truth', 2);
  const read = parseResults(JSON.stringify(results));
  expect(resultsOn(read, machine('__proto__').name)?.measured['truth']).toBe(1);
  expect(resultsOn(read, 'constructor')).toBeNull();
});

test('a file of another version is not written over', () => {
  expect(() => parseResults('{"schemaVersion":1,"measured":{}}')).toThrow(/got schemaVersion 1; expected 2/);
});
