// How often k6-llm ab is right: two mocks of which the truth is known, short runs. Writes bench/measure/ab.json and the
// table of docs/questions/which-provider.md. About a quarter of an hour.
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import path from 'node:path';
import { describeMachine } from '../setup/machine.mjs';
import { besideMocks, eachGo, readJson, runCli, writeMeasured } from './beside-mock.mjs';

const PAGE = 'docs/questions/which-provider.md';

const REPEATS = 20;
const PROMISED = 18;
const SECONDS = 12;
const SPREAD_MS = 10;
const MEASURE = 'ttft_ms';

const WORLDS = [
  { name: 'TTFT 100 and 108 ms, streamed', ttftsMs: [100, 108], flags: ['--stream'] },
  { name: 'twice TTFT 100 ms, streamed', ttftsMs: [100, 100], flags: ['--stream'] },
];

/** Measures, prints, writes. Fails (exit 1) where fewer than 18 of 20 answers are right. */
export async function measureAb({ mode, minutes, say }) {
  const repeats = mode === 'quick' ? 2 : REPEATS;
  const goes = WORLDS.flatMap((world) =>
    Array.from({ length: repeats }, (_, repeat) => ({
      key: `${world.name} ${repeat}`,
      go: async () => ({ name: world.name, run: await compareOnce(world, { repeat, say }) }),
    })),
  );
  const all = await eachGo('ab', goes, { minutes, say });
  if (all === null) return;
  const results = WORLDS.map((world) => {
    const runs = all.filter(({ name }) => name === world.name).map(({ run }) => run);
    return { world: world.name, truthMs: truthOf(world), runs, ...countsOf(world, runs) };
  });
  for (const { world, right, held } of results) {
    const isKept = (right / repeats) * REPEATS >= PROMISED && (held / repeats) * REPEATS >= PROMISED;
    say(`${world}: right ${right}, truth held ${held} of ${repeats}`);
    if (isKept) continue;
    say(`NOT AS PROMISED: ${world}`);
    process.exitCode = 1;
  }
  if (mode === 'quick') return;
  const figures = {
    machine: describeMachine().name,
    repeats,
    seconds: SECONDS,
    spreadMs: SPREAD_MS,
    results,
  };
  await writeMeasured('ab', { figures, page: PAGE, table: tableOf(figures) });
  say(`wrote bench/measure/ab.json and ${PAGE}`);
}

function truthOf({ ttftsMs: [first, second] }) {
  return second - first;
}

/** A difference is right by its sign, beyond noise; equal ones when nobody wins in any measure. */
function countsOf(world, runs) {
  const truthMs = truthOf(world);
  const isRight = ({ better, winners }) => (truthMs === 0 ? winners.length === 0 : better === 'first');
  return {
    right: runs.filter(isRight).length,
    held: runs.filter(({ low, high }) => low !== null && low <= truthMs && truthMs <= high).length,
    /** Of the point alone, whatever the noise. */
    sign: truthMs === 0 ? null : runs.filter(({ difference }) => difference > 0).length,
  };
}

function compareOnce({ name, ttftsMs, flags }, { repeat, say }) {
  const mocks = ttftsMs.map((ttftMs, at) => mockOf(ttftMs, 2 * repeat + at));
  return besideMocks(mocks, async ({ folder, urls }) => {
    const providers = urls.map((url, at) => ({
      name: at === 0 ? 'first' : 'second',
      baseUrl: url,
      model: 'm',
      prices: { input: 1, output: 4 },
    }));
    const file = path.join(folder, 'providers.json');
    await writeFile(file, JSON.stringify({ providers }));
    const code = await runCli(['ab', '--providers', file, '--duration', `${SECONDS}s`, ...flags], {
      cwd: folder,
      env: {
        LLM_RESULTS_DIR: path.join(folder, 'out'),
        LLM_VUS: '4',
        LLM_THINK_TIME: '0s',
        LLM_SEED: String(1000 + repeat),
      },
    });
    const answer = await readJson(folder, 'out/answer.json');
    const found = answer.differences.find(({ measure }) => measure === MEASURE) ?? {};
    const { difference = null, low = null, high = null, better = null } = found;
    const winners = answer.differences.flatMap((one) => (one.better === null ? [] : [one.measure]));
    say(
      `${name}: ${answer.pairs} pairs, ${difference?.toFixed(1)} ms (${low?.toFixed(1)} to ${high?.toFixed(1)}), better ${better}`,
    );
    const load = Number(loadavg()[0].toFixed(1));
    return { code, pairs: answer.pairs, difference, low, high, better, winners, load };
  });
}

function mockOf(ttftMs, seed) {
  const timing = `--ttft normal:${ttftMs}:${SPREAD_MS} --tpot 2 --output-tokens normal:12:3`;
  return `--slots unlimited ${timing} --seed ${seed + 1}`;
}

function tableOf({ machine, repeats, seconds, spreadMs, results }) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const rows = results.map(({ world, truthMs, runs, right, held }) => {
    const told = runs.filter(({ low }) => low !== null);
    const width =
      told.length === 0 ? 'n/a' : `${mean(told.map(({ low, high }) => high - low)).toFixed(1)} ms`;
    const what = truthMs === 0 ? `no winner in any measure: ${right}` : `right winner beyond noise: ${right}`;
    return `| ${world} | ${Math.round(mean(runs.map(({ pairs }) => pairs)))} | ${what} of ${repeats} | ${held} of ${repeats} | ${width} |`;
  });
  return [
    `How often it is right: ${repeats} runs of ${seconds} s each against two mocks, TTFT spread by ${spreadMs} ms (standard deviation),`,
    `\`npm run bench -- --only ab\`, on ${machine} (load average ${mean(results.flatMap(({ runs }) => runs.map(({ load }) => load))).toFixed(1)}):`,
    '',
    '| mocks | pairs a run | verdict | interval of TTFT holds the truth | its width |',
    '|---|---:|---|---|---:|',
    ...rows,
  ].join('\n');
}
