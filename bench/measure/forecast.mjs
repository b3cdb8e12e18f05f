// How near k6-llm forecast comes to the dollars of the run that follows, against a mock with prompt cache and prices with
// tiers. Writes bench/measure/forecast.json and the table of docs/questions/what-will-it-cost.md. A few minutes.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { besideMocks, eachGo, readJson, runCli, writeMeasured } from './beside-mock.mjs';

const PAGE = 'docs/questions/what-will-it-cost.md';

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
export async function measureForecast({ mode, minutes, say }) {
  const goes = WORLDS.flatMap((world) =>
    Array.from({ length: mode === 'quick' ? 1 : REPEATS }, (_, repeat) => ({
      key: `${world.name} ${repeat}`,
      go: async () => {
        const { forecastUsd, usd } = await forecastOnce(world, repeat);
        const offRatio = forecastUsd / usd - 1;
        say(
          `${world.name}: $${forecastUsd.toFixed(5)} forecast, $${usd.toFixed(5)} then, ${(offRatio * 100).toFixed(1)} % off`,
        );
        return { world: world.name, forecastUsd, usd, offRatio };
      },
    })),
  );
  const results = await eachGo('forecast', goes, { minutes, say });
  if (results === null) return;
  for (const { world, offRatio } of results.filter((one) => !(Math.abs(one.offRatio) <= ALLOWED_RATIO))) {
    say(`NOT AS PROMISED: ${world}: ${(offRatio * 100).toFixed(1)} % off`);
    process.exitCode = 1;
  }
  if (mode === 'quick') return;
  const figures = { before: BEFORE, after: AFTER, results };
  await writeMeasured('forecast', { figures, page: PAGE, table: tableOf(results) });
  say(`wrote bench/measure/forecast.json and ${PAGE}`);
}

function forecastOnce({ cache, env }, repeat) {
  const timing = '--ttft 5 --tpot 0.2 --output-tokens lognormal:60:0.4';
  const mock = `${timing} --seed ${repeat + 1}${cache ? ' --prompt-cache' : ''}`;
  return besideMocks([mock], async ({ folder, urls: [url] }) => {
    await writeFile(path.join(folder, 'prices.json'), JSON.stringify(PRICES));
    const own = {
      LLM_BASE_URL: url,
      LLM_MIX: 'm=3,n=1',
      LLM_PRICES: 'prices.json',
      LLM_THINK_TIME: '0s',
      ...env,
    };
    const run = (name, seed, count) =>
      runCli(['run', 'baseline', '--', '--quiet', '--vus', '4', '--iterations', String(count)], {
        cwd: folder,
        env: { ...own, LLM_SEED: String(seed), LLM_RESULTS_DIR: name },
      });
    await run('before', 100 + repeat, BEFORE);
    await runCli(['forecast', '--from', 'before', '--requests-per-day', String(AFTER)], {
      cwd: folder,
      env: { ...own, LLM_RESULTS_DIR: 'answer' },
    });
    await run('after', 200 + repeat, AFTER);
    const { forecast } = await readJson(folder, 'answer/answer.json');
    const { totals } = await readJson(folder, 'after/summary.json');
    return { forecastUsd: forecast.usdPerDay, usd: totals.costUsd };
  });
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
