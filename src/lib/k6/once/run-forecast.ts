import { type Distribution, meanOf } from '../../numbers/distribution.ts';
import {
  type RequestGroup,
  type Forecast,
  forecast,
  requestsOf,
  TYPICAL_OUTPUT_RATIO,
} from '../../money/forecast.ts';
import { judgeBudget } from '../../money/forecast-text.ts';
import { mean, sum } from '../../numbers/mean.ts';
import type { Message } from '../../request/request-body.ts';
import type { PlannedPart, Traced } from '../../plan/planned-parts.ts';
import { estimateTokens } from '../../prompts/estimate-tokens.ts';
import { CannotStart } from './setup/cannot-start.ts';
import { createConversations } from '../vu/conversations.ts';
import type { PlannedRun } from './plan-run.ts';
import { systemText } from '../vu/system-text.ts';

/** Conversations that are looked at to know how long prompts are. */
const LOOKED_AT = 200;

/** What the run is expected to ask and to cost. */
export function forecastOf(run: PlannedRun): Forecast {
  const { parts, tasks, pricing } = run;
  return forecast({
    groups: tasks.length === 0 ? groupsOfMix(run) : groupsOfTasks(run),
    hangsOnLatency: parts.some(({ load }) => load.kind === 'closed'),
    pricing,
  });
}

function requestsOfPart({ load, schedule }: PlannedPart, turns: number): number {
  return schedule === null ? requestsOf(load, turns) : schedule.count * turns;
}

function tracedOf({ schedule }: PlannedPart): Traced | null {
  return schedule?.traced ?? null;
}

function groupsOfMix(run: PlannedRun): RequestGroup[] {
  // Parts without a trace ask the same prompts, which are looked at once.
  const sources = [...new Set(run.parts.map(tracedOf))];
  const lengths = new Map(sources.map((traced) => [traced, meanLengths(run, traced)]));
  return run.parts.flatMap((part) => groupsOfPart(run, part, lengths.get(tracedOf(part)) as MeanLengths));
}

function groupsOfPart({ settings }: PlannedRun, part: PlannedPart, lengths: MeanLengths): RequestGroup[] {
  const { opening, followUp, answer, limit } = lengths;
  const requests = requestsOfPart(part, settings.turns);
  // Each turn sends all turns before it once more.
  const turnsBefore = (settings.turns - 1) / 2;
  return settings.mix.map(({ model, shareRatio }) => ({
    model,
    requests: requests * shareRatio,
    inputTokens: opening + turnsBefore * (followUp + answer),
    maxInputTokens: opening + turnsBefore * (followUp + limit),
    outputTokens: answer,
    maxOutputTokens: limit,
  }));
}

/** Mean tokens of a conversation's first request, of what its user says later, of an answer and of the limit sent. */
type MeanLengths = { opening: number; followUp: number; answer: number; limit: number };

function meanLengths({ settings, prompts }: PlannedRun, traced: Traced | null): MeanLengths {
  const wantedFollowUp = wantedLength(settings.inputTokens);
  const wantedInput = traced?.inputTokens ?? wantedFollowUp;
  const wantedOutput = traced?.outputTokens ?? null;
  // A text of a wanted length is as long as wanted, and need not be made: to estimate it would be a third too much.
  const lengths = { inputTokens: wantedInput === null ? null : 1, outputTokens: wantedOutput };
  const conversations = createConversations({ ...settings, sharedPrefixTokens: 0 }, prompts, 1);
  const looked = Array.from({ length: LOOKED_AT }, (_, iteration) => conversations.open(iteration, lengths));
  const opening =
    wantedInput === null
      ? meanEstimate(looked.map(({ conversation }) => conversation.messages))
      : estimateTokens(systemText(settings) ?? '') + wantedInput;
  const followUps = looked.flatMap(({ conversation }) => conversation.pending);
  const limit = mean(looked.map(({ maxTokens }) => maxTokens)) ?? 0;
  return {
    opening: settings.sharedPrefixTokens + opening,
    followUp: wantedFollowUp ?? mean(followUps.map(estimateTokens)) ?? 0,
    answer: wantedOutput ?? wantedLength(settings.outputTokens) ?? limit * TYPICAL_OUTPUT_RATIO,
    limit,
  };
}

/** Of lists of messages, many of which are the same list. */
function meanEstimate(lists: readonly (readonly Message[])[]): number {
  const known = new Map<readonly Message[], number>();
  const estimated = (messages: readonly Message[]): number => {
    const tokens = known.get(messages) ?? sum(messages.map(({ content }) => estimateTokens(content)));
    known.set(messages, tokens);
    return tokens;
  };
  return mean(lists.map(estimated)) ?? 0;
}

function wantedLength(lengths: Distribution | null): number | null {
  return lengths === null ? null : meanOf(lengths);
}

function groupsOfTasks({ settings, parts, tasks }: PlannedRun): RequestGroup[] {
  const system = estimateTokens(systemText(settings) ?? '');
  const requests = sum(parts.map((part) => requestsOfPart(part, settings.turns)));
  const weights = sum(tasks.map(({ weight }) => weight));
  return tasks.map(({ model, weight, prompts, maxTokens }) => {
    const inputTokens = system + (mean(prompts.map(estimateTokens)) ?? 0);
    return {
      model,
      requests: (requests * weight) / weights,
      inputTokens,
      maxInputTokens: inputTokens,
      outputTokens: maxTokens * TYPICAL_OUTPUT_RATIO,
      maxOutputTokens: maxTokens,
    };
  });
}

/**
 * Refuses a run whose forecast is over the budget, or whose cost nobody knows (`LLM_BUDGET_MODE=refuse`); else
 * says so.
 *
 * @throws CannotStart with the forecast and the budget.
 */
export function refuseOverBudget({ settings }: PlannedRun, expected: Forecast): void {
  if (settings.budgetUsd === null) return;
  const verdict = judgeBudget(expected, settings.budgetUsd);
  if (verdict.kind === 'within') return;
  if (settings.budgetMode === 'refuse') throw new CannotStart(`LLM_BUDGET_USD: ${verdict.message}`);
  console.warn(`LLM_BUDGET_USD: ${verdict.message}`);
}
