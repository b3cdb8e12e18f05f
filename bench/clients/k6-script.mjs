// Plain k6 scripts: the bare minimum, and what people write by hand.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { watch } from '../process/watch.mjs';
import { bodyOf } from './request.mjs';

const scripts = path.join(import.meta.dirname, '../k6');

/** Runs bench/k6/<script>.js with so many VUs for so many seconds. */
export async function runScript({
  k6,
  script,
  url,
  vus,
  seconds,
  body = bodyOf({ stream: false }),
  env = {},
  args = [],
}) {
  return watch(k6.path, ['run', '--quiet', ...args, path.join(scripts, `${script}.js`)], {
    env: {
      K6_NO_USAGE_REPORT: 'true',
      LLM_BASE_URL: url,
      BENCH_VUS: String(vus),
      BENCH_DURATION: `${seconds}s`,
      BENCH_BODY: body,
      ...env,
    },
  });
}

/** An ordinary xk6-sse script. Needs a k6 that has it. */
export async function runSseParse({ k6, url, streams, seconds, tokens }) {
  const dir = await mkdtemp(path.join(tmpdir(), 'k6-llm-bench-'));
  try {
    const out = path.join(dir, 'out.json');
    const watched = await runScript({
      k6,
      script: 'sse-parse',
      url,
      vus: streams,
      seconds,
      body: bodyOf({ stream: true, tokens }),
      env: { BENCH_OUT: out },
    });
    const { metrics } = JSON.parse(await readFile(out, 'utf8'));
    return {
      watched,
      reported: {
        requests: metrics.bench_ttft_ms.values.count,
        ttftMeanMs: metrics.bench_ttft_ms.values.avg,
        ttftP99Ms: metrics.bench_ttft_ms.values['p(99)'],
        tpotMeanMs: metrics.bench_tpot_ms.values.avg,
      },
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
