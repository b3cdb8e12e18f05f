import { expect, test } from 'vitest';
import { isKeyName, withoutKeys } from './without-keys.ts';

test.each([
  ['a gateway’s own field', { api_key: 'sk-1', top_p: 1 }, { top_p: 1 }, ['sk-1']],
  ['headers', { extra_headers: { Authorization: 'Bearer a', 'x-team': 'b' } }, {}, ['Bearer a', 'b']],
  [
    'a tool’s server',
    {
      tools: [
        {
          type: 'mcp',
          server_label: 's',
          authorization: 'k',
          headers: { 'X-Key': 'h' },
          server_url: 'https://u:p@x.test/mcp?t=q',
        },
      ],
    },
    { tools: [{ type: 'mcp', server_label: 's', server_url: 'https://***@x.test/mcp?t=***' }] },
    ['k', 'h', 'u', 'p', 'q'],
  ],
  [
    'another’s',
    { mcp_servers: [{ url: 'https://x.test', authorization_token: 'k' }] },
    { mcp_servers: [{ url: 'https://x.test' }] },
    ['k'],
  ],
])('%s is taken out', (_, fields, left, keys) => {
  expect(withoutKeys(fields)).toEqual({ fields: left, keys });
});

test.each([
  {
    tools: [
      {
        type: 'function',
        function: {
          name: 'log_in',
          parameters: { properties: { password: { type: 'string' }, headers: {} } },
        },
      },
    ],
  },
  { tools: [{ name: 'get', input_schema: { type: 'object', required: ['token'] } }] },
  {
    response_format: {
      type: 'json_schema',
      json_schema: { schema: { properties: { api_key: { const: 'x' } } } },
    },
  },
  { max_tokens: 5, prompt_cache_key: 'a', logit_bias: { 5: 1 }, stop: ['key: '], tokens: 7, top_k: 4 },
])('%j stays as it is', (fields) => {
  expect(withoutKeys(fields)).toEqual({ fields, keys: [] });
});

test('names of keys in addresses and bodies', () => {
  const names = [
    'key',
    'api-key',
    'apikey',
    'apiKey',
    'X-Api-Key',
    'access_token',
    'client_secret',
    'subscription-key',
  ];
  expect(names.filter((name) => !isKeyName(name))).toEqual([]);
  expect(['api-version', 'model', 'beta', 'monkey_name', 'max_tokens'].filter(isKeyName)).toEqual([]);
});
