import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import data from '../../../data/prompts.json';
import { createBuiltInPicker, PROMPT_CLASSES } from './built-in-picker.ts';

const textsOf = (seed: number, count: number): string[] => {
  const picker = createBuiltInPicker(seed);
  return Array.from({ length: count }, (_, i) => picker.pick(i).messages[0]?.content ?? '');
};

describe('built-in prompts', () => {
  test('they say where they come from, and fit the budget', () => {
    expect(data.source).not.toBe('');
    expect(data.license).toBe('Apache-2.0');
    expect(data.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(readFileSync('data/prompts.json').length).toBeLessThan(10_000);
  });

  test('no prompt is empty or comes twice', () => {
    const all = [
      ...Object.values(data.classes).flat(),
      ...Object.values(data.mixed).flat(),
      ...data.continuations,
    ];
    expect(new Set(all).size).toBe(all.length);
    for (const prompt of all) expect(prompt.trim()).toBe(prompt);
    expect(data.mixed.chat).toHaveLength(5);
  });

  test('the same seed gives the same prompts, another seed others', () => {
    expect(textsOf(42, 200)).toEqual(textsOf(42, 200));
    expect(textsOf(42, 200)).not.toEqual(textsOf(43, 200));
  });

  test('classes come by their weights, and every prompt comes', () => {
    const texts = textsOf(42, 20_000);
    for (const name of PROMPT_CLASSES) {
      const share = texts.filter((text) => data.classes[name].includes(text)).length / texts.length;
      expect(Math.abs(share - data.weights[name] / 10)).toBeLessThan(0.015);
    }
    expect(new Set(texts).size).toBe(Object.values(data.classes).flat().length);
  });
});
