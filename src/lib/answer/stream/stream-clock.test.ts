import { describe, expect, test } from 'vitest';
import { StreamClock, wasHeldBack } from './stream-clock.ts';
import { tpotMs } from '../../figures/request-figures.ts';

test('gaps are between content events, the largest is the stall', () => {
  const clock = new StreamClock(true);
  for (const atMs of [100, 120, 120, 190]) clock.content('answer', atMs);
  expect(clock.times()).toMatchObject({
    ttftMs: 100,
    ttfoMs: 100,
    lastOutputMs: 190,
    stallMs: 70,
    gapsMs: [20, 0, 70],
    bufferedByProxy: false,
  });
});

test('gaps are not kept unless asked for, and one event has none', () => {
  const clock = new StreamClock(false);
  expect(clock.times()).toMatchObject({ ttftMs: null, stallMs: null, gapsMs: null });
  clock.content('reasoning', 5);
  expect(clock.times()).toMatchObject({
    ttftMs: 5,
    ttfoMs: null,
    lastOutputMs: 5,
    stallMs: null,
    gapsMs: null,
  });
});

describe('TPOT', () => {
  test.each<[string, number | null, number | null, number | null, number | null]>([
    ['no token', 0, null, null, null],
    ['one token', 1, 200, 200, null],
    ['two tokens', 2, 200, 230, 30],
    ['two tokens in one event', 2, 200, 200, null],
    ['unknown tokens', null, 200, 230, null],
    ['more tokens than events', 9, 300, 400, 12.5],
    ['tokens without times', 9, null, null, null],
  ])('of %s', (_, outputTokens, ttftMs, lastOutputMs, expected) => {
    expect(tpotMs({ ttftMs, lastOutputMs, usage: { outputTokens } })).toBe(expected);
  });
});

describe('a proxy held the stream back', () => {
  test.each<[string, number, number, number, boolean]>([
    ['64 events in one read after 1.5 s', 64, 1500, 1500, true],
    ['64 events within 3 ms after 1.5 s', 64, 1500, 1503, true],
    ['2,000 events within 0.3 s after 40 s', 2000, 40_000, 40_300, true],
    ['64 events at 1 ms after 1.5 s', 64, 1500, 1563, false],
    ['64 events at 20 ms after 200 ms', 64, 200, 1460, false],
    ['12 events at 1 ms after a minute in a queue', 12, 60_000, 60_011, false],
    ['3,000 events a second after a minute in a queue', 200, 60_000, 60_066, false],
    ['a mock without delay', 64, 2, 2, false],
    ['a short answer in one packet', 4, 400, 400, false],
    ['one event', 1, 400, 400, false],
  ])('%s', (_, chunks, ttftMs, lastOutputMs, expected) => {
    expect(wasHeldBack({ chunks, ttftMs, lastOutputMs })).toBe(expected);
  });
});
