import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { runBundle } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';

const PAGE = [
  'vllm:num_requests_running{model_name="m"} 3',
  'vllm:num_requests_waiting{model_name="m"} 2',
  'vllm:kv_cache_usage_perc{model_name="m"} 0.25',
  '',
].join('\n');

test("the server's own gauges are read from its metrics page while the load runs", async () => {
  const page = createServer((_, response) => response.end(PAGE)).listen(0, '127.0.0.1');
  await new Promise((resolve) => page.once('listening', resolve));
  const mock = await openMock();
  const { code, summary } = await runBundle('baseline', {
    LLM_PROVIDER: 'mock',
    LLM_BASE_URL: mock.url,
    LLM_MIX: 'm',
    LLM_PREFLIGHT: '0',
    LLM_TIME_SCALE: '0.02',
    LLM_VUS: '1',
    LLM_METRICS_URL: `http://127.0.0.1:${(page.address() as AddressInfo).port}/metrics`,
  });
  page.close();
  expect(code).toBe(0);
  expect(summary!.metrics['ai_server_requests_running']).toMatchObject({ value: 3 });
  expect(summary!.metrics['ai_server_requests_waiting']).toMatchObject({ value: 2 });
  expect(summary!.metrics['ai_server_kv_cache_ratio']).toMatchObject({ value: 0.25 });
});

test('a metrics page that gives no gauge is told, with what was found', async () => {
  const page = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => page.once('listening', resolve));
  const mock = await openMock();
  const { summary } = await runBundle('smoke', {
    LLM_BASE_URL: mock.url,
    LLM_MIX: 'm',
    LLM_METRICS_URL: `http://127.0.0.1:${(page.address() as AddressInfo).port}/metrics`,
  });
  page.close();
  expect(summary!.notes.join('\n')).toContain('LLM_METRICS_URL answered HTTP 404');
});
