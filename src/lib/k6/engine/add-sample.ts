import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import {
  METRIC_NAMES,
  METRIC_SPECS,
  type METRICS,
  type MetricName,
  SPENT_METRIC,
  type StopReason,
  STOPS_METRIC,
} from '../../metrics/metric-list.ts';
import { isSettingGiven } from './setting-text.ts';

type NamesOf<T extends string> = {
  [K in MetricName]: (typeof METRICS)[K]['type'] extends T ? K : never;
}[MetricName];

export type TrendName = NamesOf<'trend'>;
export type CounterName = NamesOf<'counter'>;
export type RateName = NamesOf<'rate'>;
export type GaugeName = NamesOf<'gauge'>;

type Tags = Record<string, string>;

type Adder = { add: (value: number, tags?: Tags) => void };

/**
 * k6's own metric objects, made once at init: all of them where thresholds are read (VU 0), in a VU those that it can
 * feed, as one costs 14 µs and 1.4 kB. Trends without k6's time flag: it would make Prometheus see seconds.
 */
const adders = {} as Record<MetricName, Adder>;
const rates = adders as unknown as Record<RateName, { add: (value: boolean) => void }>;

// Once: k6's engine makes an imported function anew each time that its name is read.
const kinds = { trend: Trend, counter: Counter, gauge: Gauge, rate: Rate };
// In no function: what a function names, the list here, is kept in every VU for as long as the run is.
for (const name of METRIC_NAMES) {
  const { type, onlyWith } = METRIC_SPECS[name];
  if (__VU > 0 && onlyWith !== undefined && !onlyWith.some(isSettingGiven)) continue;
  adders[name] = new kinds[type](name) as Adder;
}

/** Makes a Trend that only some scenarios feed. Init only. */
export function makeTrend(name: TrendName): void {
  adders[name] ??= new Trend(name) as Adder;
}

/**
 * Adds a value, unless it is null (unknown: no sample). What is not finite or below zero would poison averages
 * and whole batches of InfluxDB: it is counted in `ai_samples_rejected` instead.
 */
export function addSample(name: TrendName | CounterName | GaugeName, value: number | null): void {
  if (value === null) return;
  if (value >= 0 && value < Infinity) adders[name].add(value);
  else adders.ai_samples_rejected.add(1);
}

/** The same with tags of its own, which cost many times as much as those on the VU. */
export function addTagged(name: TrendName | CounterName | GaugeName, value: number, tags: Tags): void {
  if (value >= 0 && value < Infinity) adders[name].add(value, tags);
  else adders.ai_samples_rejected.add(1);
}

/** One more of what a Counter counts. It runs several times a request, so it checks nothing. */
export function countOne(name: CounterName): void {
  adders[name].add(1);
}

/** Takes one back: a request that was counted as started and was not sent. */
export function takeBackOne(name: CounterName): void {
  adders[name].add(-1);
}

export function addRate(name: RateName, value: boolean): void {
  rates[name].add(value);
}

/** What the budget is held against: `ai_cost_dollars` and the preflight, which is in no `ai_` metric. */
const spent = new kinds.counter(SPENT_METRIC);

export function recordSpent(costUsd: number): void {
  spent.add(costUsd);
}

const stops = new kinds.counter(STOPS_METRIC);

/** Says why the run is being ended, for the summary. */
export function recordStop(reason: StopReason): void {
  stops.add(1, { reason });
}
