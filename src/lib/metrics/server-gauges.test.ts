import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { recorded } from '../../../test/support/recorded.ts';
import { readServerGauges } from './server-gauges.ts';

test.each([
  [
    'vLLM, two engines',
    '# HELP x\nvllm:num_requests_running{engine="0"} 3.0\nvllm:num_requests_running{engine="1"} 4\nvllm:num_requests_waiting 2\nvllm:kv_cache_usage_perc{engine="0"} 0.25\nvllm:kv_cache_usage_perc{engine="1"} 0.5\n',
    { ai_server_requests_running: 7, ai_server_requests_waiting: 2, ai_server_kv_cache_ratio: 0.5 },
  ],
  [
    'llama.cpp',
    'llamacpp:requests_processing 4\nllamacpp:requests_deferred 4\nllamacpp:tokens_predicted_total 99\n',
    { ai_server_requests_running: 4, ai_server_requests_waiting: 4 },
  ],
  [
    'SGLang',
    'sglang:num_running_reqs{model_name="a b"} 1\nsglang:num_queue_reqs 0\nsglang:token_usage 0.1',
    { ai_server_requests_running: 1, ai_server_requests_waiting: 0, ai_server_kv_cache_ratio: 0.1 },
  ],
  [
    'TGI',
    'tgi_batch_current_size 5 1700000000\ntgi_queue_size 6',
    { ai_server_requests_running: 5, ai_server_requests_waiting: 6 },
  ],
  [
    'nonsense',
    'vllm:num_requests_running NaN\nvllm:num_requests_waiting +Inf\n<html>\nvllm:num_requests_running\n',
    {},
  ],
  [
    'SGLang, two ranks of one engine',
    'sglang:num_running_reqs{tp_rank="0"} 3\nsglang:num_running_reqs{tp_rank="1"} 3\nsglang:num_queue_reqs{dp_rank="0"} 1\nsglang:num_queue_reqs{dp_rank="1"} 1',
    { ai_server_requests_running: 3, ai_server_requests_waiting: 2 },
  ],
  [
    'TensorRT-LLM behind Triton',
    'nv_trt_llm_request_metrics{model="m",request_type="waiting",version="1"} 3\nnv_trt_llm_request_metrics{model="m",request_type="scheduled",version="1"} 8\nnv_trt_llm_request_metrics{model="m",request_type="max",version="1"} 512\nnv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="fraction",model="m"} 0.5\nnv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="max",model="m"} 6239',
    { ai_server_requests_running: 8, ai_server_requests_waiting: 3, ai_server_kv_cache_ratio: 0.5 },
  ],
  [
    'TensorRT-LLM by itself',
    'trtllm_num_requests_running{model_name="m"} 8\ntrtllm_num_requests_waiting 3\ntrtllm_kv_cache_utilization 0.5',
    { ai_server_requests_running: 8, ai_server_requests_waiting: 3, ai_server_kv_cache_ratio: 0.5 },
  ],
  [
    'a label with braces and quotes',
    String.raw`vllm:num_requests_running{model_name="a}{\"b\\"} 3`,
    { ai_server_requests_running: 3 },
  ],
  ['a name that objects have', 'constructor 3\n__proto__ 3', {}],
  ['nothing', '', {}],
  [
    'labels that hold braces, commas, quotes and spaces',
    'vllm:num_requests_running{model_name="a}b{c",path="x\\\\\\",y" , engine="0",} 3\nvllm:num_requests_running{model_name="a} 9",engine="1"} 4 1700000000\n',
    { ai_server_requests_running: 7 },
  ],
  [
    'a name in quotes, as Prometheus 3 writes',
    '{"vllm:num_requests_running",engine="0"} 3\n{"vllm:num_requests_waiting"} 2\n',
    { ai_server_requests_running: 3, ai_server_requests_waiting: 2 },
  ],
  [
    'broken lines',
    'vllm:num_requests_running{engine="0 3\nvllm:num_requests_running{engine=} 3\nvllm:num_requests_running{engine="0"}\n{} 4\nvllm:num_requests_waiting{} 1\n',
    { ai_server_requests_waiting: 1 },
  ],
  [
    'ranks that repeat one figure, and replicas that do not',
    [
      'sglang:num_running_reqs{dp_rank="0",tp_rank="0",engine="a"} 5',
      'sglang:num_running_reqs{engine="a",tp_rank="1",dp_rank="0"} 5',
      'sglang:num_running_reqs{dp_rank="1",tp_rank="0",engine="a"} 6',
      'sglang:num_running_reqs{dp_rank="0",tp_rank="0",engine="b"} 1',
      'vllm:num_requests_running{rank="0"} 2',
      'vllm:num_requests_running{rank="1"} 2',
    ].join('\n'),
    { ai_server_requests_running: 14 },
  ],
  [
    'SGLang that exports every rank',
    readFileSync(path.join(import.meta.dirname, '../../../test/fixtures/sglang-ranks.prom'), 'utf8'),
    { ai_server_requests_running: 11, ai_server_requests_waiting: 6 },
  ],
])('gauges of %s', (_name, page, expected) => {
  expect(Object.fromEntries(readServerGauges(page))).toEqual(expected);
});

test('several replicas add up', () => {
  const pages = ['vllm:num_requests_running 3', 'vllm:num_requests_running 4'];
  expect(readServerGauges(...pages).get('ai_server_requests_running')).toBe(7);
});

test("LiteLLM's own page", () => {
  expect(readServerGauges(recorded('litellm/metrics').body).get('ai_server_requests_running')).toBe(1);
});
