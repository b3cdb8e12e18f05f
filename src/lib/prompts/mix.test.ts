import { describe, expect, test } from 'vitest';
import { ConfigError } from '../parse/config-error.ts';
import { parseMix } from './mix.ts';

const models = (text: string) => parseMix(text, 'LLM_MIX').map(({ model, weight }) => [model, weight]);

describe('parseMix', () => {
  test.each<[string, [string, number][]]>([
    [
      'gpt-4.1=70,claude-sonnet-4.5=20,deepseek-v3.2=10',
      [
        ['gpt-4.1', 70],
        ['claude-sonnet-4.5', 20],
        ['deepseek-v3.2', 10],
      ],
    ],
    ['gpt-4.1', [['gpt-4.1', 1]]],
    [
      ' a = 3 , b ',
      [
        ['a', 3],
        ['b', 1],
      ],
    ],
    [
      'openai/gpt-4.1=1,llama3:8b=0.5,acc@model=2',
      [
        ['openai/gpt-4.1', 1],
        ['llama3:8b', 0.5],
        ['acc@model', 2],
      ],
    ],
    ['lora=v2=3', [['lora=v2', 3]]],
    [
      'a=0,b=1',
      [
        ['a', 0],
        ['b', 1],
      ],
    ],
  ])('%s', (text, expected) => {
    expect(models(text)).toEqual(expected);
  });

  test('shares sum to 1', () => {
    const mix = parseMix('a=70,b=20,c=10', 'LLM_MIX');
    expect(mix.map(({ shareRatio }) => shareRatio)).toEqual([0.7, 0.2, 0.1]);
  });

  test.each([
    '',
    '  ',
    ',',
    'a,',
    ',a',
    'a,,b',
    '=5',
    'a=',
    'a=-1',
    'a=NaN',
    'a=Infinity',
    'a=1e999',
    'a=x',
    'a=0',
    'a=0,b=0',
    'a=1,a=2',
    'a,a',
    'lora=v2',
    'a"b=1',
    "a'b=1",
    'a{b}=1',
    'a\nb=1',
    'a=1;b=2',
    'a=0x10',
  ])('%j is refused, naming the setting', (text) => {
    expect(() => parseMix(text, 'LLM_MIX')).toThrow(ConfigError);
    expect(() => parseMix(text, 'LLM_MIX')).toThrow(/^LLM_MIX: got/);
  });
});
