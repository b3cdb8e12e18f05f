import { randomFor } from '../../numbers/random.ts';
import { openAiError } from '../chat/mock.ts';
import { inputUsage, readTextsIn } from '../mock/mock-items.ts';
import type { MockPart } from '../mock/mock-part.ts';

const DEFAULT_DIMENSIONS = 8;
const MAX_DIMENSIONS = 4096;

/** OpenAI's embeddings (platform.openai.com/docs/api-reference/embeddings), as of 2026-11. */
export const MOCK: MockPart = {
  readAsked: (fields) => readTextsIn(fields, 'input'),
  limitFields: [],
  tellsUsageUnasked: true,
  takesChoices: false,
  takesTools: false,
  templateTokens: { each: 1, once: 0 },
  itemsOf: (texts) => texts,
  counting: null,
  format: {
    idPrefix: 'embd',
    toldAtOpen: () => null,
    toldAtEnd: (usage) => usage,
    streamWriter: null,
    blockingBody: ({ identity, usage, items, field }) => {
      const asked = field('dimensions');
      const dimensions = typeof asked === 'number' ? Math.min(asked, MAX_DIMENSIONS) : DEFAULT_DIMENSIONS;
      const isBase64 = field('encoding_format') === 'base64';
      const inputs = inputsOf(field('input'));
      const data = Array.from({ length: items }, (_, index) => {
        const vector = vectorOf([identity.modelJson, JSON.stringify(inputs[index])], dimensions);
        const embedding = isBase64 ? `"${base64Of(vector)}"` : JSON.stringify(vector);
        return `{"object":"embedding","index":${index},"embedding":${embedding}}`;
      });
      return `{"object":"list","data":[${data.join(',')}],"model":${identity.modelJson}${inputUsage(usage)}}`;
    },
    errorBody: openAiError,
  },
};

/** Each text, or each list of tokens, that is to have a vector. */
function inputsOf(input: unknown): readonly unknown[] {
  return Array.isArray(input) && typeof input[0] !== 'number' ? input : [input];
}

/** The same for the same text and model, whenever it is asked for; of length 1, and each value one that 32 bits hold as it is. */
function vectorOf(parts: readonly string[], dimensions: number): number[] {
  const random = randomFor('embedding', ...parts);
  const side = Math.fround(1 / Math.sqrt(dimensions));
  return Array.from({ length: dimensions }, () => (random.next() < 0.5 ? side : -side));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Floats of 32 bits, least byte first, as base64. */
function base64Of(vector: readonly number[]): string {
  const bytes = new Uint8Array(new Float32Array(vector).buffer);
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
    const bits = (first << 16) | (second << 8) | third;
    for (let place = 0; place < 4; place += 1) {
      const isPadding = at + place > bytes.length;
      text += isPadding ? '=' : ALPHABET.charAt((bits >> (18 - 6 * place)) & 63);
    }
  }
  return text;
}
