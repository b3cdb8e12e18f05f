import { type Distribution, meanOf } from '../distribution.ts';
import { type Asked, type Forecast, forecast, requestsOf, TYPICAL_OUTPUT_RATIO } from '../forecast.ts';
import { judgeBudget } from '../forecast-text.ts';
import type { Message } from '../payload.ts';
import type { PlannedPart, Traced } from '../plan.ts';
import { estimateTokens } from '../tokens.ts';
import { CannotStart } from './cannot-start.ts';
import { createConversations } from './conversations.ts';
import type { PlannedRun } from './plan-run.ts';
import { systemText } from './system-text.ts';

/** Conversations that are looked at to know how long prompts are. */
const LOOKED_AT = 200;

/** What the run is expected to ask and to cost. */
export function forecastOf(run: PlannedRun): Forecast {
  const { parts, tasks, pricing } = run;
  return forecast({
    asked: parts.flatMap((part) => {
      const requests = requestsOfPart(part, run.settings.turns);
      return tasks.length === 0 ? askedOfMix(run, part, requests) : askedOfTasks(run, requests);
    }),
    hangsOnLatency: parts.some(({ load }) => load.kind === 'closed'),
    pricing,
  });
}

function requestsOfPart({ load, schedule }: PlannedPart, turns: number): number {
  return schedule === null ? requestsOf(load, turns) : schedule.count * turns;
}

function askedOfMix(run: PlannedRun, { schedule }: PlannedPart, requests: number): Asked[] {
  const { settings } = run;
  const traced = schedule?.traced ?? null;
  const { opening, followUp, limit } = meanLengths(run, traced);
  const wanted = traced?.outputTokens ?? wantedLength(settings.outputTokens);
  const answer = wanted ?? limit * TYPICAL_OUTPUT_RATIO;
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

/** Mean tokens of a conversation's first request, of what its user says later, and of the limit sent. */
type MeanLengths = { opening: number; followUp: number; limit: number };

function meanLengths({ settings, prompts }: PlannedRun, traced: Traced | null): MeanLengths {
  // A text of a wanted length is as long as wanted: to estimate it would make it a third longer.
  const prefix = settings.sharedPrefixTokens;
  const conversations = createConversations({ ...settings, sharedPrefixTokens: 0 }, prompts, 1);
  const lengths = { inputTokens: null, outputTokens: traced?.outputTokens ?? null };
  const looked = Array.from({ length: LOOKED_AT }, (_, iteration) => conversations.open(iteration, lengths));
  const wantedFollowUp = wantedLength(settings.inputTokens);
  const wanted = traced?.inputTokens ?? wantedFollowUp;
  const known = new Map<readonly Message[], number>();
  const estimated = (messages: readonly Message[]): number => {
    const tokens = known.get(messages) ?? sum(messages.map(({ content }) => estimateTokens(content)));
    known.set(messages, tokens);
    return tokens;
  };
  const opening =
    wanted === null
      ? mean(looked.map(({ conversation }) => estimated(conversation.messages)))
      : estimateTokens(systemText(settings) ?? '') + wanted;
  const followUps = looked.flatMap(({ conversation }) => conversation.pending);
  return {
    opening: prefix + opening,
    followUp: wantedFollowUp ?? mean(followUps.map(estimateTokens)),
    limit: mean(looked.map(({ maxTokens }) => maxTokens)),
  };
}

function wantedLength(lengths: Distribution | null): number | null {
  return lengths === null ? null : meanOf(lengths);
}

function askedOfTasks({ settings, tasks }: PlannedRun, requests: number): Asked[] {
  const system = estimateTokens(systemText(settings) ?? '');
  const weights = sum(tasks.map(({ weight }) => weight));
  return tasks.map(({ model, weight, prompts, maxTokens }) => {
    const inputTokens = system + mean(prompts.map(estimateTokens));
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

/** 0 of none. */
function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : sum(numbers) / numbers.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
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
