import { expect, test } from 'vitest';
import { CHAT_KIND } from '../../../lib/kinds/chat/chat-kind.ts';
import { EMBEDDINGS_KIND } from '../../../lib/kinds/embeddings/embeddings-kind.ts';
import { RERANK_KIND } from '../../../lib/kinds/rerank/rerank-kind.ts';
import { readRequestFacts } from './request-facts.ts';

test.each([
  [
    { model: 'm', stream: true, max_tokens: 7 },
    { model: 'm', stream: true, maxOutputTokens: 7 },
  ],
  [
    { model: 'm', max_completion_tokens: 9, max_tokens: 7 },
    { stream: false, maxOutputTokens: 9 },
  ],
  [{ model: 'm', max_tokens: 7, n: 3 }, { maxOutputTokens: 21 }],
  [{ model: 'm', max_tokens: 0 }, { maxOutputTokens: 1 }],
  [{ model: 'm', max_tokens: null }, { maxOutputTokens: null }],
  [{ max_tokens: '100000' }, { maxOutputTokens: 100_000 }],
  [{ max_tokens: ' 1_000 ', n: '2' }, { maxOutputTokens: 2000 }],
  [{ max_tokens: '1e5' }, { maxOutputTokens: 100_000 }],
  [{ max_tokens: 7, max_completion_tokens: '900' }, { maxOutputTokens: 900 }],
  [{ max_tokens: 7, n: 2, best_of: 5 }, { maxOutputTokens: 35 }],
  // What one server cannot read, another takes for no limit.
  [{ max_tokens: -1, max_completion_tokens: 5 }, { maxOutputTokens: null }],
  [{ max_tokens: 'lots', max_completion_tokens: 5 }, { maxOutputTokens: null }],
  [{ max_tokens: [5] }, { maxOutputTokens: null }],
  [{ max_tokens: '' }, { maxOutputTokens: null }],
  [{ max_tokens: 5, n: 'two' }, { maxOutputTokens: null }],
  [
    { messages: [{ content: '"stream":true,"max_tokens":5' }] },
    { model: '', stream: false, maxOutputTokens: null },
  ],
  [['not', 'an', 'object'], { model: '', stream: false, maxOutputTokens: null }],
])('%j', (body, facts) => {
  expect(readRequestFacts(Buffer.from(JSON.stringify(body)), CHAT_KIND)).toMatchObject(facts);
});

test('a body that is no JSON has no model', () => {
  expect(readRequestFacts(Buffer.from('{"model":"m"'), CHAT_KIND)).toMatchObject({
    model: '',
    maxInputTokens: 12,
  });
});

test('a kind without output has none to reserve, and says how many items are due', () => {
  const body = (fields: object) => Buffer.from(JSON.stringify({ model: 'm', ...fields }));
  const embedded = readRequestFacts(body({ input: ['a', 'b'] }), EMBEDDINGS_KIND);
  expect(embedded).toMatchObject({ maxOutputTokens: 0, items: 2 });
  const ranked = readRequestFacts(body({ query: 'q', documents: ['a', 'b', 'c'], top_n: 2 }), RERANK_KIND);
  expect(ranked).toMatchObject({ maxOutputTokens: 0, items: 2 });
});
