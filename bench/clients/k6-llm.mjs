// Our side: the bundles on the k6 that the launcher would take, and the launcher with its stream meter.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { watch } from '../process/watch.mjs';
import { MODEL } from './request.mjs';

const root = path.join(import.meta.dirname, '../..');

/** k6's exit code when a threshold broke: what a load without limits does. */
const ACCEPT = [0, 99];

/** Settings of the person's shell would change what is measured. */
const CLEAN = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(LLM_|K6_(?!BIN))/.test(name))
    .map((name) => [name, '']),
);

export function settings({ url, vus, tokens = 64, ...more }) {
  return {
    ...CLEAN,
    K6_NO_USAGE_REPORT: 'true',
    LLM_PROVIDER: 'custom',
    LLM_BASE_URL: url,
    LLM_API_KEY: 'bench',
    LLM_MIX: MODEL,
    LLM_VUS: String(vus),
    LLM_MAX_TOKENS: String(tokens),
    LLM_SYSTEM_PROMPT: 'none',
    LLM_THINK_TIME: '0s',
    LLM_TIMEOUT: '60s',
    ...more,
  };
}

/** `k6 run dist/baseline.js`: comes up in a quarter of the time, holds, and winds down in the last eighth. */
export async function runBlocking({
  k6,
  url,
  vus,
  seconds,
  env = {},
  args = [],
  bundle = 'dist/baseline.js',
  lengthSeconds = 480,
}) {
  return inFolder((dir) =>
    watch(k6.path, ['run', '--quiet', ...args, path.join(root, bundle)], {
      cwd: root,
      accept: ACCEPT,
      env: settings({
        url,
        vus,
        LLM_TIME_SCALE: String(seconds / lengthSeconds),
        LLM_RESULTS_DIR: dir,
        ...env,
      }),
    }),
  );
}

/** `k6-llm run … --stream`: all users from the first moment on; figures from its summary. */
export async function runStreaming({
  k6,
  url,
  streams,
  seconds,
  tokens,
  transport = 'meter',
  args = [],
  env = {},
  timeoutMs,
  mayFail = false,
}) {
  return inFolder(async (dir) => {
    const viaSse = transport === 'sse';
    const watched = await watch(
      process.execPath,
      [
        path.join(root, 'dist/cli.mjs'),
        'run',
        path.join(root, 'bench/.build/steady.js'),
        '--stream',
        ...args,
      ],
      {
        cwd: root,
        accept: ACCEPT,
        timeoutMs,
        env: settings({
          url,
          vus: streams,
          tokens,
          K6_BIN: k6.path,
          LLM_TIME_SCALE: String(seconds / 100),
          LLM_RESULTS_DIR: dir,
          LLM_PREFLIGHT: '0',
          ...(viaSse ? { LLM_TRANSPORT: 'sse' } : {}),
          ...env,
        }),
      },
    );
    const { metrics, totals } = JSON.parse(await readFile(path.join(dir, 'summary.json'), 'utf8'));
    if (totals.failed > 0 && !mayFail)
      throw new Error(`k6-llm: ${totals.failed} requests failed:\n${watched.output.slice(-2000)}`);
    return {
      watched,
      totals,
      reported: {
        requests: totals.succeeded,
        ttftMeanMs: metrics.ai_ttft_ms?.avg ?? null,
        ttftP99Ms: metrics.ai_ttft_ms?.['p(99)'] ?? null,
        tpotMeanMs: metrics.ai_tpot_ms?.avg ?? null,
      },
    };
  });
}

async function inFolder(work) {
  const dir = await mkdtemp(path.join(tmpdir(), 'k6-llm-bench-'));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
