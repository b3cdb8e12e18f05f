import { tooSmallForOne, worstCaseUsd } from '../../../money/worst-case.ts';
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
  const { settings, prompts, pricing } = run;
  const { budgetUsd, transport, temperature, stream } = settings;
  if (budgetUsd === null || transport !== 'meter' || run.tasks.length > 0) return;
  const { conversation, maxTokens } = createConversations(settings, prompts, 1).open(0, null);
  const compose = createComposer(settings, {});
  for (const { model } of settings.mix) {
    const price = pricing.priceOf(model)?.price;
    if (price === undefined) continue;
    const ask = {
      kind: settings.kind,
      model,
      messages: conversation.messages,
      maxTokens,
      exactLength: false,
    };
    const { body } = compose({ ...ask, stream, temperature, wantsText: false });
    // As the meter counts: at most one token a byte. Here they are characters, of which there are fewer.
    const worstUsd = worstCaseUsd(price, body.length, maxTokens);
    if (worstUsd > budgetUsd) {
      const worst = { model, worstUsd, maxInputTokens: body.length, maxOutputTokens: maxTokens };
      throw new CannotStart(`LLM_BUDGET_USD: ${tooSmallForOne(budgetUsd, worst)}`);
    }
  }
}
