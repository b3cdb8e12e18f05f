import { describe, expect, test } from 'vitest';
import { estimateTokens, lengthCorrection, tokenError } from './estimate-tokens.ts';

describe('estimateTokens', () => {
  // Reported: means over o200k, cl100k, Llama 3 and Claude, as bench/workload/tokens.mjs counts them.
  test.each<[string, string, number, number]>([
    [
      'English',
      'The train to the airport leaves at half past six. Whoever is late must take the bus.',
      19,
      0.15,
    ],
    [
      'code',
      'function add(list) { let sum = 0; for (const value of list) sum += value; return sum; }',
      25,
      0.2,
    ],
    ['Chinese', '去机场的火车六点半出发。迟到的人只能坐公共汽车，公共汽车每二十分钟一班。', 35, 0.3],
    ['Russian', 'Поезд в аэропорт отправляется в половине седьмого.', 20, 0.5],
    ['digits', '3141592653589793238462643383279502884197', 14, 0.2],
  ])('%s', (_, text, tokens, toleranceRatio) => {
    expect(Math.abs(estimateTokens(text) / tokens - 1)).toBeLessThan(toleranceRatio);
  });

  test('edges', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('a')).toBe(1);
    expect(estimateTokens('🙂')).toBe(2);
  });
});

describe('correction by reported usage', () => {
  test('the error is reported over estimated; unknown stays unknown', () => {
    expect(tokenError(100, 125)?.reportedRatio).toBe(1.25);
    expect(tokenError(100, null)).toBeNull();
    expect(tokenError(100, 0)).toBeNull();
    expect(tokenError(0, 5)).toBeNull();
  });

  test('two lengths cancel what the chat template adds', () => {
    expect(lengthCorrection(tokenError(20, 30), tokenError(220, 280))).toBeCloseTo(200 / 250, 12);
    expect(lengthCorrection(null, tokenError(200, 250))).toBeCloseTo(0.8, 12);
    expect(lengthCorrection(tokenError(200, 100), null)).toBe(2);
  });

  test('nothing known, nonsense, extremes', () => {
    expect(lengthCorrection(null, null)).toBe(1);
    expect(lengthCorrection(tokenError(20, 30), tokenError(220, 10))).toBe(1);
    expect(lengthCorrection(null, tokenError(10, 1000))).toBe(0.25);
    expect(lengthCorrection(null, tokenError(1000, 1))).toBe(4);
  });
});
