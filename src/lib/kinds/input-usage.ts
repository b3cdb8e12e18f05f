import type { AnswerState } from '../answer/answer-state.ts';
import { isRecord } from '../parse/json.ts';

/**
 * The token counts of an answer without output tokens. OpenAI and most write `prompt_tokens` beside `total_tokens`, Voyage
 * and Jina's reranker the total alone, Cohere `meta.tokens` or what it bills, SiliconFlow `tokens`, DeepInfra, watsonx, Bedrock's
 * Titan and Ollama a field of the body, Google `usageMetadata`, SGLang's reranker a count in each item (their API references,
 * 2026-11).
 */
export function addInputUsage(root: unknown, state: AnswerState): void {
  const body = isRecord(root) ? root : {};
  const usage = recordIn(body, 'usage');
  const meta = recordIn(body, 'meta');
  const counts = [
    usage['prompt_tokens'],
    usage['input_tokens'],
    usage['total_tokens'],
    recordIn(meta, 'tokens')['input_tokens'],
    recordIn(meta, 'billed_units')['input_tokens'],
    recordIn(body, 'tokens')['input_tokens'],
    recordIn(body, 'usageMetadata')['promptTokenCount'],
    ...['input_tokens', 'input_token_count', 'inputTextTokenCount', 'prompt_eval_count'].map(
      (name) => body[name],
    ),
    sumOfItems(root),
  ];
  // Texts have tokens: a server that counts none does not count.
  const tokens = counts.find((count) => typeof count === 'number' && count > 0);
  if (tokens === undefined) return;
  state.addUsage({ ...usage, prompt_tokens: tokens, completion_tokens: 0, total_tokens: tokens });
}

/** Of a bare list whose items all have a count; null otherwise. */
function sumOfItems(root: unknown): number | null {
  if (!Array.isArray(root)) return null;
  return root.reduce<number | null>((total, item: unknown) => {
    const tokens = isRecord(item) ? recordIn(item, 'meta_info')['prompt_tokens'] : null;
    return total === null || typeof tokens !== 'number' ? null : total + tokens;
  }, 0);
}

function recordIn(
  record: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> {
  const value = record[name];
  return isRecord(value) ? value : {};
}
