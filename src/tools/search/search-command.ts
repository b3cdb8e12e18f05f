import { kindOf } from '../../lib/kinds/kinds.ts';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../../lib/parse/config-error.ts';
import { parseAmount } from '../../lib/parse/go-number.ts';
import { parseJsonRecord } from '../../lib/parse/json.ts';
import { plainJsonText } from '../../lib/text/plain-text.ts';
import { durationMs, formatDuration } from '../../lib/parse/values.ts';
import { readSettings, type Settings } from '../../lib/settings/settings.ts';
import { wrap } from '../../lib/text/table.ts';
import { takeAnswerFolder } from '../answers/answer-folder.ts';
import { readMachine } from '../calibration/machine-file.ts';
import { EXIT_USAGE } from '../cli/define-command.ts';
import { readNumber } from '../cli/read-number.ts';
import { findK6OrTell } from '../k6/find-or-tell.ts';
import { settingsPricing } from '../prices/settings-pricing.ts';
import { builtScript } from '../run/built-script.ts';
import { refuseHttpDebug } from '../run/k6-arguments.ts';
import { refuseOddFiles, withAbsolutePaths } from '../run/run-environment.ts';
import { readProviders } from '../run/meters/read-providers.ts';
import { needsMeter, wantsOwnMeter } from '../run/meters/running-meter.ts';
import { scenarioFile } from '../run/scenario-file.ts';
import { takeFolder, type TakenFolder, writeForOwnerOnly } from '../results/folder/take-folder.ts';
import { loadText, loadUnit } from './load-text.ts';
import { renderSearch } from './render-search.ts';
import { runSearch, type Search } from './run-search.ts';
import { readState, type SearchAsk, type SearchState, STATE_FILE } from './search-state.ts';
import { parseServiceLevel } from './service-level.ts';

/** Flags as they were written; null where they were not. */
export type SearchFlags = {
  scenario: string | null;
  slo: string | null;
  by: string | null;
  min: string | null;
  max: string | null;
  precision: string | null;
  hold: string | null;
  stream: boolean;
  budget: string | null;
  resume: boolean;
  asJson: boolean;
};

const DEFAULT_SCENARIO = 'baseline';
const DEFAULT_MAX = 10_000;

/**
 * `k6-llm search`: checks everything that it was given, then searches.
 *
 * @throws UsageError and ConfigError before anything is sent.
 */
export async function searchCommand(flags: SearchFlags): Promise<number> {
  refuseHttpDebug(process.env);
  const resumed = flags.resume ? await openResumed() : null;
  const ask = resumed === null ? readAsk(flags) : sameAsk(resumed.state.ask, flags);
  const scenario = await builtScript(ask.scenario);
  const { name } = scenarioFile(scenario);
  const env: NodeJS.ProcessEnv = { ...process.env, ...(ask.stream ? { LLM_STREAM: '1' } : {}) };
  const settings = readSettings(wantsOwnMeter(env) ? { ...env, LLM_TRANSPORT: 'auto' } : env);
  refuseTrace(settings, ask);
  const whole: SearchAsk = { ...ask, budgetUsd: ask.budgetUsd ?? settings.budgetUsd };
  const terms = parseServiceLevel(whole.slo, factsOf(name, whole, { settings, env }));
  if (resumed !== null) refuseOtherSettings(resumed.state, settings);
  const absolute = withAbsolutePaths(env, process.cwd());
  refuseOddFiles(absolute);
  settingsPricing(settings);
  if (name === 'ab') refuseOddProviders(absolute);
  const k6 = await findK6OrTell('search');
  if (k6 === null) return EXIT_USAGE;
  const say = (line: string): void => console.error(wrapIndented(line).join('\n'));
  const taken = resumed?.take() ?? takeAnswerFolder('search', { env, now: new Date(), say });
  const { folder, release } = await taken;
  const facts = [
    `${name} against ${settings.endpoints.displayUrl}`,
    terms.map(({ text }) => text).join(' and '),
    `steps of ${formatDuration(whole.holdMs)}, precision ${whole.precisionRatio * 100} %`,
  ];
  const search: Search = {
    scenario,
    by: whole.by,
    turns: settings.turns,
    seed: settings.seed,
    env,
    k6,
    terms,
    folder,
    warmupMs: (env['LLM_WARMUP'] ?? '').trim() === '' ? null : settings.warmupMs,
    facts,
    machine: await readMachine(),
    say,
    state: resumed?.state ?? {
      version: 1,
      ask: whole,
      settings: settingsToKeep(settings),
      spentUsd: 0,
      steps: [],
    },
  };
  try {
    const unit = loadUnit(whole.by, settings.turns);
    say(
      `search ${facts[0] ?? ''}: the most ${unit} within ${facts[1] ?? ''}, from ${loadText(whole.min, unit)}`,
    );
    if (resumed !== null) say(`  ${stepCount(resumed.state)} there already`);
    const { answer, exitCode } = await runSearch(search);
    // Not wrapped: paths are copied.
    console.error(
      `answer: ${path.relative(process.cwd(), path.resolve(folder)) || '.'}/answer.json, answer.md, answer.html\n`,
    );
    console.log(
      flags.asJson
        ? plainJsonText(JSON.stringify(answer, null, 2))
        : `${wrap(answer.sentence, WIDTH).join('\n')}\n\n${renderSearch(answer)}`,
    );
    return exitCode;
  } finally {
    release();
  }
}

