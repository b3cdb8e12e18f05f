import exec from 'k6/execution';
import { unknownSettings } from '../../../settings/unknown-settings.ts';
import { ConfigError } from '../../../parse/config-error.ts';
import type { ClockAhead } from '../../../summary/clock-ahead.ts';
import type { SetupRecord } from '../../../summary/setup-record.ts';
import { firstIterationMs } from '../../../load/first-iteration.ts';
import { formatSpan } from '../../../text/format.ts';
import { nextLoadStart, startTag } from '../../../plan/load-starts.ts';
import { announce, announceForecast } from './announce.ts';
import { findApiKey } from './find-api-key.ts';
import { askProviders, withoutProviders } from './ask-providers.ts';
import { CannotStart, ProvidersFailed } from './cannot-start.ts';
import { type Clock, createClock, sleep } from '../../engine/k6-api.ts';
import { collectGarbage } from './collect-garbage.ts';
import { forecastOf, refuseOverBudget, spentUsd } from '../run-forecast.ts';
import { refuseTooSmallBudget } from './too-small-budget.ts';
import { assertUnchanged } from './assert-unchanged.ts';
import { logHeader } from './log-header.ts';
import { recordSpent, recordStop } from '../../engine/add-sample.ts';
import { type ModelsPage, preflight, type Preflight } from './preflight.ts';
import { preflightTimeMs, setupTimeoutMs } from '../../../plan/setup-times.ts';
import { waitAtGate, waitForStartTime } from './wait-for-start.ts';
import type { PreflightQuestion } from '../../../settings/preflight-questions.ts';
import { askMetrics, askModelList, refuseRedirects } from './reachability.ts';
import { type PlannedRun, vuPlanOf } from '../plan-run.ts';
import type { SetupData, VuSetup } from '../../vu/setup-data.ts';

/** Nothing found out, nothing spent: `LLM_PREFLIGHT=0`. */
const NO_PREFLIGHT: Preflight = {
  adaptations: {},
  spent: {},
  notes: [],
  answeredNames: [],
  unanswered: new Set(),
  measured: new Map(),
  correctionRatio: 1,
};

/**
 * k6's `setup()`: says what will be done, finds out whether it can be, and stops the run if not, before the
 * load starts.
 */
export async function setUp(run: PlannedRun): Promise<SetupData> {
  try {
    return await prepare(run);
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof CannotStart)) throw error;
    // The summary knows what setup returned, and nothing of an abort in it: so the first iteration is to abort.
    const refused = refusedRecord(error);
    const isSoon = beginsSoon(run);
    // Which provider it was is in no summary of k6's.
    if (!isSoon || error instanceof ProvidersFailed) logHeader(run, refused);
    if (isSoon) return stoppedWith(refused);
    // Too long a wait: so the samples' header says it, and to k6's summary a Counter says at least that it was setup.
    recordStop('setup');
    exec.test.abort(error.message);
    throw error;
  }
}

/** Longest wait for the first iteration, which ends a run that cannot start. */
const SOON_MS = 15_000;

function beginsSoon({ parts, schedules }: PlannedRun): boolean {
  return parts.some(
    ({ name, load, startMs }) => startMs + (schedules.has(name) ? 0 : firstIterationMs(load)) <= SOON_MS,
  );
}

function stoppedWith(record: SetupRecord): SetupData {
  console.error(record.stopped);
  return { record, stopped: record.stopped, vuSetup: '' };
}

function refusedRecord(error: Error): SetupRecord {
  return {
    startedAt: '',
    loadStartsAtMs: createClock()(),
    preflight: {},
    forecast: null,
    notes: [],
    stopped: error.message,
    failedProviders: error instanceof ProvidersFailed ? error.failed : [],
    clockAhead: null,
  };
}

