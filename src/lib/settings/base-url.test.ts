import { describe, expect, test } from 'vitest';
import { ConfigError } from '../parse/config-error.ts';
import { KINDS } from '../kinds/kinds.ts';
import { type CallRoot, callUrl } from '../request/call-url.ts';
import { PROVIDERS } from '../request/providers.ts';
import { joinBaseUrl } from './base-url.ts';

const join = (url: string) => joinBaseUrl(url, { setting: 'LLM_BASE_URL' });
const chatUrl = (endpoints: CallRoot) => callUrl(endpoints, 'chat/completions');

describe('joining a base URL', () => {
  test.each([
    ['http://llm.test:8000', 'http://llm.test:8000/v1/chat/completions'],
    ['http://llm.test:8000/', 'http://llm.test:8000/v1/chat/completions'],
    ['http://llm.test:8000/v1', 'http://llm.test:8000/v1/chat/completions'],
    ['http://llm.test:8000/v1/', 'http://llm.test:8000/v1/chat/completions'],
    ['http://llm.test:8000//v1//', 'http://llm.test:8000/v1/chat/completions'],
    ['https://relay.test/api', 'https://relay.test/api/v1/chat/completions'],
    ['https://relay.test/api/v1', 'https://relay.test/api/v1/chat/completions'],
    ['https://relay.test/v1beta/openai/', 'https://relay.test/v1beta/openai/chat/completions'],
    ['https://relay.test/compatible-mode/v1', 'https://relay.test/compatible-mode/v1/chat/completions'],
    ['https://relay.test/api/paas/v4/', 'https://relay.test/api/paas/v4/chat/completions'],
    ['https://relay.test/av1', 'https://relay.test/av1/v1/chat/completions'],
    ['https://llm.test/v1/chat/completions', 'https://llm.test/v1/chat/completions'],
    [
      'https://az.test/openai/deployments/dep1?api-version=2024-10-21',
      'https://az.test/openai/deployments/dep1/chat/completions?api-version=2024-10-21',
    ],
    [' http://llm.test/v1 ', 'http://llm.test/v1/chat/completions'],
    ['HTTP://llm.test/v1', 'http://llm.test/v1/chat/completions'],
    ['http://[::1]:8000/v1', 'http://[::1]:8000/v1/chat/completions'],
    ['http://user:pass@llm.test/v1', 'http://user:pass@llm.test/v1/chat/completions'],
    ['https://llm.test/v1/chat/completions/', 'https://llm.test/v1/chat/completions'],
    ['https://llm.test/v1/models', 'https://llm.test/v1/chat/completions'],
  ])('%s', (given, expected) => {
    expect(chatUrl(join(given))).toBe(expected);
  });

  test.each(KINDS.map(({ path }) => path))('the path of a call, %s, is taken as its base', (path) => {
    const endpoints = join(`https://api.test/v1/${path}`);
    expect(callUrl(endpoints, path)).toBe(`https://api.test/v1/${path}`);
    expect(callUrl(endpoints, 'models')).toBe('https://api.test/v1/models');
  });

  test('a deployment may have the name of a call', () => {
    const endpoints = join('https://az.test/openai/deployments/embeddings?api-version=1');
    expect(endpoints.root).toBe('https://az.test/openai/deployments/embeddings/');
  });

  test.each([
    'llm.test/v1',
    'http://llm.test/ba d%zz',
    'http://llm.test/%zz',
    '',
    '   ',
    'ftp://llm.test',
    'http://',
    'http://llm.test:99999/v1',
    'http://llm.test:port/v1',
    'http://llm.test/v1#part',
    'http://ll m.test',
    'http:///v1',
  ])('refuses "%s"', (given) => {
    expect(() => join(given)).toThrow(ConfigError);
    expect(() => join(given)).toThrow(/LLM_BASE_URL/);
  });

  test('shows neither user part nor query', () => {
    const { displayUrl } = join('https://user:s3cret@az.test/openai/deployments/d?api-version=1&key=s3cret');
    expect(displayUrl).toBe('https://az.test/openai/deployments/d');
    expect(() => join('https://user:s3cret@bad host/?k=s3cret')).toThrow(/^(?!.*s3cret)/);
  });
});

describe('the address of a preset', () => {
  const at = (name: keyof typeof PROVIDERS, url: string) =>
    joinBaseUrl(url, { setting: 'LLM_BASE_URL', provider: PROVIDERS[name] });

  test.each([
    ['azure', 'https://x.openai.azure.com', 'https://x.openai.azure.com/openai/v1/chat/completions', null],
    [
      'azure',
      'https://x.openai.azure.com/openai',
      'https://x.openai.azure.com/openai/v1/chat/completions',
      null,
    ],
    [
      'azure',
      'https://x.openai.azure.com/openai/v1/',
      'https://x.openai.azure.com/openai/v1/chat/completions',
      null,
    ],
    [
      'azure',
      'https://x.openai.azure.com/openai/deployments/d1',
      'https://x.openai.azure.com/openai/deployments/d1/chat/completions?api-version=2024-10-21',
      'd1',
    ],
    [
      'azure',
      'https://x.openai.azure.com/openai/deployments/d1/chat/completions?api-version=2025-01-01-preview',
      'https://x.openai.azure.com/openai/deployments/d1/chat/completions?api-version=2025-01-01-preview',
      'd1',
    ],
    [
      'bedrock',
      'https://bedrock-runtime.us-west-2.amazonaws.com',
      'https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1/chat/completions',
      null,
    ],
    ['custom', 'https://x.test/openai', 'https://x.test/openai/v1/chat/completions', null],
    ['custom', 'https://x.test/deployments/d1', 'https://x.test/deployments/d1/chat/completions', 'd1'],
  ] as const)('%s, %s', (name, url, expected, deployment) => {
    expect(chatUrl(at(name, url))).toBe(expected);
    expect(at(name, url).deployment).toBe(deployment);
  });

  test('is shown by example where it is the user who must give it', () => {
    expect(() => at('azure', '')).toThrow(/LLM_BASE_URL=https:\/\/MY-RESOURCE\.openai\.azure\.com/);
    expect(() => at('bedrock', '')).toThrow(/bedrock-runtime\.us-west-2/);
  });
});
