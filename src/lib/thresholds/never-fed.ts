import { K6_METRICS, METRIC_SPECS, type MetricName, type MetricSpec } from '../metrics/metric-list.ts';
import type { RunFacts } from './run-facts.ts';
import type { ThresholdKey } from './threshold-key.ts';

/** Why no sample can come, and which setting to change. */
export type NeverFed = { why: string; change: string };

/** k6's HTTP metrics that xk6-sse does not write (run: it writes http_reqs, http_req_duration, http_req_sending). */
const MISSING_OVER_SSE: readonly string[] = Object.keys(K6_METRICS).filter(
  (name) => name.startsWith('http_req_') && name !== 'http_req_duration' && name !== 'http_req_sending',
);

const SEE_EVENTS =
  'LLM_TRANSPORT=meter with LLM_METER_URL (k6-llm run --stream does both), or LLM_TRANSPORT=sse';

/**
 * Whether a metric, or a part of it, can get no sample in this run whatever the server does: k6 would pass its
 * threshold for that very reason. null when it can.
 */
export function neverFed({ metric, tags }: ThresholdKey, facts: RunFacts): NeverFed | null {
  const spec = specOf(metric);
  if (spec?.needsEventTimes === true) {
    const silent = withoutText(tags, facts);
    if (silent !== null) return silent;
    const unseen = withoutEventTimes(tags, facts);
    if (unseen !== null) return unseen;
  }
  const wrongKind = ofOtherKind(metric, tags, facts);
  if (wrongKind !== null) return wrongKind;
  if (tags.get('stream') === 'true' && !facts.stream) {
    return { why: 'no request of this run is streamed', change: 'LLM_STREAM=1' };
  }
  if (tags.get('phase') === 'warmup') return inWarmup(spec, facts);
  switch (metric) {
    case 'ai_icl_ms':
      return facts.recordsGaps ? null : { why: 'gaps are not recorded', change: 'LLM_ICL=all' };
    case 'ai_intended_latency_ms':
    case 'ai_schedule_lag_ms':
      return facts.scheduled
        ? null
        : {
            why: 'this run keeps no schedule of starts',
            change: 'LLM_ARRIVALS=poisson, in an open scenario',
          };
    case 'ai_step_ms':
      return facts.hasOwnBehaviour
        ? null
        : { why: 'this scenario has no steps of its own', change: 'to a scenario that calls user.step' };
    case 'ai_sessions':
    case 'ai_session_ms':
      return facts.hasSessions
        ? null
        : { why: 'this run sends no sessions', change: 'LLM_DATASET to a file of sessions' };
    case 'ai_delivered_ratio': {
      const part = tags.get('test_type');
      const isFed = part === undefined ? facts.openParts.length > 0 : facts.openParts.includes(part);
      const why = 'users who wait for their answers ask no more than the server lets them';
      return isFed ? null : { why, change: 'to an open scenario (spike, stress, soak, breakpoint)' };
    }
    case 'ai_meter_overhead_ms':
    case 'ai_connect_ms':
      return facts.transport === 'meter'
        ? null
        : { why: 'only the meter measures it', change: 'LLM_TRANSPORT=meter with LLM_METER_URL' };
    default:
      return facts.transport === 'sse' && MISSING_OVER_SSE.includes(metric)
        ? {
            why: 'xk6-sse does not write it',
            change: 'the threshold to error_rate, ai_errors or ai_latency_ms',
          }
        : null;
  }
}

function withoutEventTimes(tags: ReadonlyMap<string, string>, facts: RunFacts): NeverFed | null {
  if (!facts.stream)
    return { why: 'blocking answers come in one piece', change: `LLM_STREAM=1 ${SEE_EVENTS}` };
  if (facts.transport === 'http') {
    return { why: 'over http, k6 reads a stream whole before the script sees it', change: SEE_EVENTS };
  }
  return tags.get('stream') === 'false'
    ? { why: 'blocking answers come in one piece', change: 'the selector to stream:true' }
    : null;
}

/** Of text alone: what embeds and ranks is answered in one piece, and writes no tokens. */
function withoutText(tags: ReadonlyMap<string, string>, { kinds, textKinds }: RunFacts): NeverFed | null {
  const asked = tags.get('kind');
  if (asked === undefined ? textKinds.length > 0 : textKinds.includes(asked)) return null;
  const why = `requests of kind ${asked ?? kinds.join(', ')} have no first token`;
  return { why, change: 'the threshold to ai_latency_ms' };
}

const OF_ITEMS: readonly string[] = ['ai_inputs', 'ai_input_tokens_per_sec'];
const OF_TEXT: readonly string[] = ['token_throughput_per_sec', 'ai_output_tokens', 'ai_reasoning_tokens'];

/** Metrics that kinds without text never feed, and those that they alone feed. */
function ofOtherKind(metric: string, tags: ReadonlyMap<string, string>, facts: RunFacts): NeverFed | null {
  if (OF_TEXT.includes(metric)) {
    const silent = withoutText(tags, facts);
    return silent && { ...silent, why: silent.why.replace('have no first token', 'write no tokens') };
  }
  if (!OF_ITEMS.includes(metric)) return null;
  const asked = tags.get('kind');
  const isText =
    asked === undefined ? facts.kinds.length === facts.textKinds.length : facts.textKinds.includes(asked);
  return isText ? { why: 'no request of it is answered with items', change: 'LLM_KIND=embeddings' } : null;
}

/** The warm-up is counted and not measured. */
function inWarmup(spec: MetricSpec | null, { hasWarmup }: RunFacts): NeverFed | null {
  if (spec?.type === 'trend' || spec?.type === 'rate') {
    return { why: 'the warm-up gives no sample to Trends and Rates', change: 'the selector to phase:main' };
  }
  return hasWarmup ? null : { why: 'this run has no warm-up', change: 'LLM_WARMUP=30s' };
}

function specOf(metric: string): MetricSpec | null {
  return isOurs(metric) ? METRIC_SPECS[metric] : null;
}

/** Whether a metric is one of ours. */
export function isOurs(metric: string): metric is MetricName {
  return Object.hasOwn(METRIC_SPECS, metric);
}