async function prepare(run: PlannedRun): Promise<SetupData> {
  const { settings } = run;
  const clock = createClock();
  const beganAtMs = clock();
  const untilMs = beganAtMs + preflightTimeMs(settings);
  assertUnchanged(run);
  if (run.providers?.length === 0) throw withoutProviders();
  const early = [...unknownSettings(__ENV), ...run.pricing.warnings, ...debugWarnings()];
  for (const note of early) console.warn(note);
  const { source, key } =
    run.providers === null ? await findApiKey(settings.provider) : { source: 'none' as const, key: null };
  const forecast = forecastOf(run);
  announce(run, forecast);
  refuseOverBudget(run, forecast);
  const { found, notes, ready, failed, clockAhead } =
    run.providers === null
      ? { ...askAll(run, { apiKey: key, clock, untilMs }), ready: null, failed: [] }
      : { clockAhead: null, ...askProviders(run, (own, apiKey) => askAll(own, { apiKey, clock, untilMs })) };
  for (const note of notes) console.warn(note);
  early.push(...notes);
  const isSharper = found.measured.size > 0;
  const sharper = isSharper ? forecastOf(run, found) : forecast;
  if (isSharper) {
    announceForecast('after preflight', sharper);
    if (settings.budgetMode === 'refuse') refuseOverBudget(run, sharper);
  }
  if (settings.budgetUsd !== null) recordSpent(spentUsd(found.spent));
  if (run.providers === null) refuseTooSmallBudget(run);
  const prepared = await prepareOwn(run);
  if (run.schedules.size > 0) collectGarbage();
  const roomMs = setupTimeoutMs(settings) - LAST_WORK_MS - (clock() - beganAtMs);
  waitAtGate(__ENV['LLM_START_GATE'] ?? '', roomMs);
  const lateness = waitForStartTime(settings.startAtMs, roomMs);
  if (lateness !== null) {
    console.warn(lateness);
    early.push(lateness);
  }
  const loadStart = run.steps.length === 0 ? null : waitForLoadStart(clock());
  const loadStartsAtMs = clock();
  const vuSetup: VuSetup = {
    loadStartsAtMs,
    loadStart,
    keySource: source,
    adaptations: found.adaptations,
    providers: ready,
    plan: vuPlanOf(run, found),
  };
  const record: SetupRecord = {
    startedAt: new Date().toISOString(),
    loadStartsAtMs,
    preflight: found.spent,
    forecast: sharper.figures,
    notes: early,
    stopped: null,
    failedProviders: failed,
    clockAhead,
  };
  logHeader(run, record);
  return { record, stopped: null, vuSetup: JSON.stringify(vuSetup), ...prepared };
}

/** What the scenario's own `prepare` makes, for its users. */
async function prepareOwn({ scenario: { prepare } }: PlannedRun): Promise<Pick<SetupData, 'prepared'>> {
  const made: unknown = await prepare?.();
  const prepared = made === undefined ? undefined : JSON.stringify(made);
  return prepared === undefined ? {} : { prepared };
}

/** k6 judges each step at its end only if it knew before when the load begins. @returns the tag `start`. */
function waitForLoadStart(elapsedMs: number): string {
  const startMs = nextLoadStart(elapsedMs);
  const waitMs = startMs - elapsedMs;
  if (waitMs > NOTED_WAIT_MS)
    console.log(`waiting ${formatSpan(waitMs)}, so that each step is judged at its end`);
  sleep(waitMs / 1000);
  return startTag(startMs);
}

/** What setup does behind a wait. */
const LAST_WORK_MS = 15_000;

/** A shorter wait needs no word. */
const NOTED_WAIT_MS = 2000;

/**
 * Asks the target what is to be asked before the load.
 *
 * @throws CannotStart where a chat request, or a redirect of the `sse` transport, says that the load would fail.
 */
function askAll(
  run: PlannedRun,
  { apiKey, clock, untilMs }: { apiKey: string | null; clock: Clock; untilMs: number },
): { found: Preflight; notes: readonly string[]; clockAhead: ClockAhead | null } {
  const { settings } = run;
  const asks = (question: PreflightQuestion): boolean => settings.preflight.includes(question);
  const notes: (string | null)[] = [];
  if (asks('metrics')) notes.push(askMetrics(settings, apiKey));
  const page = asks('models') ? askModelList(settings, apiKey) : UNREAD_PAGE;
  if (settings.transport === 'sse') {
    if (asks('redirects')) refuseRedirects(settings, apiKey);
    else notes.push(SSE_FOLLOWS);
  }
  // Without a chat request nobody settles it, and it stops no run that would go well.
  if (!asks('chat')) notes.push(page.doubt);
  const found =
    asks('chat') || asks('lengths') ? preflight(run, { apiKey, clock, page, untilMs, asks }) : NO_PREFLIGHT;
  return {
    found,
    notes: [...notes.filter((note) => note !== null), ...found.notes],
    clockAhead: page.clockAhead,
  };
}

const UNREAD_PAGE: ModelsPage = { listed: null, doubt: null, clockAhead: null };

const SSE_FOLLOWS =
  'the client of LLM_TRANSPORT=sse follows redirects and takes the key along; LLM_PREFLIGHT=redirects looks for one first';

/** k6 alone was started with it: nothing can be hidden any more, only said. */
function debugWarnings(): string[] {
  const { httpDebug } = exec.test.options;
  if (httpDebug === undefined || httpDebug === null || httpDebug === '') return [];
  return [
    '--http-debug prints every request with its headers, the key among them: keep this output to yourself',
  ];
}
