import { continueConversation } from '../conversation.ts';
import { request } from './request.ts';
import { dueRequest, isMeasured, tagPlace, think, type Vu, waitForTurn } from './vu.ts';

/** One iteration of most scenarios: a conversation with a model of the mix, of `LLM_TURNS` turns. */
export function converse(vu: Vu): void {
  const { settings } = vu.run;
  const iteration = vu.iteration();
  const due = dueRequest(vu, iteration);
  const model = settings.mix[vu.mix.pick(iteration)]?.model ?? '';
  const { conversation: opening, maxTokens } = vu.conversations.open(iteration, due);
  // Last of all: what comes behind the wait comes late.
  const lagMs = waitForTurn(vu, due);
  for (let conversation = opening; ;) {
    const measured = isMeasured(vu);
    tagPlace(vu);
    if (settings.turns > 1) vu.tags['turn'] = String(conversation.turn);
    const { text } = request(
      vu,
      vu.clientFor(measured),
      {
        model,
        messages: conversation.messages,
        maxTokens,
        exactLength: vu.wantsExactLength,
        stream: settings.stream,
        temperature: settings.temperature,
        wantsText: conversation.pending.length > 0,
      },
      { iteration, measured, lagMs: conversation.turn === 1 ? lagMs : null, pair: null },
    );
    think(vu, iteration);
    const next = continueConversation(conversation, text ?? '');
    if (next === null) return;
    conversation = next;
  }
}
