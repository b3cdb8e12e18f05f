import { isRecord } from '../../parse/json.ts';
import { addInputUsage } from '../input-usage.ts';
import { GREETING, ITEMS_KIND, type Kind } from '../kind.ts';

/**
 * Rerank as Cohere, Jina, vLLM, SGLang and llama.cpp take it (their API references, 2026-11): a score for each document
 * against a query. Read as well: Voyage's `data`, NVIDIA's `rankings`, Google's `records`, DashScope's `output.results`, DeepInfra's
 * bare `scores`, and bare lists (TEI).
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
    if (isRecord(root)) state.addModel(root['model']);
    addInputUsage(root, state);
    state.items += listIn(root).filter(isScored).length;
  },
} as const satisfies Kind;

const LISTS = ['results', 'data', 'rankings', 'records', 'scores'];
const SCORES = ['relevance_score', 'relevanceScore', 'score', 'logit'];

function listIn(root: unknown): readonly unknown[] {
  if (!isRecord(root)) return Array.isArray(root) ? root : [];
  const list = LISTS.map((name) => root[name]).find(Array.isArray);
  return list ?? listIn(root['output'] ?? root['result']);
}

function isScored(result: unknown): boolean {
  if (!isRecord(result)) return Number.isFinite(result);
  return SCORES.some((name) => Number.isFinite(result[name]));
}
