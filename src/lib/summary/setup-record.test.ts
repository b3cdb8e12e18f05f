import { expect, test } from 'vitest';
import { readSetup } from './setup-record.ts';

const EMPTY = {
  startedAt: '',
  loadStartsAtMs: 5,
  preflight: {},
  forecast: null,
  stopped: null,
  notes: [],
  failedProviders: [],
  clockAhead: null,
};

test.each<[string, Record<string, unknown>, Partial<typeof EMPTY> | Record<string, unknown>]>([
  ['nothing but its time', {}, {}],
  ['fields of another type', { startedAt: 5, preflight: 'p', notes: 'n', stopped: true, forecast: 3 }, {}],
  ['lists of another type', { failedProviders: { name: 'a', reason: 'r' }, clockAhead: [] }, {}],
  ['notes, some of them no texts', { notes: ['a', 5, 'b'] }, { notes: ['a', 'b'] }],
  [
    'providers, some of them no such thing',
    { failedProviders: [null, { name: 'a' }, { reason: 'r' }, { name: 'a', reason: 'r', key: 'k' }] },
    { failedProviders: [{ name: 'a', reason: 'r' }] },
  ],
  [
    'a side count without its figures: none sent, and no price known',
    { preflight: { m: null, n: { requests: 1, inputTokens: 2, outputTokens: 3, costUsd: 4 } } },
    {
      preflight: {
        m: { requests: 0, inputTokens: 0, outputTokens: 0, costUsd: null },
        n: { requests: 1, inputTokens: 2, outputTokens: 3, costUsd: 4 },
      },
    },
  ],
  [
    'a forecast',
    { forecast: { requests: 1, inputTokens: 2, outputTokens: 3 } },
    { forecast: { requests: 1, inputTokens: 2, outputTokens: 3, costUsd: null } },
  ],
  ['a forecast without requests', { forecast: { inputTokens: 2, outputTokens: 3 } }, {}],
  ['a forecast without input', { forecast: { requests: 1, outputTokens: 3 } }, {}],
  ['a forecast without output', { forecast: { requests: 1, inputTokens: 2 } }, {}],
])('of %s', (_, record, told) => {
  expect(readSetup({ record: { loadStartsAtMs: 5, ...record } })).toEqual({ ...EMPTY, ...told });
});

test.each([[null], [{}], [{ record: null }], [{ record: {} }], [{ record: { loadStartsAtMs: '5' } }]])(
  'no setup without the time at which the load began: %j',
  (data) => {
    expect(readSetup(data)).toBeNull();
  },
);
