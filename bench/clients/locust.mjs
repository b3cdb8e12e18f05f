// Locust, one process, as it runs when nothing else is asked for.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { watch } from '../process/watch.mjs';
import { mean, percentile } from '../report/figures.mjs';
import { binary, OFFLINE } from '../setup/venvs.mjs';
import { bodyOf } from './request.mjs';

export async function runLocust({ url, vus, seconds, stream = false, tokens }) {
  const dir = await mkdtemp(path.join(tmpdir(), 'k6-llm-bench-'));
  try {
    const out = path.join(dir, 'out.json');
    const file = path.join(import.meta.dirname, '../peers/locustfile.py');
    const users = String(vus);
    const watched = await watch(
      binary('locust'),
      [
        '-f',
        file,
        '--headless',
        '--only-summary',
        '--host',
        new URL(url).origin,
        '-u',
        users,
        '-r',
        users,
        '-t',
        `${seconds}s`,
        '--stop-timeout',
        '30',
        '--exit-code-on-error',
        '1',
      ],
      {
        cwd: dir,
        env: {
          ...OFFLINE,
          BENCH_STREAM: stream ? '1' : '0',
          BENCH_OUT: out,
          BENCH_BODY: bodyOf({ stream, tokens }),
        },
      },
    );
    const { ttftsMs, tpotsMs } = JSON.parse(await readFile(out, 'utf8'));
    return {
      watched,
      reported: {
        requests: ttftsMs.length,
        ttftMeanMs: mean(ttftsMs),
        ttftP99Ms: percentile(ttftsMs, 0.99),
        tpotMeanMs: mean(tpotsMs),
      },
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
