import { isRecord } from '../../parse/json.ts';
import { addInputUsage } from '../input-usage.ts';
import { GREETING, ITEMS_KIND, type Kind } from '../kind.ts';

/**
 * Rerank as Cohere, Jina, vLLM, SGLang and llama.cpp take it (their API references, 2026-11): a score for each document
 * against a query. Read as well: Voyage's `data`, and bare lists (TEI).
 */
export const RERANK_KIND = {
  ...ITEMS_KIND,
  name: 'rerank',
  path: 'rerank',
  askFields: ['query', 'documents', 'texts'],
  defaultInputs: 10,
  hasQuery: true,
  // A query alone is none.
  greeting: [...GREETING, ...GREETING],
  // The query comes first, then its documents.
  encode: ([query, ...documents]) =>
    `"query":${JSON.stringify(query?.content ?? '')},"documents":${JSON.stringify(documents.map(({ content }) => content))}`,
  countItems: (fields) => {
    const documents = fields['documents'] ?? fields['texts'];
    if (!Array.isArray(documents)) return null;
    const most = fields['top_n'] ?? fields['top_k'] ?? documents.length;
    return typeof most === 'number' ? Math.min(most, documents.length) : documents.length;
  },
  read: (root, _name, state) => {
    const body = isRecord(root) ? root : {};
    state.addModel(body['model']);
    addInputUsage(body, state);
    const results = body['results'] ?? body['data'] ?? root;
    state.items += Array.isArray(results) ? results.filter(isScored).length : 0;
  },
} as const satisfies Kind;

function isScored(result: unknown): boolean {
  if (!isRecord(result)) return false;
  return Number.isFinite(result['relevance_score'] ?? result['score']);
}
