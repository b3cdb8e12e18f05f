import type { PlannedRun } from './plan-run.ts';
import { meanOf } from '../distribution.ts';
import { type Forecast, forecast, TYPICAL_OUTPUT_RATIO } from '../forecast.ts';
import { judgeBudget } from '../forecast-text.ts';
import type { Message } from '../payload.ts';
import { estimateTokens } from '../tokens.ts';
import { CannotStart } from './cannot-start.ts';
import { createConversations } from './conversations.ts';

/** Conversations that are looked at to know how long prompts are. */
const LOOKED_AT = 200;

/** What the run is expected to ask and to cost. */
export function forecastOf(run: PlannedRun): Forecast {
  const { settings, parts, prompts, pricing } = run;
  const conversations = createConversations(settings, prompts, 1);
  const known = new Map<readonly Message[], number>();
  let inputTokens = 0;
  let maxTokens = 0;
  for (let iteration = 0; iteration < LOOKED_AT; iteration++) {
    const opened = conversations.open(iteration, null);
    maxTokens += opened.maxTokens;
    const { messages } = opened.conversation;
    const tokens = known.get(messages) ?? sum(messages.map(({ content }) => estimateTokens(content)));
    known.set(messages, tokens);
    inputTokens += tokens;
  }
  const maxOutputTokens = maxTokens / LOOKED_AT;
  return forecast({
    loads: parts.map(({ load }) => load),
    requestsPerIteration: settings.turns,
    models: settings.mix,
    inputTokensPerRequest: inputTokens / LOOKED_AT,
    outputTokensPerRequest:
      settings.outputTokens === null ? maxOutputTokens * TYPICAL_OUTPUT_RATIO : meanOf(settings.outputTokens),
    maxOutputTokensPerRequest: maxOutputTokens,
    pricing,
  });
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
