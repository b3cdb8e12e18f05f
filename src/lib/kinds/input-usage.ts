import type { AnswerState } from '../answer/answer-state.ts';
import { isRecord } from '../parse/json.ts';

/**
 * The token counts of an answer without output tokens. OpenAI and most write `prompt_tokens` beside `total_tokens`, Voyage
 * and Jina's reranker the total alone, Cohere `meta.tokens` or what it bills, DeepInfra and Ollama a field of the body (their API references,
 * 2026-11).
 */
export function addInputUsage(body: Readonly<Record<string, unknown>>, state: AnswerState): void {
  const usage = recordIn(body, 'usage');
  const meta = recordIn(body, 'meta');
  const counts = [
    usage['prompt_tokens'],
    usage['input_tokens'],
    usage['total_tokens'],
    recordIn(meta, 'tokens')['input_tokens'],
    recordIn(meta, 'billed_units')['input_tokens'],
    body['input_tokens'],
    body['prompt_eval_count'],
  ];
  // Texts have tokens: a server that counts none does not count.
  const tokens = counts.find((count) => typeof count === 'number' && count > 0);
  if (tokens === undefined) return;
  state.addUsage({ ...usage, prompt_tokens: tokens, completion_tokens: 0, total_tokens: tokens });
}

function recordIn(
  record: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> {
  const value = record[name];
  return isRecord(value) ? value : {};
}
