import { createServer, type ServerResponse } from 'node:http';
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

test("the replicas' pages are added up, and the mock's own histograms tell of queue and first token", async () => {
  // 2 places for 4 users: half of the time of a request is the queue's.
  const mock = await openMock({ timing: { ttft: '100', tpot: '5', tokens: '10' }, slots: 2 });
  const page = createServer((_, response) => response.end(PAGE)).listen(0, '127.0.0.1');
  await new Promise((resolve) => page.once('listening', resolve));
  const other = `http://127.0.0.1:${(page.address() as AddressInfo).port}/metrics`;
  const { code, summary } = await runBundle('baseline', {
    LLM_PROVIDER: 'mock',
    LLM_BASE_URL: mock.url,
    LLM_MIX: 'm',
    LLM_PREFLIGHT: '0',
    LLM_THINK_TIME: '0s',
    LLM_TIME_SCALE: '0.02',
    LLM_VUS: '4',
    LLM_METRICS_URL: `${new URL('/metrics', mock.url).href},${other}`,
  });
  page.close();
  expect(code).toBe(0);
  const { metrics } = summary!;
  // The other page's 3, and the mock's 2 at most.
  expect(metrics['ai_server_requests_running']?.['max']).toBe(5);
  const queueMs = metrics['ai_server_queue_ms{stat:run_mean}']?.['value'] ?? 0;
  const firstMs = metrics['ai_server_ttft_ms{stat:run_mean}']?.['value'] ?? 0;
  expect(firstMs).toBeGreaterThan(queueMs);
  expect(queueMs).toBeGreaterThan(0);
  expect(metrics['ai_server_ttft_ms{stat:run_p95}']?.['value']).toBeGreaterThan(100);
});

/** A run of one user beside a metrics page that answers so. */
async function runBeside(answer: (response: ServerResponse) => void): ReturnType<typeof runBundle> {
  const page = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => page.once('listening', resolve));
  const mock = await openMock();
  const ended = await runBundle('baseline', {
    LLM_PROVIDER: 'mock',
    LLM_BASE_URL: mock.url,
    LLM_MIX: 'm',
    LLM_PREFLIGHT: '0',
    LLM_TIME_SCALE: '0.02',
    LLM_VUS: '1',
    LLM_METRICS_URL: `http://127.0.0.1:${(page.address() as AddressInfo).port}/metrics`,
  });
  page.close();
  return ended;
}

test("the server's own gauges are read from its metrics page while the load runs", async () => {
  const { code, summary } = await runBeside((response) => response.end(PAGE));
  expect(code).toBe(0);
  expect(summary!.metrics['ai_server_requests_running']).toMatchObject({ value: 3 });
  expect(summary!.metrics['ai_server_requests_waiting']).toMatchObject({ value: 2 });
  expect(summary!.metrics['ai_server_kv_cache_ratio']).toMatchObject({ value: 0.25 });
  expect(summary!.metrics['ai_server_scraped']).toMatchObject({ rate: 1 });
  expect(summary!.notes.join()).not.toContain('metrics page');
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

test('a metrics page that ends in mid-run is told, once for each reason', async () => {
  let looks = 0;
  const { output, summary } = await runBeside((response) => {
    looks++;
    if (looks === 1) response.end(PAGE);
    else if (looks % 2 === 0) response.writeHead(500).end();
    else response.end('of_another_kind 7\n');
  });
  expect(looks).toBeGreaterThan(3);
  expect(summary!.metrics['ai_server_requests_running']).toMatchObject({ value: 3 });
  expect(output.match(/not read: LLM_METRICS_URL answered HTTP 500: .*; first at \d+ s/g)).toHaveLength(1);
  expect(output.match(/not read: LLM_METRICS_URL holds no gauge that is known here/g)).toHaveLength(1);
  expect(summary!.metrics['ai_server_scraped']).toMatchObject({ passes: 1 });
  expect(summary!.notes.join('\n')).toMatch(
    /(\d+) of \d+ looks at the server's metrics page .* told nothing/,
  );
});
