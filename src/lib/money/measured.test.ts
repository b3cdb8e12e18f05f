import { describe, expect, test } from 'vitest';
import { guessLatency, type Measured, tokenRatioOf } from './measured.ts';

const MEASURED: Measured = { estimatedTokens: 40, reportedTokens: 50, latencyMs: 400, outputTokens: 16 };

describe('how a server counts', () => {
  test('by its own count of the first prompt, with room for others', () => {
    expect(tokenRatioOf(MEASURED)).toEqual({ likely: 1.25, least: 0.6, most: 1.5625 });
  });
  test.each([
    undefined,
    { ...MEASURED, reportedTokens: null },
    { ...MEASURED, reportedTokens: 0 },
    { ...MEASURED, estimatedTokens: 0 },
  ])('unknown, with wide bounds: %j', (measured) => {
    expect(tokenRatioOf(measured)).toEqual({ likely: 1, least: 0.5, most: 2 });
  });
});

describe('how long answers may take', () => {
  test('as the small one, and as many times longer as they are', () => {
    const answer = { shareRatio: 1, measured: MEASURED, tokens: 160, limit: 800 };
    expect(guessLatency([answer])).toEqual({
      measured: true,
      leastMs: 200,
      // 400 × (0.4 + 0.6 × 10)
      likelyMs: expect.closeTo(2560, 6),
      mostMs: 400 * 50 * 2,
    });
  });
  test('several models by their shares of the load, whatever these add up to', () => {
    const quick = { shareRatio: 3, measured: MEASURED, tokens: 16, limit: 16 };
    const slow = { ...quick, shareRatio: 1, measured: { ...MEASURED, latencyMs: 2000, outputTokens: null } };
    expect(guessLatency([quick, slow])).toEqual({
      measured: true,
      // (3 × 200 + 1000) / 4
      leastMs: 400,
      // (3 × 400 + 2000 × (0.4 + 0.6 × 16)) / 4
      likelyMs: 5300,
      // (3 × 800 + 2000 × 16 × 2) / 4
      mostMs: 16_600,
    });
  });
  test('of nothing, nothing', () => {
    expect(guessLatency([])).toBeNull();
    expect(guessLatency([{ shareRatio: 0, measured: MEASURED, tokens: 16, limit: 16 }])).toBeNull();
  });
});
