import { bursts, independent, moods, queue, ramped, withOutage } from './worlds.mjs';

/** Single runs, whose percentiles' intervals should hold the truth. */
export const SINGLE = [
  ...[0.01, 0.5, 0.8, 0.9].flatMap((load) => [1200, 12_000].map((count) => ({ world: queue(load), count }))),
  ...[0.8, 0.9].map((load) => ({ world: queue(load), count: 40_000 })),
  ...[0.9, 0.99].flatMap((memory) => [1200, 12_000].map((count) => ({ world: moods(memory), count }))),
  ...[100, 1200].map((count) => ({ world: independent(), count })),
];

/** Single runs, whose error rate's interval should hold the truth. */
export const RATES = [
  ...[100, 1200].map((count) => ({ world: independent({ failing: 0.1 }), count })),
  { world: independent({ failing: 0.02 }), count: 1200 },
  ...[1200, 12_000, 40_000].map((count) => ({ world: bursts(10), count })),
];

/** Single runs of servers that stay as they are: a trend is a false alarm. */
export const STEADY = [
  ...[0.01, 0.5, 0.8, 0.9].flatMap((load) => [1200, 7200].map((count) => ({ world: queue(load), count }))),
  ...[0.9, 0.99].flatMap((memory) => [1200, 7200].map((count) => ({ world: moods(memory), count }))),
  ...[600, 7200].map((count) => ({ world: independent(), count })),
];

const P95 = 'p95(ai_latency_ms) +10%';
const P50 = 'p50(ai_latency_ms) +10%';
const ERRORS = 'error_rate +1pp';
const same = (world, count, rule, more = {}) => ({ first: world, second: world, count, rule, ...more });

/** Pairs of which nothing changed: what breaks is a false alarm. */
export const PAIRS = [
  ...[0.01, 0.5, 0.8, 0.9].flatMap((load) => [
    same(queue(load), 1200, P50),
    same(queue(load), 1200, P95),
    same(queue(load), 12_000, P95),
    same(queue(load), 1200, 'goodput -1pp', { goodMs: 300 / (1 - load) }),
  ]),
  ...[0.9, 0.99].flatMap((memory) => [same(moods(memory), 1200, P50), same(moods(memory), 1200, P95)]),
  ...[5, 20, 100, 1200].map((count) => same(independent(), count, P95)),
  ...[200, 1200].map((count) => same(ramped(), count, P95)),
  ...[5, 100, 1200].map((count) => same(independent({ failing: 0.02 }), count, ERRORS)),
  same(bursts(10), 1200, ERRORS),
];

/** Changes that must be seen, 20 of 20. */
export const NAMED = [
  { first: independent(), second: independent({ failing: 1 }), count: 5, rule: ERRORS },
  { first: independent(), second: independent({ slowness: 10 }), count: 5, rule: P50 },
  { first: independent(), second: independent({ slowness: 10 }), count: 5, rule: P95 },
  { first: independent(), second: withOutage(independent(), 3000), count: 1200, rule: ERRORS },
  {
    first: independent({ failing: 0.02 }),
    second: withOutage(independent({ failing: 0.02 }), 3000),
    count: 1200,
    rule: ERRORS,
  },
  { first: queue(0.9), second: withOutage(queue(0.9), 3000), count: 540, rule: ERRORS },
  { first: independent(), second: independent({ slowness: 1.3 }), count: 1200, rule: P95 },
  { first: ramped(), second: ramped({ slowness: 1.3 }), count: 1200, rule: P50 },
  { first: queue(0.5), second: queue(0.5, { slowness: 2 }), count: 1200, rule: P50 },
].map((question) => ({ ...question, isChanged: true }));
