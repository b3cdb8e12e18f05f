// How long `k6-llm report` takes over a gigabyte of k6's JSON output, and how much memory. Writes
// bench/measure/json-report.json.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const BYTES = Number(process.argv[2] ?? 1e9);
const root = path.join(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'k6-llm-json-'));
const file = path.join(folder, 'out.json');
const { requests, bytes } = await writePoints(file, BYTES);
console.log(`${requests} requests, ${(bytes / 1e9).toFixed(2)} GB`);

const begin = performance.now();
const out = path.join(folder, 'report.html');
const args = [path.join(root, 'dist/cli.mjs'), 'report', file, '--out', out, '--quiet'];
const child = spawn(process.execPath, args, { stdio: 'inherit' });
let peakKb = 0;
const timer = setInterval(() => (peakKb = Math.max(peakKb, peakOf(child.pid))), 50);
const [code] = await once(child, 'exit');
clearInterval(timer);
const seconds = (performance.now() - begin) / 1000;
rmSync(folder, { recursive: true });

const result = {
  date: new Date().toISOString().slice(0, 10),
  requests,
  gigabytes: Number((bytes / 1e9).toFixed(3)),
  seconds: Number(seconds.toFixed(1)),
  peakMb: Math.round(peakKb / 1024),
};
writeFileSync(path.join(import.meta.dirname, 'json-report.json'), `${JSON.stringify(result, null, 2)}\n`);
console.log(`exit ${code}, ${result.seconds} s, ${result.peakMb} MB at its peak`);
process.exitCode = code === 0 && result.seconds < 20 && result.peakMb < 300 ? 0 : 1;

/** The most memory that a process ever held, kB; Linux only. */
function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Points as k6 writes them for one request: 13 of ours, 15 of its own. */
async function writePoints(to, wanted) {
  const own = {
    ai_requests_started: 1,
    ai_requests_finished: 1,
    ai_requests_succeeded: 1,
    ai_cost_dollars: 0.0008,
    ai_input_tokens: 60,
    ai_cached_tokens: 0,
    ai_output_tokens: 64,
    error_rate: 0,
    ai_goodput: 1,
  };
  const trends = ['ai_latency_ms', 'ai_ttft_ms', 'ai_tpot_ms', 'token_throughput_per_sec'];
  const k6 = ['reqs', 'req_duration', 'req_blocked', 'req_connecting', 'req_tls_handshaking', 'req_sending']
    .concat('req_waiting', 'req_receiving', 'req_failed')
    .map((name) => `http_${name}`)
    .concat('data_sent', 'data_received', 'iteration_duration', 'iterations', 'checks', 'checks');
  const stream = createWriteStream(to);
  let requests = 0;
  let bytes = 0;
  while (bytes < wanted) {
    let text = '';
    for (let at = 0; at < 200; at += 1, requests += 1) {
      const time = `${new Date(1.7e12 + requests * 4).toISOString().slice(0, -1)}${String(requests % 1e6).padStart(6, '0')}Z`;
      const model = ['gpt-4.1', 'claude-sonnet-4.5', 'deepseek-v3.2'][requests % 3];
      const tags = `{"expected_response":"true","group":"","model":"${model}","name":"llm","phase":"main","provider":"mock","scenario":"stress","stream":"true","test_type":"stress"}`;
      const spread = 100 * Math.exp(1.5 * Math.sin(requests * 12.9898));
      const point = (metric, value) =>
        `{"metric":"${metric}","type":"Point","data":{"time":"${time}","value":${value},"tags":${tags}}}\n`;
      for (const metric of trends) text += point(metric, spread);
      for (const [metric, value] of Object.entries(own)) text += point(metric, value);
      for (const metric of k6) text += point(metric, spread / 2);
    }
    bytes += text.length;
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  return { requests, bytes };
}
