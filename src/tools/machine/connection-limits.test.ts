import { expect, test } from 'vitest';
import { connectionLimits, parseOpenFiles, parsePorts, partsFor, tightLimits } from './connection-limits.ts';

test("the system's own words are read", () => {
  const limits = `Limit                     Soft Limit           Hard Limit           Units
Max processes             95991                95991                processes
Max open files            1024                 20000                files
Max locked memory         8388608              8388608              bytes`;
  expect(parseOpenFiles(limits)).toBe(20_000);
  expect(parsePorts('32768\t60999\n')).toBe(28_232);
});

test.each(['', 'unlimited', 'Max open files            unlimited            unlimited            files'])(
  'what is not told is not known: %j',
  (text) => {
    expect(parseOpenFiles(text)).toBeNull();
    expect(parsePorts(text)).toBeNull();
  },
);

test.runIf(process.platform === 'linux')('Linux tells both', () => {
  expect(connectionLimits()).toEqual({ openFiles: expect.any(Number), ports: expect.any(Number) });
});

const LIMITS = { openFiles: 20_000, ports: 28_232 };

test.each([
  ['a small load', { atPeak: 100, shards: 1, meters: 1 }],
  ['ten thousand streams through two meters', { atPeak: 9900, shards: 1, meters: 2 }],
  ['as many ports as there are', { atPeak: 28_232, shards: 2, meters: 0 }],
])('%s fits', (_, load) => expect(tightLimits(load, LIMITS)).toEqual([]));

test('a meter has two connections for each stream', () => {
  expect(tightLimits({ atPeak: 10_000, shards: 2, meters: 1 }, LIMITS)).toEqual([
    'open files: each meter needs 20100 for 10000 requests at a time, and this system allows a process 20000: those beyond will fail; raise it (ulimit -n 20100), or divide them (--meters 2)',
  ]);
});

test('k6 and the meter share nothing: each is told', () => {
  const lines = tightLimits({ atPeak: 3000, shards: 1, meters: 1 }, { openFiles: 1024, ports: null });
  expect(lines).toEqual([
    expect.stringMatching(/^open files: each k6 needs 3100 .* \(--shards 4\)$/),
    expect.stringMatching(/^open files: each meter needs 6100 .* \(--meters 7\)$/),
  ]);
});

test('more connections than local ports are told', () => {
  expect(tightLimits({ atPeak: 30_000, shards: 2, meters: 0 }, LIMITS)).toEqual([
    expect.stringMatching(/^local ports: 30000 connections .* has 28232/),
  ]);
});

test('where the system does not tell, nothing is said', () => {
  expect(tightLimits({ atPeak: 1e6, shards: 1, meters: 1 }, { openFiles: null, ports: null })).toEqual([]);
  expect(partsFor(1e6, null)).toBe(1);
});
