import type { MetricName } from './metric-list.ts';
import { ownValue } from '../parse/own-value.ts';

/** A server's own gauges that are worth a plot, whatever the engine calls them. */
export type ServerGauge = Extract<MetricName, `ai_server_${string}`>;

type Source = { gauge: ServerGauge; merge: 'sum' | 'max' };

const RUNNING: Source = { gauge: 'ai_server_requests_running', merge: 'sum' };
const WAITING: Source = { gauge: 'ai_server_requests_waiting', merge: 'sum' };
const CACHE: Source = { gauge: 'ai_server_kv_cache_ratio', merge: 'max' };

/** Names as vLLM, SGLang, TGI and llama.cpp export them (read from their sources and docs, 2026-11). */
const SOURCES: Readonly<Record<string, Source>> = {
  'vllm:num_requests_running': RUNNING,
  'vllm:num_requests_waiting': WAITING,
  'vllm:gpu_cache_usage_perc': CACHE,
  'vllm:kv_cache_usage_perc': CACHE,
  'sglang:num_running_reqs': RUNNING,
  'sglang:num_queue_reqs': WAITING,
  'sglang:token_usage': CACHE,
  tgi_batch_current_size: RUNNING,
  tgi_queue_size: WAITING,
  'llamacpp:requests_processing': RUNNING,
  'llamacpp:requests_deferred': WAITING,
  'llamacpp:kv_cache_usage_ratio': CACHE,
};

/** Ranks that share the work on one request and each tell the same figure; data-parallel ranks have requests of their own. */
const REPEATING_RANK = /(^|_)rank$/;
const OWN_RANK = /(^|_)(dp|data_parallel)_rank$/;

/**
 * Reads a Prometheus text page: the gauges that are known, summed over engines and replicas (ratios: the highest).
 * Ranks of one engine that repeat one figure count once. What is not a sample line, not finite or below zero is passed
 * over.
 */
export function readServerGauges(page: string): Map<ServerGauge, number> {
  const engines = new Map<string, { source: Source; value: number }>();
  for (const line of page.split('\n')) {
    const sample = readSample(line);
    const source = sample === null ? undefined : ownValue(SOURCES, sample.name);
    if (sample === null || source === undefined) continue;
    const value = Number(sample.value);
    if (!Number.isFinite(value) || value < 0) continue;
    const engine = engineOf(sample);
    const before = engines.get(engine)?.value ?? 0;
    engines.set(engine, { source, value: Math.max(before, value) });
  }
  const found = new Map<ServerGauge, number>();
  for (const { source, value } of engines.values()) {
    const before = found.get(source.gauge) ?? 0;
    found.set(source.gauge, source.merge === 'sum' ? before + value : Math.max(before, value));
  }
  return found;
}

type Sample = { name: string; labels: readonly (readonly [name: string, value: string])[]; value: string };

/** What tells one engine's series from another's. */
function engineOf({ name, labels }: Sample): string {
  const own = labels.filter(([label]) => OWN_RANK.test(label) || !REPEATING_RANK.test(label));
  return JSON.stringify([name, [...own].sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** A name, or a first label without a value, which is a name in quotes (Prometheus 3). */
const NAME = /^\s*([a-zA-Z_:][\w:]*)?\s*/;
/** A label with its value, in which a quote and a backslash are escaped; any other character may stand there. */
const LABEL = /^\s*(?:"((?:[^"\\]|\\.)*)"|([a-zA-Z_]\w*))\s*(?:=\s*"((?:[^"\\]|\\.)*)")?\s*,?\s*/;
const VALUE = /^\s*(\S+)/;

/** One sample line of the text format; null for any other line. */
function readSample(line: string): Sample | null {
  const [head = '', first = ''] = NAME.exec(line) ?? [];
  let name = first;
  let rest = line.slice(head.length);
  const labels: (readonly [string, string])[] = [];
  if (rest.startsWith('{')) {
    rest = rest.slice(1).trimStart();
    while (!rest.startsWith('}')) {
      const [text = '', quoted, plain, value] = LABEL.exec(rest) ?? [];
      if (text === '') return null;
      const label = quoted ?? plain ?? '';
      if (value === undefined) name = label;
      else labels.push([label, value]);
      rest = rest.slice(text.length);
    }
    rest = rest.slice(1);
  } else if (rest.length === line.length) return null;
  const [, value] = VALUE.exec(rest) ?? [];
  return name === '' || value === undefined ? null : { name, labels, value };
}
