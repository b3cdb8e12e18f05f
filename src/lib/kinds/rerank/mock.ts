import { openAiError } from '../chat/mock.ts';
import { inputUsage, readTextsIn } from '../mock/mock-items.ts';
import type { MockPart } from '../mock/mock-part.ts';

/** Rerank as Cohere, Jina and vLLM have it (their API references, 2026-11). */
export const MOCK: MockPart = {
  readAsked: (fields) => {
    const { query } = fields;
    if (typeof query !== 'string') return { message: 'query: expected a text', param: 'query' };
    const documents = readTextsIn(fields, 'documents');
    return 'message' in documents ? documents : [{ role: 'query', text: query, pictures: 0 }, ...documents];
  },
  limitFields: [],
  tellsUsageUnasked: true,
  takesChoices: false,
  takesTools: false,
  templateTokens: { each: 1, once: 0 },
  // One of the texts is the query.
  itemsOf: (texts, { top_n: most }) => (typeof most === 'number' ? Math.min(most, texts - 1) : texts - 1),
  counting: null,
  format: {
    idPrefix: 'rerank',
    toldAtOpen: () => null,
    toldAtEnd: (usage) => usage,
    streamWriter: null,
    blockingBody: ({ identity, usage, items }) => {
      const results = Array.from(
        { length: items },
        (_, index) => `{"index":${index},"relevance_score":${1 / (index + 1)}}`,
      );
      return `{"id":"${identity.id}","model":${identity.modelJson},"results":[${results.join(',')}]${inputUsage(usage)}}`;
    },
    errorBody: openAiError,
  },
};
