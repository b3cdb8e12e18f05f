import { isRecord } from '../../parse/json.ts';
import { addInputUsage } from '../input-usage.ts';
import { ITEMS_KIND, type Kind } from '../kind.ts';

/**
 * OpenAI's embeddings (platform.openai.com/docs/api-reference/embeddings, 2026-11), which nearly all servers take: a
 * vector for each text of `input`. Read as well: Cohere's lists by type, bare lists of vectors (TEI),
 * and those of llama.cpp's own route.
 */
export const EMBEDDINGS_KIND = {
  ...ITEMS_KIND,
  name: 'embeddings',
  path: 'embeddings',
  askFields: ['input', 'inputs', 'texts'],
  defaultInputs: 1,
  hasQuery: false,
  encode: (messages) => `"input":${JSON.stringify(messages.map(({ content }) => content))}`,
  countItems: (fields) => countInputs(fields['input'] ?? fields['inputs'] ?? fields['texts']),
  read: (root, _name, state) => {
    const body = isRecord(root) ? root : {};
    state.addModel(body['model']);
    addInputUsage(root, state);
    state.items += countVectors(body['data'] ?? body['embeddings'] ?? (isVector(body) ? [body] : root));
  },
} as const satisfies Kind;

/** A text, or a list of token numbers, is one input; any other list has as many as it is long. */
function countInputs(input: unknown): number | null {
  if (typeof input === 'string') return 1;
  if (!Array.isArray(input) || input.length === 0) return null;
  return typeof input[0] === 'number' ? 1 : input.length;
}

function countVectors(list: unknown): number {
  // Cohere lists vectors by their type: `{"float": [[…]], "int8": [[…]]}`.
  if (isRecord(list)) return Math.max(0, ...Object.values(list).map(countVectors));
  return Array.isArray(list) ? list.filter(isVector).length : 0;
}

/**
 * Numbers, their bytes in base64, or an object that holds one of these, one in several types (Jina), or one for each token of
 * its text (llama.cpp's own route, Jina's ColBERT).
 */
function isVector(value: unknown): boolean {
  if (isRecord(value)) {
    const held = value['embedding'] ?? value['embeddings'] ?? value['values'];
    if (isRecord(held)) return Object.values(held).some(isVector);
    return isVector(held) || (Array.isArray(held) && held.length > 0 && held.every(isVector));
  }
  return (
    (Array.isArray(value) && typeof value[0] === 'number') || (typeof value === 'string' && value !== '')
  );
}
