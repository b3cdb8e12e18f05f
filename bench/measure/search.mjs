// How near k6-llm search comes to a capacity that is known: the mock has 16 slots and takes 0.4 s an answer, so 40/s.
// Writes bench/measure/search.json and the table of docs/search.md. About 25 minutes, most of them spent waiting.
import { loadavg } from 'node:os';
import { besideMocks, eachGo, readJson, runCli, writeMeasured } from './beside-mock.mjs';

const PAGE = 'docs/search.md';

const TRUTH_PER_SEC = 40;
const ALLOWED_RATIO = 0.1;
const MAX_SEC = 360;

const ONE_PIECE = '--ttft 400 --tpot 0 --output-tokens 1';
const STREAMED = '--ttft 100 --tpot 10 --output-tokens 31';
const LATENCY = 'p95(ai_latency_ms)<1000; error_rate<1%';

const WORLDS = [
  { name: 'in one piece', timing: ONE_PIECE, args: ['--slo', LATENCY], repeats: 5, isFound: true },
  {
    name: 'in one piece, a limit that a queue reaches after minutes only',
    timing: ONE_PIECE,
    args: ['--slo', 'p95(ai_latency_ms)<20s'],
    repeats: 1,
    isFound: true,
  },
  {
    name: 'streamed, by the first token',
    timing: STREAMED,
    args: ['--stream', '--slo', 'p95(ai_ttft_ms)<500; error_rate<1%'],
    repeats: 2,
    isFound: true,
  },
  {
    name: 'a client of 4 VUs, which makes 10/s at most',
    timing: ONE_PIECE,
    args: ['--slo', LATENCY],
    env: { LLM_MAX_VUS: '4' },
    repeats: 1,
    isFound: false,
  },
  {
    name: 'a limit below the latency of one request',
    timing: ONE_PIECE,
    args: ['--slo', 'p95(ai_latency_ms)<300'],
    repeats: 1,
    isFound: false,
  },
];

/** Measures, prints, writes. Fails (exit 1) where an answer is more than 10 % off, late, or a number without ground. */
export async function measureSearch({ mode, minutes, say }) {
  const more = mode === 'quick' ? ['--hold', '6s'] : [];
  const goes = WORLDS.flatMap((world) =>
    Array.from({ length: mode === 'quick' ? 1 : world.repeats }, (_, repeat) => ({
      key: `${world.name} ${repeat}`,
      go: async () => {
        const result = await searchOnce(world, more);
        say(`${world.name}: ${result.sentence} (${result.sec} s, exit ${result.code})`);
        return { world: world.name, ...result };
      },
    })),
  );
  const results = await eachGo('search', goes, { minutes, say });
  if (results === null) return;
  for (const result of results.filter((one) => !isAsPromised(one))) {
    say(`NOT AS PROMISED: ${result.world}: ${result.sentence}`);
    process.exitCode = 1;
  }
  if (mode === 'quick') return;
  const figures = { truthPerSec: TRUTH_PER_SEC, results };
  await writeMeasured('search', { figures, page: PAGE, table: tableOf(results) });
  say(`wrote bench/measure/search.json and ${PAGE}`);
}

function searchOnce({ timing, args, env = {} }, more) {
  return besideMocks([`--slots 16 --queue 100000 ${timing}`], async ({ folder, urls: [url] }) => {
    const startedMs = Date.now();
    const code = await runCli(['search', ...args, ...more], {
      cwd: folder,
      env: { LLM_BASE_URL: url, LLM_MIX: 'm', LLM_RESULTS_DIR: folder, ...env },
    });
    const sec = Math.round((Date.now() - startedMs) / 1000);
    const { sentence, capacity, reason, steps } = await readJson(folder, 'answer.json');
    const tries = steps.reduce((sum, step) => sum + step.tries, 0);
    return { code, sec, sentence, capacity, reason, tries, load: Number(loadavg()[0].toFixed(1)) };
  });
}

function isAsPromised({ world, code, sec, capacity }) {
  const { isFound } = WORLDS.find(({ name }) => name === world);
  if (!isFound) return capacity === null && code === 3;
  const isNear = capacity !== null && Math.abs(capacity.value / TRUTH_PER_SEC - 1) <= ALLOWED_RATIO;
  return isNear && code === 0 && sec < MAX_SEC;
}

function tableOf(results) {
  const rows = results.map(({ world, capacity, sec, reason }) => {
    const answer =
      capacity === null
        ? `no number: ${reason}`
        : `${capacity.value}/s (${capacity.low} to ${capacity.high})`;
    const off = capacity === null ? '' : `${((capacity.value / TRUTH_PER_SEC - 1) * 100).toFixed(1)} %`;
    return `| ${world} | ${answer} | ${off} | ${sec} s |`;
  });
  return ['| mock of 40/s | answer | off by | took |', '|---|---|---|---|', ...rows].join('\n');
}
