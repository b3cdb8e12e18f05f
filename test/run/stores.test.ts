import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { k6Outputs } from '../../src/tools/k6/k6-outputs.ts';
import { hasPrometheus, PROMETHEUS_MISSING, startPrometheus } from '../dashboards/prometheus.ts';
import { runCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const present = await hasPrometheus();
if (!present) process.stderr.write(`\nNOT CHECKED: ${PROMETHEUS_MISSING}\n`);

let cwd: string;
beforeEach(() => {
  cwd = folderOfTest('stores');
});

/** A short run with these flags, against a mock of its own. */
async function runWith(flags: readonly string[], env: Record<string, string> = {}) {
  const mock = await openMock();
  const result = await runCli(['run', 'baseline', ...flags], {
    cwd,
    env: {
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'gpt-4.1',
      LLM_VUS: '4',
      LLM_TIME_SCALE: '0.005',
      LLM_THINK_TIME: '50ms',
      LLM_RESULTS_DIR: path.join(cwd, 'out'),
      ...env,
    },
  });
  return { ...result, requests: mock.truth().requests.started };
}

describe('--prometheus', () => {
  test.skipIf(!present)('sums of a divided run are those of its summary', async () => {
    const prometheus = await startPrometheus();
    onTestFinished(() => prometheus.stop());
    const { code, stderr } = await runWith(['--prometheus', prometheus.address, '--shards', '2']);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/has the same sums as k6 for all \d+ counters/);
    const { totals } = JSON.parse(await readFile(path.join(cwd, 'out', 'summary.json'), 'utf8'));
    const query = async (name: string): Promise<number> => {
      const answer = await fetch(`${prometheus.address}/api/v1/query?query=sum(k6_${name}_total)`);
      const { data } = JSON.parse(await answer.text());
      return Number(data.result[0]?.value[1]);
    };
    expect(await query('ai_output_tokens')).toBe(totals.outputTokens);
    expect(await query('ai_cost_dollars')).toBeCloseTo(totals.costUsd, 9);
  });

  test('a server that takes no remote writes stops the run before it sends anything', async () => {
    const server = createServer((_, response) => response.writeHead(404).end('remote write receiver is off'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { code, stderr, requests } = await runWith(['--prometheus', `http://127.0.0.1:${port}`]);
    expect(code).toBe(2);
    expect(stderr).toContain('HTTP 404 (remote write receiver is off); Prometheus needs');
    expect(requests).toBe(0);
  });
});

describe('--otel', () => {
  /** Takes OTLP over HTTP (opentelemetry.io, OTLP 1.x): an answer to each export, and the bytes kept. */
  async function openCollector() {
    const exports: Buffer[] = [];
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const isMetrics = request.method === 'POST' && request.url === '/v1/metrics';
        if (isMetrics) exports.push(Buffer.concat(parts));
        response.writeHead(isMetrics ? 200 : 404, { 'content-type': 'application/x-protobuf' }).end();
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    return { url: `http://127.0.0.1:${port}`, said: () => Buffer.concat(exports).toString('latin1') };
  }

  test("k6's metrics reach the collector, and that nobody counted them is said", async () => {
    const collector = await openCollector();
    const { code, stderr } = await runWith(['--otel', collector.url]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('not checked');
    for (const name of ['ai_latency_ms', 'ai_output_tokens', 'testid']) {
      expect(collector.said(), name).toContain(name);
    }
  });

  test('no collector there: nothing is sent, over HTTP and over gRPC', async () => {
    for (const url of ['http://127.0.0.1:1', 'grpc://127.0.0.1:1']) {
      const { code, stderr, requests } = await runWith(['--otel', url]);
      expect(code).toBe(2);
      expect(stderr).toContain('Nothing was sent');
      expect(requests).toBe(0);
    }
  });

  test('the k6 at hand names its outputs', async () => {
    const { path: binary } = await findK6(() => {});
    const outputs = await k6Outputs(binary);
    expect(outputs).toContain('influxdb');
    expect(outputs).toContain('experimental-prometheus-rw');
    expect(outputs.some((name) => name.endsWith('opentelemetry'))).toBe(true);
  });
});
