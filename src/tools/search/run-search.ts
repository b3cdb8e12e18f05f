import { setTimeout } from 'node:timers/promises';
import { formatMs, formatPercent, formatSpan, formatUsd } from '../../lib/text/format.ts';
import type { RunFinding } from '../../lib/summary/summary.ts';
import { writeAnswer } from '../answers/answer-folder.ts';
import type { MachineCalibration } from '../calibration/calibration.ts';
import { SEARCH_ADVICE } from '../insight/limit-advice.ts';
import { LIMITS_QUESTION, limitsFinding } from '../insight/limits-finding.ts';
import { sayNotWritten } from '../run/finish-results.ts';
import { NotWritten } from '../results/folder/write-whole.ts';
import { joinNotes } from './join-notes.ts';
import { judgeLoad } from './judge-load.ts';
import { loadText, loadUnit } from './load-text.ts';
import { nextStep, triedLoads } from './next-step.ts';
import { renderSearch, VERDICT_WORDS } from './render-search.ts';
import { runStep, type StepContext, type StepOutcome } from './run-step.ts';
import type { SearchStep } from './search-step.ts';
import { failedRatio, searchAnswer, type SearchAnswer, type SearchEnd } from './search-answer.ts';
import { searchPage } from './search-page.ts';
import { type SearchState, writeState } from './search-state.ts';
import { latencyLimitMs } from './service-level.ts';
import { stepTimes } from './step-length.ts';
import type { StepLength, StepRecord } from './step-record.ts';
import { stepRequests } from './step-requests.ts';

/** A search that may begin, or go on. */
export type Search = StepContext & {
  state: SearchState;
  /** `LLM_WARMUP`; null: each step its own. */
  warmupMs: number | null;
  facts: readonly string[];
  /** What is known of this machine; null: it was never calibrated. */
  machine: MachineCalibration | null;
  say: (line: string) => void;
};

export type SearchResult = { answer: SearchAnswer; end: SearchEnd; exitCode: number };

export const EXIT_CODES = { found: 0, 'no-number': 3, interrupted: 105 } as const;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs step after step until the answer is found or something ends the search. The answer of the moment is written
 * before each step, so that even SIGKILL leaves one.
 */
export async function runSearch(search: Search): Promise<SearchResult> {
  const signal = { came: false };
  const note = (): void => void (signal.came = true);
  // Each k6 hands them on for itself; here they only end the steps.
  for (const name of SIGNALS) process.on(name, note);
  try {
    return await goOn(search, signal);
  } finally {
    for (const name of SIGNALS) process.off(name, note);
  }
}

async function goOn(search: Search, signal: { readonly came: boolean }): Promise<SearchResult> {
  const { terms, by, turns, say } = search;
  const unit = loadUnit(by, turns);
  const notes: string[] = [];
  let { state } = search;
  for (;;) {
    const next = nextStep(state.steps, terms, state.ask);
    if (next.kind === 'end') return conclude(search, { state, notes, end: next.outcome });
    await writeNow(search, { state, notes, end: { kind: 'interrupted' } });
    if (signal.came) return conclude(search, { state, notes, end: { kind: 'interrupted' } });
    const step = plan(search, state, next);
    const short = overBudget(state, step);
    if (short !== null)
      return conclude(search, {
        state,
        notes,
        end: { kind: 'over-budget', reason: short },
      });
    say(`  ${loadText(step.load, unit)}, ${formatSpan(step.times.warmupMs + step.times.holdMs)} …`);
    if (wasBusy(state, step)) await pause(signal);
    if (signal.came) continue;
    const ended = await runStep(step, search);
    if (ended.kind === 'measured') {
      const { record } = ended;
      state = { ...state, spentUsd: state.spentUsd + (record.costUsd ?? 0), steps: [...state.steps, record] };
      // What we cut off ourselves is nobody's news.
      if (!record.isCutShort) notes.push(...ended.notes);
      say(`    ${stepLine(record, search)}`);
      continue;
    }
    state = { ...state, spentUsd: state.spentUsd + ended.spentUsd };
    return conclude(search, {
      state,
      notes,
      end: endOf(ended),
      exitCode: exitCodeOf(ended, state),
    });
  }
}

const PAUSE_MS = 10_000;
const LOOK_MS = 200;

/** The same load again, because this machine was slow: whoever else made it so may be done soon. */
function wasBusy({ steps }: SearchState, { load }: SearchStep): boolean {
  const last = steps.at(-1);
  return last?.load === load && last.drive.clientBound.length > 0;
}

/** Ends early when somebody ends the search. */
async function pause(signal: { readonly came: boolean }): Promise<void> {
  for (let waitedMs = 0; waitedMs < PAUSE_MS && !signal.came; waitedMs += LOOK_MS) await setTimeout(LOOK_MS);
}

type Moment = {
  state: SearchState;
  notes: readonly string[];
  end: SearchEnd;
  /** Told at the end alone: it takes all samples. */
  limits?: RunFinding | null;
};

