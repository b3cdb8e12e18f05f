import { meanOf } from '../distribution.ts';
import { type Asked, type Forecast, forecast, requestsOf, TYPICAL_OUTPUT_RATIO } from '../forecast.ts';
import { judgeBudget } from '../forecast-text.ts';
import type { Message } from '../payload.ts';
import type { PlannedPart } from '../plan.ts';
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
  const { settings, prompts } = run;
  const traced = schedule?.traced ?? null;
  const conversations = createConversations(settings, prompts, 1);
  const known = new Map<readonly Message[], number>();
  let inputTokens = 0;
  let maxTokens = 0;
  for (let iteration = 0; iteration < LOOKED_AT; iteration++) {
    const opened = conversations.open(iteration, traced);
    maxTokens += opened.maxTokens;
    const { messages } = opened.conversation;
    const tokens = known.get(messages) ?? tokensOf(messages);
    known.set(messages, tokens);
    inputTokens += tokens;
  }
  const limit = maxTokens / LOOKED_AT;
  const wanted =
    traced?.outputTokens ?? (settings.outputTokens === null ? null : meanOf(settings.outputTokens));
  return settings.mix.map(({ model, shareRatio }) => ({
    model,
    requests: requests * shareRatio,
    inputTokens: inputTokens / LOOKED_AT,
    outputTokens: wanted ?? limit * TYPICAL_OUTPUT_RATIO,
    maxOutputTokens: limit,
  }));
}

function askedOfTasks({ settings, tasks }: PlannedRun, requests: number): Asked[] {
  const system = estimateTokens(systemText(settings) ?? '');
  const weights = sum(tasks.map(({ weight }) => weight));
  return tasks.map(({ model, weight, prompts, maxTokens }) => ({
    model,
    requests: (requests * weight) / weights,
    inputTokens: system + sum(prompts.map(estimateTokens)) / prompts.length,
    outputTokens: maxTokens * TYPICAL_OUTPUT_RATIO,
    maxOutputTokens: maxTokens,
  }));
}

function tokensOf(messages: readonly Message[]): number {
  return sum(messages.map(({ content }) => estimateTokens(content)));
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
