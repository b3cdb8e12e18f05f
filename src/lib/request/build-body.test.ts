import { describe, expect, test } from 'vitest';
import { CHAT_KIND } from '../kinds/chat/chat-kind.ts';
import { MESSAGES_KIND } from '../kinds/messages/messages-kind.ts';
import { PROVIDERS } from './providers.ts';
import { buildBody, NO_ADAPTATION, payloadTemplate, type PayloadOptions } from './build-body.ts';

const OPTIONS: PayloadOptions = {
  kind: CHAT_KIND,
  provider: PROVIDERS.custom,
  stream: false,
  tokenParam: null,
  temperature: null,
  extraBody: {},
};
const MESSAGES = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Say "hi"\n' },
] as const;

function body(
  model: string,
  options: Partial<PayloadOptions> = {},
  adaptation = NO_ADAPTATION,
): Record<string, unknown> {
  const all = { ...OPTIONS, ...options };
  const text = buildBody(payloadTemplate(model, all, adaptation), all.kind.encode(MESSAGES), {
    maxTokens: 64,
    exactLength: false,
  });
  return JSON.parse(text) as Record<string, unknown>;
}

describe('a request body', () => {
  test.each([
    ['gpt-5-mini', 'max_completion_tokens', false],
    ['gpt-5', 'max_completion_tokens', false],
    ['gpt-5.1', 'max_completion_tokens', false],
    ['openai/o4-mini', 'max_completion_tokens', false],
    ['o1', 'max_completion_tokens', false],
    ['o3-2025-04-16', 'max_completion_tokens', false],
    ['qwen2.5-7b-instruct', 'max_tokens', true],
    ['demo-o3d', 'max_tokens', true],
    ['o3d', 'max_tokens', true],
    ['gpt-50', 'max_tokens', true],
    ['my-gpt-5', 'max_tokens', true],
    ['gpt-4.1', 'max_tokens', true],
  ])('of %s holds one limit, %s, and a temperature: %s', (model, limit, hasTemperature) => {
    const made = body(model);
    expect(made[limit]).toBe(64);
    expect(['max_tokens', 'max_completion_tokens'].filter((name) => name in made)).toEqual([limit]);
    expect('temperature' in made).toBe(hasTemperature);
  });

  test('sends a temperature that was set as it is, 0 too', () => {
    expect(body('qwen2.5', { temperature: 0 })['temperature']).toBe(0);
    expect(body('gpt-5', { temperature: 1 })['temperature']).toBe(1);
  });

  test('takes the forced name of the limit', () => {
    const made = body('gpt-5-mini', { tokenParam: 'max_tokens' });
    expect(made).toHaveProperty('max_tokens', 64);
    expect(made).not.toHaveProperty('max_completion_tokens');
  });

  test('does what preflight found out', () => {
    const made = body(
      'x',
      { stream: true },
      { withoutStreamOptions: true, withoutTemperature: true, tokenParam: 'max_completion_tokens' },
    );
    expect(made).toEqual({ model: 'x', stream: true, max_completion_tokens: 64, messages: MESSAGES });
  });

  test('asks for usage in streams', () => {
    expect(body('x', { stream: true })['stream_options']).toEqual({ include_usage: true });
    expect(body('x')).not.toHaveProperty('stream_options');
  });

  test('lets the extra body win, and take fields out', () => {
    const made = body('x', {
      stream: true,
      extraBody: { stream_options: null, top_p: 0.5, max_completion_tokens: 7, model: 'y' },
    });
    expect(made).toEqual({
      model: 'y',
      stream: true,
      temperature: 0.3,
      top_p: 0.5,
      max_completion_tokens: 7,
      messages: MESSAGES,
    });
    const own = body('x', { extraBody: { messages: [{ role: 'user', content: 'own' }] } });
    expect(own['messages']).toEqual([{ role: 'user', content: 'own' }]);
  });

  test('puts the system text apart on the Anthropic wire', () => {
    const made = body('claude-sonnet-4.5', {
      kind: MESSAGES_KIND,
      provider: PROVIDERS.anthropic,
      stream: true,
    });
    expect(made).toMatchObject({ system: 'Be brief.', messages: [MESSAGES[1]], max_tokens: 64 });
    expect(made).not.toHaveProperty('stream_options');
  });
});

describe('the body of a preset', () => {
  test.each([
    ['custom', 'some-model', 'max_tokens', true],
    ['azure', 'my-deployment', 'max_tokens', true],
    ['azure', 'gpt-5-mini', 'max_completion_tokens', true],
    ['groq', 'openai/gpt-oss-20b', 'max_completion_tokens', true],
    ['xai', 'grok-4', 'max_completion_tokens', true],
    ['bedrock', 'openai.gpt-oss-20b-1:0', 'max_completion_tokens', true],
    ['mistral', 'mistral-small-latest', 'max_tokens', false],
    // Its gateway knows one name only, whatever a model is called.
    ['together', 'openai/o3-like', 'max_tokens', true],
  ] as const)('%s, %s: the limit as %s', (name, model, limit, asksUsage) => {
    const made = body(model, { provider: PROVIDERS[name], stream: true });
    const limits = ['max_tokens', 'max_completion_tokens'].filter((field) => field in made);
    expect(limits).toEqual([limit]);
    expect('stream_options' in made).toBe(asksUsage);
  });

  test('gives way to LLM_TOKEN_PARAM, to what preflight found and to LLM_EXTRA_BODY', () => {
    const provider = PROVIDERS.mistral;
    expect(body('m', { provider, tokenParam: 'max_completion_tokens' })).toHaveProperty(
      'max_completion_tokens',
    );
    const adaptation = { ...NO_ADAPTATION, tokenParam: 'max_completion_tokens' as const };
    expect(body('m', { provider }, adaptation)).toHaveProperty('max_completion_tokens');
    const extraBody = { stream_options: { include_usage: true } };
    expect(body('m', { provider, stream: true, extraBody })).toMatchObject(extraBody);
  });

  test('has no temperature where the preset says that it is refused, unless one is set', () => {
    const provider = { ...PROVIDERS.custom, refusedFields: ['temperature'] as const };
    expect(body('m', { provider })).not.toHaveProperty('temperature');
    expect(body('m', { provider, temperature: 0.5 })).toHaveProperty('temperature', 0.5);
  });
});
