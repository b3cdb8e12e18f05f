import { hint } from '../parse/did-you-mean.ts';
import { ConfigError } from '../parse/config-error.ts';
import { LAG_GUARD, MIN_DELIVERED_RATIO } from '../load/due.ts';
import { K6_METRICS, METRIC_NAMES, METRIC_SPECS, type MetricType } from '../metrics/metric-list.ts';
import type { Threshold } from '../plan/build-options.ts';
import { checkedThreshold } from './checked-threshold.ts';
import { ownThresholds } from './own-thresholds.ts';
import type { RunFacts } from './run-facts.ts';
import { formatThresholdKey, parseThresholdKey, type ThresholdKey } from './threshold-key.ts';
import { isOurs, neverFed } from './never-fed.ts';
import type { ThresholdProfile } from './threshold-profile.ts';
import { checkSelector } from './check-selector.ts';

/** k6's `thresholds` option. */
export type K6Thresholds = Readonly<Record<string, readonly Threshold[]>>;

/**
 * A profile as k6's `thresholds`, checked against the run, with guards, since k6 passes a threshold that got no
 * sample (docs/decisions/0011-thresholds-need-samples.md): `max>0` beside every Trend threshold, a Counter beside
 * every part of a Rate and every Trend that is best at nothing, in every run at least one success and
 * no dropped iteration, and in an open one hardly one that was never begun. Guards count what is measured: not the warm-up.
 *
 * @param place how messages name the profile: `LLM_THRESHOLDS ci`.
 * @throws ConfigError for a metric, tag or tag value that is not there, an expression that k6 or the metric does
 *   not know, and a metric that this run can never feed; each shows the right form.
 */
export function compileThresholds(profile: ThresholdProfile, facts: RunFacts, place: string): K6Thresholds {
  const compiled = new Map<string, Threshold[]>();
  const listOf = (key: string): Threshold[] => {
    const list = compiled.get(key) ?? [];
    compiled.set(key, list);
    return list;
  };
  for (const [text, thresholds] of Object.entries(profile.thresholds)) {
    const key = parseThresholdKey(text, place);
    if (facts.ownMetrics.includes(key.metric)) {
      listOf(formatThresholdKey(key)).push(...ownThresholds(thresholds, `${place}: ${text}`));
      continue;
    }
    const type = typeOf(key, place);
    checkSelector(key, facts, place);
    checkFed(key, facts, place);
    const name = formatThresholdKey(key);
    listOf(name).push(
      ...thresholds.map((threshold) => checkedThreshold(threshold, type, `${place}: ${name}`)),
    );
    const guard = thresholds.length === 0 ? null : guardOf(key, type, facts);
    if (guard !== null) addOnce(listOf(guard.key), guard.expression);
  }
  addOnce(listOf(measured({ metric: 'ai_requests_succeeded', tags: new Map() }, facts)), 'count>0');
  for (const [key, expression] of deliveryGuards(facts)) {
    if (!compiled.has(key)) addOnce(listOf(key), expression);
  }
  return Object.fromEntries(compiled);
}

/**
 * What must hold where things are to begin whatever the server does: none dropped for want of a VU or of time, none left
 * out, and those of a schedule in time: a burst that is made up for later is no burst. The first holds for every load,
 * since k6's own flags may put another in its place.
 */
function deliveryGuards({ openParts, scheduled }: RunFacts): [string, string][] {
  return [
    ['dropped_iterations', 'count<1'],
    ...(scheduled ? [[LAG_GUARD.metric, LAG_GUARD.expression] satisfies [string, string]] : []),
    ...openParts.map((part): [string, string] => [
      formatThresholdKey({ metric: 'ai_delivered_ratio', tags: new Map([['test_type', part]]) }),
      `value>=${MIN_DELIVERED_RATIO}`,
    ]),
  ];
}

