import { describe, expect, test } from 'vitest';
import { parseMix } from './mix.ts';
import { createMixPicker, createWeightedPicker } from './weighted-picker.ts';
import { createUnitStream, indexOf } from '../numbers/random.ts';

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
