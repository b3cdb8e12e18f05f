import { expect, test } from 'vitest';
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
  ['nothing', '', {}],
])('gauges of %s', (_name, page, expected) => {
  expect(Object.fromEntries(readServerGauges(page))).toEqual(expected);
});
