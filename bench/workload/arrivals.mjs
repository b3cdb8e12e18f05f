// npm run bench:arrivals: real k6, the mock's own arrival times, and what they should have been.
//
// Poisson at 50/s for 60 s: count, coefficient of variation of the gaps, Kolmogorov-Smirnov against the exponential.
// Gamma with cv 2, likewise. A trace at 100/s: how far each request's arrival is from its time in the trace, with the
// default expected latency, which brings five hundred VUs, and with that of the mock.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { importTs } from '../../scripts/import-ts.mjs';
import { startMock } from '../servers/mock.mjs';

const root = path.join(import.meta.dirname, '../..');
const { findK6 } = await importTs('src/tools/k6/find-k6.ts');
const { coefficientOfVariation, gapsOf, ksDistance, ksPValue } = await importTs('test/support/statistics.ts');
const k6 = await findK6(console.error);
/** How late this machine, idle, wakes who sleeps 5 ms, ms: nothing that runs here can be more punctual. */
function idleLateness() {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const late = Array.from({ length: 1000 }, () => {
    const dueMs = performance.now() + 5;
    Atomics.wait(cell, 0, 0, 5);
    return Math.max(0, performance.now() - dueMs);
  });
  return spread(late);
}

function spread(lateMs) {
  const sorted = lateMs.toSorted((a, b) => a - b);
  const at = (q) => sorted[Math.floor(sorted.length * q)].toFixed(2);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(0.9999)} ms`;
}

const folder = await mkdtemp(path.join(tmpdir(), 'k6-llm-arrivals-'));

async function arrivals(settings) {
  const mock = await startMock({ ttftMs: 5, tpotMs: 0, tokens: 4 });
  const env = {
    ...process.env,
    LLM_BASE_URL: mock.url,
    LLM_MIX: 'm',
    LLM_PREFLIGHT: '0',
    LLM_THRESHOLDS: 'ci',
    LLM_RESULTS_DIR: folder,
    ...settings,
  };
  const child = spawn(
    k6.path,
    ['run', '--quiet', '--address', '127.0.0.1:0', path.join(root, 'dist/soak.js')],
    { env, stdio: 'ignore' },
  );
  await new Promise((resolve) => child.once('close', resolve));
  const { arrivedAtMs } = await mock.truth();
  await mock.stop();
  return arrivedAtMs.toSorted((a, b) => a - b);
}

function describe(name, times) {
  const gaps = gapsOf(times);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const distance = ksDistance(gaps, (x) => 1 - Math.exp(-x / mean));
  const p = ksPValue(distance, gaps.length);
  console.log(
    `${name}: ${times.length} requests, cv of gaps ${coefficientOfVariation(gaps).toFixed(3)}, KS against exponential: D ${distance.toFixed(4)}, p ${p.toFixed(3)}`,
  );
}

try {
  console.log(`${cpus()[0].model}, ${cpus().length} cores, k6 ${k6.version.text}`);
  console.log(`a thread that sleeps on the idle machine wakes late by ${idleLateness()}`);
  const minute = { LLM_EXPECTED_LATENCY: '1s', LLM_RATE: '50', LLM_TIME_SCALE: String(60 / 3600) };
  describe('poisson 50/s, 60 s', await arrivals({ ...minute, LLM_ARRIVALS: 'poisson' }));
  describe('gamma cv 2, 50/s, 60 s', await arrivals({ ...minute, LLM_ARRIVALS: 'gamma:2' }));
  const planned = Array.from({ length: 2000 }, (_, index) => index * 10);
  const trace = path.join(folder, 'trace.csv');
  await writeFile(trace, ['time_ms', ...planned].join('\n'));
  for (const expected of ['5s', '100ms']) {
    const seen = await arrivals({ LLM_ARRIVALS: `trace:${trace}`, LLM_EXPECTED_LATENCY: expected });
    const offset = Math.min(...seen.map((atMs, index) => atMs - planned[index]));
    const late = seen.map((atMs, index) => atMs - planned[index] - offset);
    console.log(
      `trace at 100/s, LLM_EXPECTED_LATENCY=${expected}: ${seen.length} of ${planned.length} requests, after the earliest: ${spread(late)}`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
