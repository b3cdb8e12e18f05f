import { expect, test } from 'vitest';
import { deploymentIn, upstreamPath } from './upstream-path.ts';

const CHAT = '/openai/deployments/d/chat/completions?api-version=1';

test.each<[string, string, string]>([
  ['/v1/models', '/v1/chat/completions', '/v1/chat/completions'],
  ['/v1/models', '/openrouter/chat', '/v1/openrouter/chat'],
  ['/v1/models', CHAT, CHAT],
  ['/v1/models', `/v1${CHAT}`, CHAT],
  ['/openai/v1/models', CHAT, CHAT],
  ['/openai/models', '/v1/deployments/d/chat/completions', '/openai/deployments/d/chat/completions'],
  ['/gate/openai/deployments/x/models?api-version=2&a=1', CHAT, `/gate${CHAT}&a=1`],
  ['/gate/v1/models', CHAT, `/gate${CHAT}`],
  ['/openai/v1/models', '/v1/chat/completions', '/openai/v1/chat/completions'],
  ['/openai/v1/models', '/openai/v1/chat/completions', '/openai/v1/chat/completions'],
  ['/openai/deployments/x/models', '/openai/responses', '/openai/responses'],
])('behind %s, %s leads to %s', (modelsPath, path, expected) => {
  expect(upstreamPath({ modelsPath }, path)).toBe(expected);
});

test.each([
  ['/openai/deployments/my%20d/chat/completions', 'my d'],
  ['/openai/deployments/50%/chat/completions', '50%'],
  ['/v1/chat/completions', null],
])('the deployment of %s is %s', (path, deployment) => {
  expect(deploymentIn(path)).toBe(deployment);
});