const WIDTH = 80;

/** Wrapped as a paragraph that is as far in as its first line. */
function wrapIndented(line: string): string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  return wrap(line, WIDTH - indent.length, '  ').map((part) => indent + part);
}

function stepCount({ steps }: SearchState): string {
  return steps.length === 1 ? '1 step is' : `${steps.length} steps are`;
}

function readAsk(flags: SearchFlags): SearchAsk {
  const by = flags.by ?? 'rate';
  if (by !== 'rate' && by !== 'vus') throw wrong('--by', by, 'rate or vus', '--by vus');
  if (flags.slo === null)
    throw wrong('--slo', '', 'what must hold', "--slo 'p95(ai_ttft_ms)<1000; error_rate<1%'");
  const load = {
    min: by === 'vus' ? 1 : 0.001,
    max: by === 'vus' ? 100_000 : 1_000_000,
    fraction: by === 'rate',
  };
  const min = readNumber('--min', flags.min ?? undefined, { fallback: 1, ...load });
  const max = readNumber('--max', flags.max ?? undefined, { fallback: Math.max(DEFAULT_MAX, min), ...load });
  if (max < min)
    throw wrong(
      '--max',
      flags.max ?? String(max),
      `at least --min, which is ${min}`,
      `--min ${max} --max ${min}`,
    );
  return {
    scenario: flags.scenario ?? DEFAULT_SCENARIO,
    slo: flags.slo,
    by,
    min,
    max,
    precisionRatio: readPrecision(flags.precision ?? '5%'),
    holdMs: durationMs({ min: 1000, max: 3_600_000, example: '30s' })(flags.hold ?? '30s', '--hold'),
    stream: flags.stream,
    budgetUsd: flags.budget === null ? null : readBudget(flags.budget),
  };
}

function readPrecision(text: string): number {
  const amount = parseAmount(text);
  const ratio = amount === null ? Number.NaN : amount.unit === '%' ? amount.value / 100 : Number.NaN;
  if (ratio >= 0.005 && ratio <= 0.5) return ratio;
  throw wrong('--precision', text, 'a share from 0.5% to 50%', '--precision 5%');
}

function readBudget(text: string): number {
  const amount = parseAmount(text.replace(/^\$/, ''));
  if (amount !== null && amount.value > 0 && ['', '$', 'usd'].includes(amount.unit)) return amount.value;
  throw wrong('--budget', text, 'dollars, more than 0', '--budget 2');
}

function refuseOddProviders(env: NodeJS.ProcessEnv): void {
  if ((env['LLM_PROVIDERS'] ?? '').trim() === '') {
    throw wrong('LLM_PROVIDERS', '', 'a file of at least two providers', 'LLM_PROVIDERS=providers.json');
  }
  readProviders(env);
}

function refuseTrace({ arrivals, resolved }: Settings, { by }: SearchAsk): void {
  if (by === 'vus' || arrivals.kind !== 'trace') return;
  throw wrong(
    'LLM_ARRIVALS',
    resolved.LLM_ARRIVALS,
    'arrivals whose rate can be set: a trace has its own',
    'LLM_ARRIVALS=poisson',
  );
}

function factsOf(
  scenario: string,
  { by, stream }: SearchAsk,
  { settings, env }: { settings: Settings; env: NodeJS.ProcessEnv },
): Parameters<typeof parseServiceLevel>[1] {
  return {
    transport: needsMeter(settings, env) ? 'meter' : settings.transport,
    stream: stream || settings.stream,
    recordsGaps: settings.recordsGaps,
    scheduled: by === 'rate' && settings.arrivals.kind !== 'even',
    openParts: by === 'rate' ? [scenario] : [],
    hasWarmup: true,
    models: settings.mix.map(({ model }) => model),
    testTypes: [scenario],
    providers: [settings.provider.name],
    kinds: [settings.kind],
    textKinds: kindOf(settings.kind).answers === 'text' ? [settings.kind] : [],
    tagsKind: settings.kind !== settings.provider.kinds[0],
    windows: [],
    steps: [],
    hasOwnBehaviour: false,
    turns: [],
    hasSessions: true,
    ownMetrics: [],
  };
}