/** Several sets of thresholds as one; lists under the same key are joined. */
export function joinThresholds(...sets: readonly K6Thresholds[]): K6Thresholds {
  const merged = new Map<string, Threshold[]>();
  for (const [key, list] of sets.flatMap((set) => Object.entries(set))) {
    merged.set(key, [...(merged.get(key) ?? []), ...list]);
  }
  return Object.fromEntries(merged);
}

function typeOf(key: ThresholdKey, place: string): MetricType {
  const { metric } = key;
  if (isOurs(metric)) return METRIC_SPECS[metric].type;
  const type = Object.hasOwn(K6_METRICS, metric) ? K6_METRICS[metric] : undefined;
  if (type !== undefined) return type;
  const known = [...METRIC_NAMES, ...Object.keys(K6_METRICS)];
  throw new ConfigError({
    setting: place,
    got: formatThresholdKey(key),
    expected: `a metric of ours or of k6${hint(metric, known)}; docs/metrics.md lists them`,
    example: '"ai_latency_ms": ["p(95)<5000"]',
  });
}

function checkFed(key: ThresholdKey, facts: RunFacts, place: string): void {
  const reason = neverFed(key, facts);
  if (reason === null) return;
  throw new ConfigError({
    setting: place,
    got: formatThresholdKey(key),
    expected: `a metric that this run can feed, but ${reason.why}; change ${reason.change}`,
    example: 'LLM_THRESHOLDS=default to judge by what it sees as it is',
  });
}

/** What must hold for a threshold to have judged anything; null where no sample is an answer too. */
function guardOf(
  key: ThresholdKey,
  type: MetricType,
  facts: RunFacts,
): { key: string; expression: string } | null {
  switch (type) {
    case 'trend': {
      // No wait asked for is the best answer, not a missing one.
      if (key.metric === 'ai_retry_after_ms') return null;
      const counter = BEST_AT_NOTHING[key.metric];
      return counter === undefined
        ? { key: formatThresholdKey(key), expression: 'max>0' }
        : { key: measured({ metric: counter, tags: key.tags }, facts), expression: 'count>0' };
    }
    case 'rate': {
      const counter = isOurs(key.metric) ? 'ai_requests_finished' : RATE_COUNTERS[key.metric];
      return key.tags.size === 0 || counter === undefined
        ? null
        : { key: measured({ metric: counter, tags: key.tags }, facts), expression: 'count>0' };
    }
    case 'counter':
    case 'gauge':
      return null;
  }
}

/** The part of a Counter of ours that Trends and Rates come from: they get no sample in the warm-up, it does. */
function measured({ metric, tags }: ThresholdKey, { hasWarmup }: RunFacts): string {
  const isApart = hasWarmup && isOurs(metric);
  return formatThresholdKey({ metric, tags: isApart ? new Map([...tags, ['phase', 'main']]) : tags });
}

/** Trends that are best at 0, or without a sample, and the Counter that tells whether there was anything to time. */
const BEST_AT_NOTHING: Readonly<Record<string, string>> = {
  ai_connect_ms: 'ai_requests_finished',
  ai_stall_ms: 'ai_requests_succeeded',
  ai_schedule_lag_ms: 'ai_requests_finished',
  ai_meter_overhead_ms: 'ai_requests_finished',
  http_req_blocked: 'http_reqs',
  http_req_connecting: 'http_reqs',
  http_req_tls_handshaking: 'http_reqs',
  http_req_sending: 'http_reqs',
  http_req_receiving: 'http_reqs',
};

/** Counters that get a sample whenever a Rate of k6's does. */
const RATE_COUNTERS: Readonly<Record<string, string>> = { http_req_failed: 'http_reqs' };

function addOnce(list: Threshold[], expression: string): void {
  const isThere = list.some((threshold) => {
    const text = typeof threshold === 'string' ? threshold : threshold.threshold;
    return text.replace(/\s/g, '') === expression;
  });
  if (!isThere) list.push(expression);
}
