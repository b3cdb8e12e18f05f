// npm run bench:meter [-- --streams 100,400,1000] [--seconds 8] [--repeats 2] [--tries 5]: how true is the stream
// meter?
//
// Real k6 (at nice 10, as the launcher runs it), the built bundle, the meter and the mock on one machine: TTFT 200 ms,
// 20 ms between tokens, 64 tokens. What k6's summary says of TTFT and TPOT is held against the mock's own record of
// the same requests, so the mock's lateness is not in the errors; it is shown beside them. Together: every user
// starts at once and they stay in step, the worst case. Spread: users come in over a quarter of the time. A run
// beside which something else kept more than a fifth of a core busy is thrown away, and taken again while tries last.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildBundles } from '../../build.mjs';
import { readFlags } from '../../scripts/read-flags.mjs';
import { settings } from '../clients/k6-llm.mjs';
import { watchOthers } from '../process/others.mjs';
import { startServer } from '../process/server.mjs';
import { watch } from '../process/watch.mjs';
import { mean } from '../report/figures.mjs';
import { startMock, TIMING } from '../servers/mock.mjs';
import { findK6s } from '../setup/k6.mjs';
import { fixed, machine, root } from './support.mjs';

/** How the users come: the bundle, and its length at `LLM_TIME_SCALE=1`. */
const STARTS = {
  together: { bundle: 'bench/.build/steady.js', lengthSeconds: 100 },
  spread: { bundle: 'dist/baseline.js', lengthSeconds: 480 },
};

/** At most these errors, ms, and this much of the meter's CPU, µs a token. */
const LIMITS = {
  together: { 100: { mean: 2, p99: 10 }, 400: { mean: 4, p99: 20 }, 1000: { mean: 8, p99: 40 } },
  spread: { 100: { mean: 1 }, 400: { mean: 1 }, 1000: { mean: 2 } },
};
const MAX_TPOT_ERROR_MS = 0.1;
const MAX_CPU_US = 16;
/** Cores that other processes may have kept busy during a run that counts. */
const MAX_OTHERS = 0.2;

const { values } = readFlags(import.meta.filename, {
  options: {
    streams: { type: 'string', default: '100,400,1000' },
    seconds: { type: 'string', default: '8' },
    repeats: { type: 'string', default: '2' },
    tries: { type: 'string', default: '5' },
  },
});
await buildBundles({
  outdir: path.join(root, 'bench/.build'),
  entries: [path.join(root, 'bench/k6/steady.ts')],
});
const { k6 } = await findK6s(console.log);
console.log(`${machine()}, k6 ${k6.version.text}, ${new Date().toISOString().slice(0, 10)}`);
const rows = new Map();
for (let repeat = 0; repeat < Number(values.repeats); repeat += 1) {
  for (const streams of values.streams.split(',').map(Number)) {
    for (const start of Object.keys(STARTS)) {
      await measureAlone(start, streams);
    }
  }
}
printTable();

async function measureAlone(start, streams) {
  const key = `${start} ${streams}`;
  for (let left = Number(values.tries); left > 0; left -= 1) {
    const row = await measure(start, streams);
    const counts = row.others === null || row.others <= MAX_OTHERS;
    console.log(`${key.padEnd(14)} ${counts ? '' : '(thrown away) '}${JSON.stringify(row)}`);
    if (!counts) continue;
    rows.set(key, [...(rows.get(key) ?? []), row]);
    return;
  }
}

async function measure(start, streams) {
  const dir = await mkdtemp(path.join(tmpdir(), 'k6-llm-meter-'));
  const mock = await startMock();
  const meter = await startServer(
    [path.join(root, 'dist/cli.mjs'), 'meter', '--port', '0', '--connections', String(streams)],
    { env: { LLM_PROVIDER: 'custom', LLM_BASE_URL: mock.url, LLM_API_KEY: 'bench' } },
  );
  try {
    const before = await figuresOf(meter.url);
    const { bundle, lengthSeconds } = STARTS[start];
    const others = watchOthers();
    await watch(k6.path, ['run', '--quiet', path.join(root, bundle)], {
      cwd: dir,
      nice: 10,
      accept: [0, 99],
      env: settings({
        url: mock.url,
        vus: streams,
        tokens: TIMING.tokens,
        LLM_STREAM: '1',
        LLM_METER_URL: meter.url,
        LLM_TIME_SCALE: String(Number(values.seconds) / lengthSeconds),
        LLM_PREFLIGHT: '0',
        LLM_RESULTS_DIR: dir,
      }),
    });
    const busy = others();
    const summary = JSON.parse(await readFile(path.join(dir, 'summary.json'), 'utf8'));
    return rowOf(summary, {
      truth: await mock.truth(),
      before,
      after: await figuresOf(meter.url),
      others: busy,
    });
  } finally {
    await meter.stop();
    await mock.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

function rowOf({ metrics, totals }, { truth, before, after, others }) {
  const cpuMs = after.cpuMs.user + after.cpuMs.system - before.cpuMs.user - before.cpuMs.system;
  return {
    requests: totals.succeeded,
    lost: truth.streams - totals.succeeded,
    tokensWrong: truth.tokens - totals.outputTokens,
    meanErrorMs: metrics.ai_ttft_ms.avg - truth.ttftMeanMs,
    p99ErrorMs: metrics.ai_ttft_ms['p(99)'] - truth.ttftP99Ms,
    tpotErrorMs: metrics.ai_tpot_ms.avg - truth.tpotMeanMs,
    mockLateMs: truth.ttftMeanMs - TIMING.ttftMs,
    mockLateP99Ms: truth.ttftP99Ms - TIMING.ttftMs,
    cpuUsPerToken: (cpuMs * 1000) / totals.outputTokens,
    loopDelayP99Ms: after.loopDelayMs.p99,
    hopMs: metrics.ai_meter_overhead_ms?.avg ?? null,
    memoryMb: after.memoryBytes / 1e6,
    others,
  };
}

async function figuresOf(url) {
  return (await fetch(`${url}/__meter`)).json();
}

function printTable() {
  console.log(
    '\n| starts | streams | TTFT error mean / p99, ms | TPOT error, ms | CPU, µs a token | loop delay p99, ms | hop from k6, ms | memory, MB | mock late mean / p99, ms | within limits |\n|---|---|---|---|---|---|---|---|---|---|',
  );
  for (const [key, repeats] of rows) {
    const [start, streams] = key.split(' ');
    const value = (name) => mean(repeats.map((row) => row[name]));
    const cell = (name, digits) => fixed(value(name), digits);
    console.log(
      `| ${start} | ${streams} | ${cell('meanErrorMs', 2)} / ${cell('p99ErrorMs', 1)} | ${cell('tpotErrorMs', 3)} | ${cell('cpuUsPerToken', 1)} | ${cell('loopDelayP99Ms', 1)} | ${cell('hopMs', 1)} | ${cell('memoryMb', 0)} | ${cell('mockLateMs', 2)} / ${cell('mockLateP99Ms', 1)} | ${isWithin(start, streams, value) ? 'yes' : 'no'} |`,
    );
  }
}

function isWithin(start, streams, value) {
  const limits = LIMITS[start][streams] ?? {};
  return (
    Math.abs(value('meanErrorMs')) <= (limits.mean ?? Infinity) &&
    Math.abs(value('p99ErrorMs')) <= (limits.p99 ?? Infinity) &&
    Math.abs(value('tpotErrorMs')) <= MAX_TPOT_ERROR_MS &&
    value('cpuUsPerToken') <= MAX_CPU_US &&
    value('lost') === 0 &&
    value('tokensWrong') === 0
  );
}
