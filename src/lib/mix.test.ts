import { describe, expect, test } from 'vitest';
import { ConfigError } from './errors.ts';
import { parseMix } from './mix.ts';
import { createMixPicker, createWeightedPicker } from './picker.ts';
import { createUnitStream, indexOf } from './random.ts';

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

function sequence(seed: number): string {
  const picker = createMixPicker(parseMix('a=70,b=20,c=10', 'LLM_MIX'), seed);
  return Array.from({ length: 200 }, (_, i) => picker.pick(i)).join('');
}

describe('createMixPicker', () => {
  const mix = parseMix('gpt-4.1=70,claude-sonnet-4.5=20,deepseek-v3.2=10', 'LLM_MIX');

  test.each([1, 42, 987_654_321, 2 ** 40])(
    'seed %d: every prefix and every window follow the weights',
    (seed) => {
      const picker = createMixPicker(mix, seed);
      for (const start of [0, 1, 777, 1_000_000]) {
        const counts = [0, 0, 0];
        for (let n = 1; n <= 10_000; n++) {
          const index = picker.pick(start + n - 1);
          counts[index] = (counts[index] ?? 0) + 1;
          const off = mix.map(({ shareRatio }, at) => Math.abs((counts[at] ?? 0) - shareRatio * n));
          if (Math.max(...off) > 2 + Math.log2(n)) throw new Error(`off by ${off.join(', ')} after ${n}`);
        }
        mix.forEach(({ shareRatio }, at) => {
          expect(Math.abs((counts[at] ?? 0) / 10_000 - shareRatio)).toBeLessThan(0.002);
        });
      }
    },
  );

  test('the same seed gives the same sequence, another seed another', () => {
    expect(sequence(42)).toBe(sequence(42));
    expect(sequence(42)).not.toBe(sequence(43));
  });

  test.each([2, 3, 4, 7])(
    'one of %d instances, taking every n-th request, keeps the weights too',
    (stride) => {
      const picker = createMixPicker(mix, 42);
      const first = Array.from({ length: 5000 }, (_, i) => picker.pick(i * stride)).filter((at) => at === 0);
      expect(Math.abs(first.length / 5000 - 0.7)).toBeLessThan(0.01);
    },
  );

  test('each model gets the prompts in the same proportions', () => {
    const picker = createMixPicker(mix, 42);
    const prompt = createUnitStream(42, 'prompt');
    const seen = [0, 0, 0, 0];
    let total = 0;
    for (let i = 0; i < 40_000; i++) {
      if (picker.pick(i) !== 2) continue;
      total++;
      const index = indexOf(prompt(i), 4);
      seen[index] = (seen[index] ?? 0) + 1;
    }
    for (const count of seen) expect(Math.abs(count / total - 0.25)).toBeLessThan(0.03);
  });

  test('a weight of 0 is never picked, at either end', () => {
    const picker = createWeightedPicker([0, 1, 0, 1, 0], 1, 'tasks');
    const picked = new Set(Array.from({ length: 10_000 }, (_, i) => picker.pick(i)));
    expect([...picked].sort()).toEqual([1, 3]);
  });

  test('3/2/1 over 5,000 tasks', () => {
    const picker = createWeightedPicker([3, 2, 1], 42, 'tasks');
    const counts = [0, 0, 0];
    for (let i = 0; i < 5000; i++) {
      const at = picker.pick(i);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    expect(counts.map((count) => Math.round((count / 5000) * 600) / 100)).toEqual([3, 2, 1]);
  });
});
