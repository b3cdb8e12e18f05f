import { type Conversation, continueConversation } from '../../prompts/conversation.ts';
import type { Composed } from './composer.ts';
import { tellDelivery } from './delivery.ts';
import { request } from './request.ts';
import { dueRequest, isMeasured, tagPlace, think, type Vu, waitForTurn } from './vu.ts';

/** One iteration of most scenarios: a conversation with a model of the mix, of `LLM_TURNS` turns. */
export function converse(vu: Vu): void {
  const { settings } = vu.run;
  const iteration = vu.iteration();
  const due = dueRequest(vu, iteration);
  const model = settings.mix[vu.mix.pick(iteration)]?.model ?? '';
  const opening = vu.conversations.open(iteration, due);
  const compose = ({ messages, pending }: Conversation): Composed =>
    vu.compose({
      kind: settings.kind,
      model,
      messages,
      maxTokens: opening.maxTokens,
      exactLength: vu.wantsExactLength,
      stream: settings.stream,
      temperature: settings.temperature,
      wantsText: pending.length > 0,
    });
  let { conversation } = opening;
  let composed = compose(conversation);
  // Last of all: what comes behind the wait comes late.
  const lagMs = waitForTurn(vu, due);
  tellDelivery(vu, iteration);
  for (;;) {
    const measured = isMeasured(vu);
    tagPlace(vu);
    if (settings.turns > 1) vu.tags['turn'] = String(conversation.turn);
    const { text } = request(vu, vu.clientFor(measured), composed, {
      iteration,
      measured,
      lagMs: conversation.turn === 1 ? lagMs : null,
      pair: null,
    });
    think(vu, iteration);
    const next = continueConversation(conversation, text ?? '');
    if (next === null) return;
    conversation = next;
    composed = compose(next);
  }
}
