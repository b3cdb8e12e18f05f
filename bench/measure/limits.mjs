// How near "What limits it?" comes to a mock whose prefill, decode and slots are known, as a run's summary.json says it.
// Writes bench/measure/limits.json and the table of docs/results.md. About five minutes.
import { loadavg } from 'node:os';
import { besideMocks, eachGo, readJson, runCli, writeMeasured } from './beside-mock.mjs';

const PAGE = 'docs/results.md';
const QUESTION = 'What limits it?';
const ALLOWED_RATIO = 0.1;
const REPEATS = 1;

/** Twenty seconds each up to a tenth, a quarter, a half and all of the rate. */
const RISING = { LLM_TIME_SCALE: '0.17' };
const VARIED = { LLM_INPUT_TOKENS: 'lognormal:400:0.8' };

/** `truth` by the row's name; null: it must say that it cannot tell. */
const WORLDS = [
  {
    name: '8 slots, 8,000 tokens/s of prefill, 10 ms a token; up to 40/s',
    mock: '--slots 8 --queue 100000 --ttft 20 --tpot 10 --output-tokens 30 --prefill 8000',
    scenario: 'stress',
    env: { ...RISING, ...VARIED, LLM_RATE: '40', LLM_EXPECTED_LATENCY: '6s' },
    truth: (inputTokens) => ({
      prefill: 8000,
      'answers at a time': 8,
      'the queue grows above': 8 / ((20 + inputTokens / 8 + 29 * 10) / 1000),
      'decode, a stream': 100,
      'decode, in all': null,
      '1,000 cached tokens save': null,
    }),
  },
  {
    name: '600 tokens/s shared by all streams, 20 ms a token for one; up to 30 users',
    mock: '--slots unlimited --ttft 20 --tpot 20 --output-tokens 40 --decode 600',
    scenario: 'baseline',
    env: { LLM_TIME_SCALE: '0.17', LLM_VUS: '30', LLM_THINK_TIME: '0s', LLM_WARMUP: '0s' },
    truth: () => ({
      prefill: null,
      'the queue grows above': null,
      'decode, a stream': 50,
      'decode, in all': 600,
    }),
  },
  {
    name: '4,000 tokens/s of prefill with a prompt cache; 2 users, conversations of 3 turns',
    mock: '--ttft 20 --tpot 5 --output-tokens 20 --prefill 4000 --prompt-cache',
    scenario: 'baseline',
    env: {
      LLM_VUS: '2',
      LLM_HOLD: '60s',
      LLM_THINK_TIME: '0s',
      LLM_TURNS: '3',
      LLM_INPUT_TOKENS: 'lognormal:1000:0.8',
    },
    truth: () => ({
      prefill: 4000,
      '1,000 cached tokens save': 250,
      'decode, a stream': 200,
      'the queue grows above': null,
    }),
  },
];

/** Measures, prints, writes. Fails (exit 1) where a figure is more than 10 % off, or told without ground. */
export async function measureLimits({ mode, minutes, say }) {
  const goes = WORLDS.flatMap((world) =>
    Array.from({ length: mode === 'quick' ? 1 : REPEATS }, (_, repeat) => ({
      key: `${world.name} ${repeat}`,
      go: async () => {
        const result = await runOnce(world, repeat);
        say(`${world.name}: ${result.sentence}`);
        return { world: world.name, ...result };
      },
    })),
  );
  const results = await eachGo('limits', goes, { minutes, say });
  if (results === null) return;
  const odd = results.flatMap(({ world, figures }) =>
    figures.filter((one) => !isAsPromised(one)).map((one) => ({ world, ...one })),
  );
  for (const { world, name, truth, value, note } of odd) {
    say(`NOT AS PROMISED: ${world}: ${name} is ${truth ?? 'not to be told'}, got ${value} (${note})`);
    process.exitCode = 1;
  }
  if (mode === 'quick') return;
  await writeMeasured('limits', {
    figures: { repeats: REPEATS, results },
    page: PAGE,
    table: tableOf(results),
  });
  say(`wrote bench/measure/limits.json and ${PAGE}`);
}

function runOnce({ mock, scenario, env, truth }, repeat) {
  return besideMocks([mock], async ({ folder, urls: [url] }) => {
    const code = await runCli(['run', scenario, '--stream', '--', '--quiet'], {
      cwd: folder,
      env: { LLM_BASE_URL: url, LLM_MIX: 'm', LLM_RESULTS_DIR: 'out', LLM_SEED: String(1 + repeat), ...env },
    });
    const { findings, totals, trust } = await readJson(folder, 'out/summary.json');
    const { sentence, rows } = findings.find(({ question }) => question === QUESTION);
    const truths = truth(totals.inputTokens / totals.succeeded);
    const figures = Object.entries(truths).map(([name, known]) => {
      const { value, note } = rows.find((row) => row.name === name);
      // As it stands there: "8,200 tokens/s", "cannot tell".
      const number = /^[\d,.]+/.exec(value)?.[0].replaceAll(',', '') ?? null;
      return { name, truth: known, value: number === null ? null : Number(number), note };
    });
    return { code, sentence, figures, trust: trust.state, load: Number(loadavg()[0].toFixed(1)) };
  });
}

function isAsPromised({ truth, value }) {
  if (value === null) return true;
  return truth !== null && Math.abs(value / truth - 1) <= ALLOWED_RATIO;
}

function tableOf(results) {
  const rows = WORLDS.flatMap(({ name: world }) => {
    const runs = results.filter((one) => one.world === world);
    return runs[0].figures.map(({ name, truth }, at) => {
      const told = runs.flatMap(({ figures }) => figures[at].value ?? []);
      const reason = runs.find(({ figures }) => figures[at].value === null)?.figures[at].note;
      const worst = Math.max(0, ...told.map((value) => Math.abs(value / truth - 1)));
      const said = told.length === 0 ? `cannot tell: ${reason}` : told.join(', ');
      const off = told.length === 0 ? '' : `${(worst * 100).toFixed(1)} %`;
      return `| ${at === 0 ? world : ''} | ${name} | ${truth === null ? '' : Math.round(truth * 10) / 10} | ${said} | ${off} |`;
    });
  });
  return [
    `Real runs of k6 against mocks, \`npm run bench -- --only limits\`, ${REPEATS === 1 ? 'once' : `${REPEATS} times`} each:`,
    '',
    '| mock, load | figure | truth | told | at worst off by |',
    '|---|---|---:|---|---:|',
    ...rows,
  ].join('\n');
}
