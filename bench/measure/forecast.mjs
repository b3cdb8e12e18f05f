// How near k6-llm forecast comes to the dollars of the run that follows, against a mock with prompt cache and prices with
// tiers. Writes bench/measure/forecast.json and the table of docs/questions/what-will-it-cost.md. A few minutes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServer } from '../process/server.mjs';

const root = path.join(import.meta.dirname, '../..');
const CLI = path.join(root, 'dist/cli.mjs');
const PAGE = path.join(root, 'docs/questions/what-will-it-cost.md');
const BETWEEN = /(<!-- forecast -->\n)[^]*(<!-- end of forecast -->)/;

const ALLOWED_RATIO = 0.05;
const REPEATS = 5;
const BEFORE = 200;
const AFTER = 400;

const PRICES = {
  models: {
    m: {
      input: 2,
      cachedInput: 0.2,
      output: 8,
      tiers: [{ aboveInputTokens: 700, input: 4, cachedInput: 0.4, output: 16 }],
    },
    n: { input: 0.1, cachedInput: 0.01, output: 0.4 },
  },
};

const WORLDS = [
  { name: 'blocking', cache: false, env: {} },
  { name: 'streamed', cache: false, env: { LLM_STREAM: '1' } },
  {
    name: 'a shared prefix in the cache, prompts on both sides of a tier',
    cache: true,
    env: { LLM_SHARED_PREFIX_TOKENS: '400', LLM_INPUT_TOKENS: 'uniform:100:500' },
  },
  {
    name: 'prompts that come again and fill the cache',
    cache: true,
    env: { LLM_SYSTEM_PROMPT: 'You answer briefly. '.repeat(20) },
  },
];

/** Measures, prints, writes. Fails (exit 1) where a forecast is more than 5 % off. */
export async function measureForecast({ mode, say }) {
  const results = [];
  for (const world of WORLDS) {
    for (let repeat = 0; repeat < (mode === 'quick' ? 1 : REPEATS); repeat += 1) {
      const { forecastUsd, usd } = await forecastOnce(world, repeat);
      const offRatio = forecastUsd / usd - 1;
      say(
        `${world.name}: $${forecastUsd.toFixed(5)} forecast, $${usd.toFixed(5)} then, ${(offRatio * 100).toFixed(1)} % off`,
      );
      results.push({ world: world.name, forecastUsd, usd, offRatio });
    }
  }
  for (const { world, offRatio } of results.filter((one) => !(Math.abs(one.offRatio) <= ALLOWED_RATIO))) {
    say(`NOT AS PROMISED: ${world}: ${(offRatio * 100).toFixed(1)} % off`);
    process.exitCode = 1;
  }
  if (mode === 'quick') return;
  await writeFile(
    path.join(root, 'bench/measure/forecast.json'),
    `${JSON.stringify({ before: BEFORE, after: AFTER, results }, null, 2)}\n`,
  );
  const page = await readFile(PAGE, 'utf8');
  await writeFile(PAGE, page.replace(BETWEEN, `$1\n${tableOf(results)}\n\n$2`));
  say('wrote bench/measure/forecast.json and docs/questions/what-will-it-cost.md');
}

async function forecastOnce({ cache, env }, repeat) {
  const mock = await startServer([
    CLI,
    'mock',
    '--port',
    '0',
    '--quiet',
    '--ttft',
    '5',
    '--tpot',
    '0.2',
    '--output-tokens',
    'lognormal:60:0.4',
    '--seed',
    String(repeat + 1),
    ...(cache ? ['--prompt-cache'] : []),
  ]);
  const folder = await mkdtemp(path.join(tmpdir(), 'k6-llm-bench-forecast-'));
  try {
    await writeFile(path.join(folder, 'prices.json'), JSON.stringify(PRICES));
    const own = {
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'm=3,n=1',
      LLM_PRICES: 'prices.json',
      LLM_THINK_TIME: '0s',
      ...env,
    };
    const run = (name, seed, count) =>
      cli(['run', 'baseline', '--', '--quiet', '--vus', '4', '--iterations', String(count)], {
        cwd: folder,
        env: { ...own, LLM_SEED: String(seed), LLM_RESULTS_DIR: name },
      });
    await run('before', 100 + repeat, BEFORE);
    await cli(['forecast', '--from', 'before', '--requests-per-day', String(AFTER)], {
      cwd: folder,
      env: { ...own, LLM_RESULTS_DIR: 'answer' },
    });
    await run('after', 200 + repeat, AFTER);
    const { forecast } = JSON.parse(await readFile(path.join(folder, 'answer/answer.json'), 'utf8'));
    const { totals } = JSON.parse(await readFile(path.join(folder, 'after/summary.json'), 'utf8'));
    return { forecastUsd: forecast.usdPerDay, usd: totals.costUsd };
  } finally {
    await mock.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function cli(args, { cwd, env }) {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
  await once(child, 'exit');
}

function tableOf(results) {
  const rows = WORLDS.map(({ name }) => {
    const offs = results.filter(({ world }) => world === name).map(({ offRatio }) => offRatio);
    const mean = offs.reduce((sum, off) => sum + Math.abs(off), 0) / offs.length;
    const worst = offs.toSorted((one, other) => Math.abs(other) - Math.abs(one))[0];
    return `| ${name} | ${(mean * 100).toFixed(1)} % | ${(worst * 100).toFixed(1)} % |`;
  });
  return [
    `A forecast from ${BEFORE} requests held against the ${AFTER} that followed, prompts and answers drawn anew (answers of 60 tokens,`,
    `lognormal with 0.4), ${REPEATS} times each, \`npm run bench -- --only forecast\`:`,
    '',
    '| run | off by, on average | at worst |',
    '|---|---:|---:|',
    ...rows,
  ].join('\n');
}