/** Whatever says where results go, or is set anew for each step, is no part of what was measured. */
const OWN_SETTINGS: readonly string[] = [
  'LLM_RESULTS_DIR',
  'LLM_RATE',
  'LLM_VUS',
  'LLM_HOLD',
  'LLM_TIME_SCALE',
  'LLM_START_AT',
  'LLM_THRESHOLDS',
  'LLM_BUDGET_USD',
  'LLM_BUDGET_MODE',
  'LLM_METER_URL',
];

function settingsToKeep({ resolved }: Settings): Record<string, string> {
  return Object.fromEntries(Object.entries(resolved).filter(([name]) => !OWN_SETTINGS.includes(name)));
}

function refuseOtherSettings(state: SearchState, settings: Settings): void {
  const now = settingsToKeep(settings);
  const names = new Set([...Object.keys(now), ...Object.keys(state.settings)]);
  const changed = [...names].filter((name) => (now[name] ?? '') !== (state.settings[name] ?? ''));
  const [first] = changed;
  if (first === undefined) return;
  const before = state.settings[first] ?? '';
  throw wrong(
    first,
    now[first] ?? '',
    `what the search began with, "${before}": its steps would not be of one thing`,
    before === '' ? `env -u ${first} k6-llm search --resume` : `${first}=${before} k6-llm search --resume`,
  );
}

/** What was asked before stands; a flag may be written again, and must say the same. */
function sameAsk(before: SearchAsk, flags: SearchFlags): SearchAsk {
  const now = readAsk({
    ...flags,
    scenario: flags.scenario ?? before.scenario,
    slo: flags.slo ?? before.slo,
    by: flags.by ?? before.by,
    min: flags.min ?? String(before.min),
    max: flags.max ?? String(before.max),
    precision: flags.precision ?? `${before.precisionRatio * 100}%`,
    hold: flags.hold ?? formatDuration(before.holdMs),
    stream: flags.stream || before.stream,
  });
  const changed = (['scenario', 'slo', 'by', 'min', 'max', 'holdMs', 'stream'] as const).find(
    (name) => now[name] !== before[name],
  );
  if (changed !== undefined) {
    const flag = changed === 'holdMs' ? '--hold' : changed === 'scenario' ? 'scenario' : `--${changed}`;
    throw wrong(
      flag,
      String(now[changed]),
      `what the search began with, ${String(before[changed])}`,
      'k6-llm search --resume',
    );
  }
  // More precision, or more money, is what one may well come back for.
  return {
    ...before,
    precisionRatio: now.precisionRatio,
    budgetUsd: flags.budget === null ? before.budgetUsd : now.budgetUsd,
  };
}

type Resumed = { state: SearchState; take: () => Promise<TakenFolder> };

async function openResumed(): Promise<Resumed> {
  const asked = (process.env['LLM_RESULTS_DIR'] ?? '').trim();
  const folder = asked === '' ? await lastUnfinished() : asked;
  const state = await readState(folder);
  return {
    state,
    take: () => {
      writeForOwnerOnly();
      // Nothing in it is of an earlier search: it is this one's.
      return takeFolder(folder, { say: console.error, isOwn: () => false });
    },
  };
}

async function lastUnfinished(): Promise<string> {
  const names = await readdir('results').catch(() => []);
  const found: { folder: string; atMs: number }[] = [];
  for (const name of names) {
    const folder = path.join('results', name);
    const file = await stat(path.join(folder, STATE_FILE)).catch(() => null);
    if (file !== null && (await isPartial(folder))) found.push({ folder, atMs: file.mtimeMs });
  }
  const last = found.toSorted((a, b) => b.atMs - a.atMs)[0];
  if (last !== undefined) return last.folder;
  throw wrong(
    '--resume',
    'results/',
    'a search in it that is not done',
    "k6-llm search --slo 'p95(ai_latency_ms)<5s'",
  );
}

async function isPartial(folder: string): Promise<boolean> {
  const text = await readFile(path.join(folder, 'answer.json'), 'utf8').catch(() => '');
  return parseJsonRecord(text)?.['partial'] !== false;
}

function wrong(setting: string, got: string, expected: string, example: string): ConfigError {
  return new ConfigError({ setting, got, expected, example });
}
