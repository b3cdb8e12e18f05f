import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import type { METRICS, MetricName, MetricType, StopReason } from '../../metrics/metric-list.ts';
import { METRIC_ROWS, SPENT_METRIC, STOPS_METRIC } from '../../metrics/metric-rows.ts';
import type { SettingName } from '../../settings/catalog.ts';
import { isSettingGiven } from './setting-text.ts';

type NamesOf<T extends string> = {
  [K in MetricName]: (typeof METRICS)[K]['type'] extends T ? K : never;
}[MetricName];

export type TrendName = NamesOf<'trend'>;
export type CounterName = NamesOf<'counter'>;
export type RateName = NamesOf<'rate'>;
export type GaugeName = NamesOf<'gauge'>;

type Tags = Record<string, string>;

type Adder = (value: number | boolean, tags?: Tags) => void;

/**
 * The function of k6 that adds to each metric, without the object that it came with. All of them where thresholds are
 * read (VU 0), in a VU those that it can feed, as one costs 14 µs and 1 kB. Trends without k6's time flag: it would
 * make Prometheus see seconds.
 */
const adders = makeAdders();

function makeAdders(): Record<MetricName | typeof SPENT_METRIC | typeof STOPS_METRIC, Adder> {
  // Once: k6's engine makes an imported function anew each time that its name is read.
  const types = { trend: Trend, counter: Counter, gauge: Gauge, rate: Rate };
  const made: Record<string, Adder> = {};
  const rows = METRIC_ROWS.split('\n');
  for (let at = 0; at < rows.length; at++) {
    const fields = (rows[at] ?? '').split(' ');
    const onlyWith = fields[2];
    if (__VU > 0 && onlyWith !== undefined && !onlyWith.split(',').some(isGiven)) continue;
    const name = fields[0] ?? '';
    made[name] = new types[fields[1] as MetricType](name).add as Adder;
  }
  made[SPENT_METRIC] = new types.counter(SPENT_METRIC).add as Adder;
  made[STOPS_METRIC] = new types.counter(STOPS_METRIC).add as Adder;
  return made as ReturnType<typeof makeAdders>;
}

function isGiven(name: string): boolean {
  return isSettingGiven(name as SettingName);
}

/** Makes a Trend that only some scenarios feed. Init only. */
export function makeTrend(name: TrendName): void {
  adders[name] ??= new Trend(name).add as Adder;
}

/**
 * Adds a value, unless it is null (unknown: no sample). What is not finite or below zero would poison averages
 * and whole batches of InfluxDB: it is counted in `ai_samples_rejected` instead.
 */
export function addSample(name: TrendName | CounterName | GaugeName, value: number | null): void {
  if (value === null) return;
  if (value >= 0 && value < Infinity) adders[name](value);
  else adders.ai_samples_rejected(1);
}

/** The same with tags of its own, which cost many times as much as those on the VU. */
export function addTagged(name: TrendName | CounterName | GaugeName, value: number, tags: Tags): void {
  if (value >= 0 && value < Infinity) adders[name](value, tags);
  else adders.ai_samples_rejected(1);
}

/** One more of what a Counter counts. It runs several times a request, so it checks nothing. */
export function countOne(name: CounterName): void {
  adders[name](1);
}

/** Takes one back: a request that was counted as started and was not sent. */
export function takeBackOne(name: CounterName): void {
  adders[name](-1);
}

export function addRate(name: RateName, value: boolean): void {
  adders[name](value);
}

/** What the budget is held against: `ai_cost_dollars` and the preflight, which is in no `ai_` metric. */
export function recordSpent(costUsd: number): void {
  adders[SPENT_METRIC](costUsd);
}

/** Says why the run is being ended, for the summary. */
export function recordStop(reason: StopReason): void {
  adders[STOPS_METRIC](1, { reason });
}
