import type { Message } from '../../request/message.ts';
import type { Seed } from '../../numbers/random.ts';
import { type JsonRecord, isRecord } from '../../parse/json.ts';
import { textOf } from '../dataset/read-turns.ts';
import { PLAIN, type PromptPicker } from '../prompt.ts';
import { createSizedTexts, withTexts } from './sized-text.ts';
import { storedSession } from './stored-session.ts';

/** The first turn of each session as a plain prompt, for what is asked and estimated before the load. */
export function firstTurns(rows: readonly string[], seed: Seed): PromptPicker {
  const sizedTextOf = createSizedTexts(seed);
  return {
    pick: (index) => {
      const [first] = storedSession(rows, index).turns;
      const messages = (first?.messages ?? []).map((message) =>
        plainMessage(withTexts(message, sizedTextOf)),
      );
      return { ...PLAIN, messages, maxTokens: first?.maxTokens ?? null };
    },
  };
}

function plainMessage(message: unknown): Message {
  const { role, content }: JsonRecord = isRecord(message) ? message : {};
  const plainRole = role === 'system' || role === 'assistant' ? role : 'user';
  return { role: plainRole, content: textOf(content) ?? '…' };
}

/** Fields of the body of the first session's first request, beside its messages. */
export function firstFields(rows: readonly string[], seed: Seed): JsonRecord {
  const fields = withTexts(storedSession(rows, 0).turns[0]?.fields ?? {}, createSizedTexts(seed));
  return isRecord(fields) ? fields : {};
}
