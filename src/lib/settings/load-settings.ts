import { parseArrivals } from '../load/arrivals.ts';
import { parseAbort } from '../load/parse-abort.ts';
import { ConfigError } from '../parse/config-error.ts';
import { decimal, durationMs, integer, optional, type Parse } from '../parse/values.ts';
import { setting } from './setting-spec.ts';
import { parseShard } from './shard.ts';
import { parseStartTime } from './start-time.ts';

const duration = (min: number, example: string): Parse<number> =>
  durationMs({ min, max: 7 * 86_400_000, example });

const thinkTime: Parse<{ minMs: number; maxMs: number }> = (value, name) => {
  const [first = '', second = first, ...more] = value.split('-');
  const bound = duration(0, '1s-4s');
  const range = { minMs: bound(first, name), maxMs: bound(second, name) };
  if (more.length === 0 && range.minMs <= range.maxMs) return range;
  throw new ConfigError({
    setting: name,
    got: value,
    expected: 'a duration, or two with the shorter first',
    example: `${name}=1s-4s`,
  });
};

/** How many requests there are, and when. null: the scenario's own. */
export const LOAD_SETTINGS = {
  LLM_VUS: setting('vus', ['options', 'comparison'], {
    parse: optional(integer({ min: 1, max: 100_000, example: '50' })),
    meaning: "Peak of a closed load; the scenario's own by default",
  }),
  LLM_RATE: setting('ratePerSec', ['options', 'comparison'], {
    parse: optional(decimal({ min: 0.001, max: 1_000_000, example: '20' })),
    meaning: "Peak of an open load in requests/s; the scenario's own by default",
  }),
  LLM_TIME_SCALE: setting('timeScale', ['options', 'vu', 'comparison'], {
    defaultText: '1',
    parse: decimal({ min: 0.0001, max: 1000, example: '0.1' }),
    meaning: "Multiplies every stage's duration, a trace's times and a session's pauses",
  }),
  LLM_HOLD: setting('holdMs', ['options', 'comparison'], {
    parse: optional(duration(1, '30s')),
    meaning:
      "In place of the scenario's own shape a constant load for so long: LLM_RATE a second, or LLM_VUS users",
  }),
  LLM_THINK_TIME: setting('thinkTime', ['vu', 'comparison'], {
    defaultText: '1s-4s',
    parse: thinkTime,
    meaning: "Uniform pause between a user's requests; closed models only",
  }),
  LLM_ARRIVALS: setting('arrivals', ['options', 'vu', 'comparison'], {
    defaultText: 'even',
    parse: parseArrivals,
    meaning:
      'even, poisson, gamma:<cv>, trace:<file>, recorded (sessions of LLM_DATASET when they began); a trace that says no unit: trace:<file>?unit=s (docs/workloads.md)',
  }),
  LLM_ABORT: setting('abort', ['options', 'vu', 'comparison'], {
    parse: optional(parseAbort),
    meaning:
      'Users who leave: after:2s@10% or after:20tokens@10% of the streams are given up by the client (docs/streaming.md)',
  }),
  LLM_WARMUP: setting('warmupMs', ['options', 'vu', 'comparison'], {
    defaultText: '0s',
    parse: duration(0, '10s'),
    meaning: 'First part of a run that is counted but not measured',
  }),
  LLM_START_AT: setting('startAtMs', ['options'], {
    parse: optional(parseStartTime),
    meaning: 'When the load begins, on all machines of a run: 2026-11-25T10:00:00Z, or seconds since 1970',
  }),
  LLM_SHARD: setting('shard', ['options'], {
    parse: optional(parseShard),
    meaning:
      'Which of several machines or pods this is, 2/7: it has its share of LLM_BUDGET_USD, and its thresholds are judged by the merge (docs/distributed.md)',
  }),
  LLM_EXPECTED_LATENCY: setting('expectedLatencyMs', ['options'], {
    defaultText: '5s',
    parse: duration(1, '5s'),
    meaning: 'Sizes the VUs of an open load (Little’s law)',
  }),
  LLM_MAX_VUS: setting('maxVus', ['options'], {
    defaultText: '2000',
    parse: integer({ min: 1, max: 1_000_000, example: '2000' }),
    meaning: 'Cap of the VUs of an open load',
  }),
  LLM_SEED: setting('seed', ['options', 'vu', 'comparison', 'parts'], {
    defaultText: '42',
    parse: integer({ min: 0, max: Number.MAX_SAFE_INTEGER, example: '42' }),
    meaning: 'Seed of everything random',
  }),
} as const;
