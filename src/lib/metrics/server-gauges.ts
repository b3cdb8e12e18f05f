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

/**
 * Reads a Prometheus text page: the gauges that are known, summed over engines and replicas (ratios: the highest).
 * What is not a sample line, not finite or below zero is passed over.
 */
export function readServerGauges(page: string): Map<ServerGauge, number> {
  const found = new Map<ServerGauge, number>();
  for (const line of page.split('\n')) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{[^}]*\})?[ \t]+(\S+)/.exec(line);
    const source = match === null ? undefined : ownValue(SOURCES, match[1] ?? '');
    if (match === null || source === undefined) continue;
    const value = Number(match[2]);
    if (!Number.isFinite(value) || value < 0) continue;
    const before = found.get(source.gauge) ?? 0;
    found.set(source.gauge, source.merge === 'sum' ? before + value : Math.max(before, value));
  }
  return found;
}
