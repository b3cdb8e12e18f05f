import type { MetricName } from './metric-list.ts';

/** A server's own gauges that are worth a plot, whatever the engine calls them. */
export type ServerGauge = Extract<
  MetricName,
  'ai_server_requests_running' | 'ai_server_requests_waiting' | 'ai_server_kv_cache_ratio'
>;

/** What a server's own histograms tell of its requests. */
export const SERVER_TIMES = [
  'ai_server_ttft_ms',
  'ai_server_queue_ms',
] as const satisfies readonly MetricName[];

export type ServerTime = (typeof SERVER_TIMES)[number];

export type GaugeSource = {
  gauge: ServerGauge;
  /** Counts add up over engines and replicas; of ratios the highest stands. */
  merge: 'sum' | 'max';
  /** Only samples with this label are meant. */
  only?: readonly [label: string, value: string];
};

const RUNNING: GaugeSource = { gauge: 'ai_server_requests_running', merge: 'sum' };
const WAITING: GaugeSource = { gauge: 'ai_server_requests_waiting', merge: 'sum' };
const CACHE: GaugeSource = { gauge: 'ai_server_kv_cache_ratio', merge: 'max' };

/**
 * Gauges by their names. Read from the engines' sources and documentation, and from pages of llama.cpp and LiteLLM
 * (2026-11). LiteLLM is a relay: what it has in flight may wait elsewhere.
 */
export const GAUGE_SOURCES: ReadonlyMap<string, readonly GaugeSource[]> = new Map([
  ['vllm:num_requests_running', [RUNNING]],
  ['vllm:num_requests_waiting', [WAITING]],
  ['vllm:gpu_cache_usage_perc', [CACHE]],
  ['vllm:kv_cache_usage_perc', [CACHE]],
  ['sglang:num_running_reqs', [RUNNING]],
  ['sglang:num_queue_reqs', [WAITING]],
  ['sglang:token_usage', [CACHE]],
  ['tgi_batch_current_size', [RUNNING]],
  ['tgi_queue_size', [WAITING]],
  ['llamacpp:requests_processing', [RUNNING]],
  ['llamacpp:requests_deferred', [WAITING]],
  ['llamacpp:kv_cache_usage_ratio', [CACHE]],
  // TensorRT-LLM by itself (trtllm-serve), then behind Triton.
  ['trtllm_num_requests_running', [RUNNING]],
  ['trtllm_num_requests_waiting', [WAITING]],
  ['trtllm_kv_cache_utilization', [CACHE]],
  [
    'nv_trt_llm_request_metrics',
    [
      { ...RUNNING, only: ['request_type', 'scheduled'] },
      { ...WAITING, only: ['request_type', 'waiting'] },
    ],
  ],
  ['nv_trt_llm_kv_cache_block_metrics', [{ ...CACHE, only: ['kv_cache_block_type', 'fraction'] }]],
  ['litellm_in_flight_requests', [RUNNING]],
]);

/** Histograms in seconds, by their names without `_bucket`. llama.cpp has none, TGI none of the first token. */
export const TIME_SOURCES: ReadonlyMap<string, ServerTime> = new Map([
  ['vllm:time_to_first_token_seconds', 'ai_server_ttft_ms'],
  ['vllm:request_queue_time_seconds', 'ai_server_queue_ms'],
  ['sglang:time_to_first_token_seconds', 'ai_server_ttft_ms'],
  ['sglang:queue_time_seconds', 'ai_server_queue_ms'],
  ['tgi_request_queue_duration', 'ai_server_queue_ms'],
  ['trtllm_time_to_first_token_seconds', 'ai_server_ttft_ms'],
  ['trtllm_request_queue_time_seconds', 'ai_server_queue_ms'],
  ['litellm_llm_api_time_to_first_token_metric', 'ai_server_ttft_ms'],
  ['litellm_request_queue_time_seconds', 'ai_server_queue_ms'],
]);

/** Ranks that share the work on one request and each tell the same figure; data-parallel ranks have requests of their own. */
export function isRepeatingRank(label: string): boolean {
  return /(^|_)rank$/.test(label) && !/(^|_)(dp|data_parallel)_rank$/.test(label);
}
