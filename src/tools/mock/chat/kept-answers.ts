import { type AnswerPlan, answerText, toolCallText } from '../../../lib/kinds/mock/answer-plan.ts';
import type { AskedText } from '../../../lib/kinds/mock/mock-part.ts';

/** Beyond them, the oldest are forgotten. */
const MAX_KEPT = 4096;

/** Answers that a client may go on from by their id alone (`previous_response_id`): what was asked up to them, and how they went. */
export class KeptAnswers {
  readonly #byId = new Map<string, { asked: readonly AskedText[]; plan: AnswerPlan }>();

  keep(id: string, answer: { asked: readonly AskedText[]; plan: AnswerPlan }): void {
    this.#byId.set(id, answer);
    const [oldest] = this.#byId.keys();
    if (this.#byId.size > MAX_KEPT && oldest !== undefined) this.#byId.delete(oldest);
  }

  /** All that was said up to its end, as if the client had sent it; null: there is none of that id. */
  saidUpTo(id: string): readonly AskedText[] | null {
    const kept = this.#byId.get(id);
    if (kept === undefined) return null;
    const { asked, plan } = kept;
    const { reasoningTokens, outputTokens, tool } = plan;
    const words = tool === null ? answerText : toolCallText;
    const role = tool === null ? 'assistant' : 'tool';
    return [...asked, { role, text: words(plan, reasoningTokens, outputTokens), pictures: 0 }];
  }

  clear(): void {
    this.#byId.clear();
  }
}
