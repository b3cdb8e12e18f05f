// Start-up: from the command to the first request of the load, setup and its preflight included, against a bare loop.
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { settings } from '../clients/k6-llm.mjs';
import { bodyOf } from '../clients/request.mjs';
import { peakBytes, watch } from '../process/watch.mjs';
import { spread } from '../report/figures.mjs';
import { startInstant } from '../servers/instant-client.mjs';

const root = path.join(import.meta.dirname, '../..');
const VUS = { full: [1, 100, 1000], quick: [1, 100] };
const ROUNDS = { full: 3, quick: 1 };
const DATASET_MB = { full: 200, quick: 20 };
const SECONDS = 2;

export async function measureStartup({ mode, k6s: { k6 }, say }) {
  const rows = [];
  const measure = async (row, run) => {
    const seconds = [];
    const peaks = [];
    for (let round = 0; round < ROUNDS[mode]; round += 1) {
      const { firstRequestSeconds, bytes } = await first(run);
      seconds.push(firstRequestSeconds);
      peaks.push(bytes);
    }
    say(
      `start-up: ${row.tool}, ${row.vus} VUs${row.dataset ?? ''}: ${seconds.map((s) => s.toFixed(2)).join(', ')} s`,
    );
    rows.push({ ...row, firstRequestSeconds: spread(seconds), peakBytes: spread(peaks) });
  };
  for (const vus of VUS[mode]) {
    await measure({ tool: 'bare http.post', vus }, { ...bare({ k6, vus }), before: 0 });
    await measure({ tool: 'k6-llm', vus }, { ...ours({ k6, vus }), before: 1 });
  }
  const dir = await mkdtemp(path.join(tmpdir(), 'k6-llm-bench-'));
  try {
    const file = path.join(dir, 'prompts.jsonl');
    await writeDataset(file, DATASET_MB[mode] * 1e6);
    const dataset = `, ${DATASET_MB[mode]} MB of prompts`;
    const env = { LLM_DATASET: file };
    await measure(
      { tool: 'k6-llm run', vus: 100, dataset },
      { ...launched({ k6, vus: 100, env }), before: 1 },
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  return rows;
}

/** @param before requests that come before the load's own: preflight's. */
async function first({ command, args, env, before }) {
  const server = await startInstant();
  try {
    const dir = await mkdtemp(path.join(tmpdir(), 'k6-llm-bench-'));
    const watched = await watch(command, args, {
      cwd: root,
      accept: [0, 99],
      env: { ...env(server.url), LLM_RESULTS_DIR: dir },
    });
    await rm(dir, { recursive: true, force: true });
    const { firstAtMs } = await server.counts();
    const atMs = firstAtMs[before];
    if (atMs === undefined) throw new Error(`no request came:\n${watched.output.slice(-2000)}`);
    return { firstRequestSeconds: (atMs - watched.startedAtMs) / 1000, bytes: peakBytes(watched.memory) };
  } finally {
    await server.stop();
  }
}

function bare({ k6, vus }) {
  return {
    command: k6.path,
    args: ['run', '--quiet', path.join(root, 'bench/k6/bare.js')],
    env: (url) => ({
      K6_NO_USAGE_REPORT: 'true',
      LLM_BASE_URL: url,
      BENCH_VUS: String(vus),
      BENCH_DURATION: `${SECONDS}s`,
      BENCH_BODY: bodyOf({ stream: false }),
      BENCH_PAUSE: '1',
    }),
  };
}

function ours({ k6, vus, env = {} }) {
  return {
    command: k6.path,
    args: ['run', '--quiet', path.join(root, 'bench/.build/steady.js')],
    env: (url) => ({
      ...settings({ url, vus, LLM_TIME_SCALE: String(SECONDS / 100), LLM_THINK_TIME: '1s' }),
      ...env,
    }),
  };
}

function launched({ k6, vus, env }) {
  return {
    ...ours({ k6, vus, env: { ...env, K6_BIN: k6.path } }),
    command: process.execPath,
    args: [path.join(root, 'dist/cli.mjs'), 'run', path.join(root, 'bench/.build/steady.js')],
  };
}

/** Prompts of about 2 kB each, all different. */
async function writeDataset(file, bytes) {
  const out = createWriteStream(file);
  const filler = 'the quick brown fox counts to sixty four and then it counts again, '.repeat(30);
  for (let written = 0, row = 0; written < bytes; row += 1) {
    const line = `${JSON.stringify({ prompt: `${row}: ${filler}` })}\n`;
    written += line.length;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
