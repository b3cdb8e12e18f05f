// What it costs k6 to hand out one record a request, by way: CPU and bytes a request. Writes
// bench/measure/sample-cost.json. Run it on a quiet machine: each way is the least of several rounds.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const REQUESTS = Number(process.argv[2] ?? 10_000);
const ROUNDS = Number(process.argv[3] ?? 6);
const K6 = process.env.K6_BIN ?? 'k6';
const root = path.join(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'k6-llm-cost-'));

const SCRIPT = `
import http from 'k6/http';
import exec from 'k6/execution';
import { Counter, Rate, Trend } from 'k6/metrics';
import { encodeSample } from '${path.join(root, 'src/lib/samples/sample.ts')}';
const trends = ['ai_latency_ms', 'ai_ttfb_ms', 'token_throughput_per_sec'].map((name) => new Trend(name));
const counters = ['ai_requests_started', 'ai_requests_finished', 'ai_requests_succeeded', 'ai_cost_dollars',
  'ai_input_tokens', 'ai_cached_tokens', 'ai_output_tokens'].map((name) => new Counter(name));
const rates = ['error_rate', 'ai_goodput'].map((name) => new Rate(name));
export const options = { scenarios: { s: { executor: 'shared-iterations', vus: 10,
  iterations: Number(__ENV.REQUESTS), maxDuration: '5m' } } };
let instance = null;
export default function () {
  if (instance === null) {
    instance = exec.instance;
    Object.assign(exec.vu.metrics.tags, { model: 'gpt-4.1', provider: 'mock', stream: 'false', phase: 'main' });
  }
  const atMs = instance.currentTestRunDuration;
  const response = http.post(__ENV.URL, '{}', { tags: { name: 'llm' } });
  const latencyMs = instance.currentTestRunDuration - atMs;
  for (const trend of trends) trend.add(latencyMs);
  for (const counter of counters) counter.add(1);
  for (const rate of rates) rate.add(1);
  if (__ENV.LINE !== '1') return;
  console.log(encodeSample({ atMs, testType: 'baseline', model: 'gpt-4.1', provider: 'mock', phase: 'main',
    stream: false, status: response.status, outcome: 'ok', ttfbMs: latencyMs, ttftMs: null, ttfoMs: null,
    tpotMs: null, stallMs: null, latencyMs, endMs: latencyMs, lagMs: null, inputTokens: 50,
    cachedInputTokens: 0, outputTokens: 60, reasoningTokens: 0, costUsd: 0.0006, reportedCostUsd: null,
    chunks: 0, retry: 0, good: true, retryAfterMs: null, vus: 10, pair: null, turn: null,
    window: null, step: null }));
}`;
const bundle = path.join(folder, 'script.js');
await build({
  stdin: { contents: SCRIPT, resolveDir: root, loader: 'js' },
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  external: ['k6', 'k6/*'],
  logLevel: 'error',
});
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => void response.end('{"choices":[{"message":{"content":"hello"}}]}'));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}/`;

const out = (name) => path.join(folder, name);
const WAYS = {
  nothing: { args: [] },
  'JSON output': { args: ['--out', `json=${out('o.json')}`], file: out('o.json') },
  'JSON output, gzipped': { args: ['--out', `json=${out('o.json.gz')}`], file: out('o.json.gz') },
  'CSV output': { args: ['--out', `csv=${out('o.csv')}`], file: out('o.csv') },
  'a raw line': {
    args: ['--console-output', out('o.txt'), '--log-format', 'raw'],
    file: out('o.txt'),
    line: true,
  },
};
const cpuMs = Object.fromEntries(Object.keys(WAYS).map((way) => [way, []]));
const bytes = {};
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [way, { args, file, line }] of Object.entries(WAYS)) {
    if (file !== undefined && existsSync(file)) rmSync(file);
    cpuMs[way].push(await runK6([...args, '-e', `LINE=${line === true ? 1 : 0}`]));
    if (file !== undefined) bytes[way] = Math.round(statSync(file).size / REQUESTS);
  }
}
server.close();
rmSync(folder, { recursive: true });

const least = (way) => Math.min(...cpuMs[way]) * (1000 / REQUESTS);
const ways = Object.fromEntries(
  Object.keys(WAYS).map((way) => [
    way,
    { cpuUsMore: Math.round(least(way) - least('nothing')), bytes: bytes[way] ?? 0 },
  ]),
);
const result = {
  date: new Date().toISOString().slice(0, 10),
  requests: REQUESTS,
  rounds: ROUNDS,
  cpuUsOfNothing: Math.round(least('nothing')),
  ways,
};
writeFileSync(path.join(import.meta.dirname, 'sample-cost.json'), `${JSON.stringify(result, null, 2)}\n`);
console.log(result);

/** Runs k6 once. @returns its CPU time, ms (Linux only). */
async function runK6(args) {
  const child = spawn(K6, ['run', '-q', '-e', `URL=${url}`, '-e', `REQUESTS=${REQUESTS}`, ...args, bundle], {
    stdio: 'ignore',
    env: { ...process.env, K6_NO_USAGE_REPORT: 'true' },
  });
  let ticks = 0;
  const timer = setInterval(() => {
    try {
      const text = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      ticks = Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has just ended: the last reading stands.
    }
  }, 10);
  const [code] = await once(child, 'exit');
  clearInterval(timer);
  if (code !== 0) throw new Error(`k6 ended with exit code ${code}`);
  return ticks * 10;
}
