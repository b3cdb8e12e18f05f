import { tooSmallForOne, worstCaseUsd, type WorstRequest } from '../../../money/worst-case.ts';
import { createComposer } from '../../vu/composer.ts';
import { createConversations } from '../../vu/conversations.ts';
import type { PlannedRun } from '../plan-run.ts';
import { CannotStart } from './cannot-start.ts';

/**
 * The meter's budget is a hard limit, which lets no request through that might pass it: one that is too small for
 * the first request of some model ends the run there, so it is not begun.
 *
 * @throws CannotStart with the request's worst case.
 */
export function refuseTooSmallBudget(run: PlannedRun): void {
  const { settings } = run;
  const { budgetUsd, transport } = settings;
  if (budgetUsd === null || transport !== 'meter' || run.tasks.length > 0) return;
  for (const { model } of settings.mix) {
    const worst = worstCase(run, model);
    if (worst !== null && worst.worstUsd > budgetUsd)
      throw new CannotStart(`LLM_BUDGET_USD: ${tooSmallForOne(budgetUsd, worst)}`);
  }
}

/** What the run's first request may cost at most; null for a model without a price. */
export function worstCase({ settings, prompts, pricing }: PlannedRun, model: string): WorstRequest | null {
  const price = pricing.priceOf(model)?.price;
  if (price === undefined) return null;
  const { temperature, stream } = settings;
  const kind = settings.mix.find((entry) => entry.model === model)?.kind ?? settings.kind;
  const { conversation, maxTokens } = createConversations(settings, prompts, 1).open(0, null, kind);
  const ask = { kind, model, messages: conversation.messages, maxTokens, exactLength: false };
  const { body } = createComposer(settings, {})({ ...ask, stream, temperature, wantsText: false });
  // As the meter counts: at most one token a byte. Here they are characters, of which there are fewer.
  const worstUsd = worstCaseUsd(price, body.length, maxTokens);
  return { model, worstUsd, maxInputTokens: body.length, maxOutputTokens: maxTokens };
}
