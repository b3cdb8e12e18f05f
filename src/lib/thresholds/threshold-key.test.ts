import { describe, expect, test } from 'vitest';
import { ConfigError } from '../parse/config-error.ts';
import { formatThresholdKey, parseThresholdKey } from './threshold-key.ts';

describe('parseThresholdKey', () => {
  test.each<[string, string, Record<string, string>]>([
    ['checks', 'checks', {}],
    ['ai_latency_ms{model:gpt-4.1}', 'ai_latency_ms', { model: 'gpt-4.1' }],
    ['a{model:x,stream:true}', 'a', { model: 'x', stream: 'true' }],
    ['a{ model : x y }', 'a', { model: 'x y' }],
    ['a{model:openai/gpt-4.1:free}', 'a', { model: 'openai/gpt-4.1:free' }],
  ])('%s', (text, metric, tags) => {
    const key = parseThresholdKey(text, 'p');
    expect(key.metric).toBe(metric);
    expect(Object.fromEntries(key.tags)).toEqual(tags);
  });

  test('a key comes out as k6 takes it', () => {
    expect(formatThresholdKey(parseThresholdKey(' a { model : x , stream:true } ', 'p'))).toBe(
      'a{model:x,stream:true}',
    );
    expect(formatThresholdKey(parseThresholdKey('a', 'p'))).toBe('a');
  });

  test.each([
    'a{}',
    'a{model}',
    'a{model:}',
    'a{:x}',
    'a{model:x',
    'amodel:x}',
    'a{model:x}y',
    'a{model:x,}',
    'a{model:x,,stream:true}',
    'a{model:x,y}',
    'a{model:"x"}',
    "a{model:'x'}",
    'a{model:x{y}',
    'a{{model:x}}',
    'a{model:x,model:y}',
    'a,b',
    '"a"',
  ])('%s is refused, and a right one shown', (text) => {
    expect(() => parseThresholdKey(text, 'LLM_THRESHOLDS p')).toThrow(ConfigError);
    expect(() => parseThresholdKey(text, 'LLM_THRESHOLDS p')).toThrow(
      /^LLM_THRESHOLDS p: got .*write ai_latency_ms\{model:gpt-4\.1\}$/,
    );
  });
});