function plan(
  { terms, by, warmupMs }: Search,
  { ask, steps, spentUsd }: SearchState,
  { load, length }: { load: number; length: StepLength },
): SearchStep {
  const below = triedLoads(steps, terms).filter((each) => each.counts === 'held' && each.load <= load);
  const held = below.at(-1)?.steps.at(-1) ?? null;
  return {
    number: steps.length + 1,
    load,
    length,
    times: stepTimes(
      { load, length, by, holdMs: ask.holdMs, warmupMs },
      { terms, held, limitMs: latencyLimitMs(terms) },
    ),
    budgetUsd: ask.budgetUsd === null ? null : ask.budgetUsd - spentUsd,
    refusesOverBudget: steps.length === 0,
  };
}

/** Dollars a request are known from the steps before. */
function overBudget({ steps, ask }: SearchState, { load, times, budgetUsd }: SearchStep): string | null {
  if (budgetUsd === null) return null;
  if (budgetUsd <= 0) return `--budget: ${formatUsd(ask.budgetUsd)} are spent`;
  const last = steps.at(-1);
  if (last === undefined || last.usdPerHour === null || last.load === 0) return null;
  const needsUsd = ((last.usdPerHour / last.load) * load * (times.warmupMs + times.holdMs)) / 3_600_000;
  return needsUsd > budgetUsd
    ? `--budget: ${formatUsd(budgetUsd)} are left, and the next step would take about ${formatUsd(needsUsd)}`
    : null;
}

function endOf(ended: Exclude<StepOutcome, { kind: 'measured' }>): SearchEnd {
  switch (ended.kind) {
    case 'interrupted':
      return { kind: 'interrupted' };
    case 'over-budget':
      return { kind: 'over-budget', reason: ended.reason };
    case 'failed':
      return { kind: 'failed', reason: ended.reason };
    default:
      return ended satisfies never;
  }
}

/** A budget too small for the first step is wrong usage: nothing was sent. */
function exitCodeOf(ended: Exclude<StepOutcome, { kind: 'measured' }>, { steps }: SearchState): number {
  switch (ended.kind) {
    case 'interrupted':
      return EXIT_CODES.interrupted;
    case 'over-budget':
      return steps.length === 0 && ended.spentUsd === 0 ? 2 : EXIT_CODES['no-number'];
    case 'failed':
      return ended.exitCode === 0 ? EXIT_CODES['no-number'] : ended.exitCode;
    default:
      return ended satisfies never;
  }
}

async function conclude(
  search: Search,
  { exitCode, ...moment }: Moment & { exitCode?: number },
): Promise<SearchResult> {
  const { end, state } = moment;
  const limits = await limitsOf(search, state);
  const notes = [...moment.notes, ...limits.notes];
  const answer = await writeNow(search, { ...moment, notes, limits: limits.finding });
  const own =
    end.kind === 'found'
      ? EXIT_CODES.found
      : end.kind === 'interrupted'
        ? EXIT_CODES.interrupted
        : EXIT_CODES['no-number'];
  return { answer, end, exitCode: exitCode ?? own };
}

/** From the steps of an earlier start, too. */
async function limitsOf(
  { folder }: Search,
  { steps }: SearchState,
): Promise<{ finding: RunFinding | null; notes: string[] }> {
  const { requests, clientBound, unread } = await stepRequests(folder, steps);
  const notes =
    unread === 0
      ? []
      : [`what limits it is told without ${stepsText(unread)} whose samples could not be read`];
  if (steps.length > 0 && clientBound === steps.length) return { finding: CLIENT_WAS_THE_LIMIT, notes };
  return { finding: limitsFinding(requests, SEARCH_ADVICE), notes };
}

const CLIENT_WAS_THE_LIMIT: RunFinding = {
  question: LIMITS_QUESTION,
  sentence: 'cannot tell: in every step this client itself was the limit',
  rows: [],
};

function stepsText(count: number): string {
  return count === 1 ? '1 step' : `${count} steps`;
}

async function writeNow(search: Search, { state, notes, end, limits = null }: Moment): Promise<SearchAnswer> {
  const { terms, by, turns, folder, facts, machine } = search;
  const answer = searchAnswer({
    machine,
    limits,
    tried: triedLoads(state.steps, terms),
    end,
    unit: loadUnit(by, turns),
    slo: terms.map(({ text }) => text),
  });
  const page = searchPage(answer, { facts, notes: joinNotes(notes), terms });
  try {
    await writeState(folder, state);
    await writeAnswer(folder, answer, { table: renderSearch(answer), page });
  } catch (error) {
    if (!(error instanceof NotWritten)) throw error;
    sayNotWritten(error);
  }
  return answer;
}

function stepLine(record: StepRecord, { terms }: Search): string {
  const verdict = judgeLoad([record], terms);
  const leans = verdict.state === 'unclear' && verdict.leans === 'held' && record.length === 'short';
  const word = VERDICT_WORDS[leans ? 'held' : verdict.state];
  const figures = [
    ...(record.ttftMs === null ? [] : [`p95 TTFT ${formatMs(record.ttftMs.p95)} ms`]),
    `p95 latency ${formatMs(record.latencyMs?.p95 ?? null)} ms`,
    `${formatPercent(failedRatio(record))} failed`,
  ];
  const why = leans || verdict.state === 'held' ? '' : `; ${verdict.reasons[0] ?? ''}`;
  return `${word}: ${figures.join(', ')}${why}`;
}
