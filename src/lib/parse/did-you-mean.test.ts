import { describe, expect, test } from 'vitest';
import { didYouMean, hint } from './did-you-mean.ts';

const METRICS = ['ai_latency_ms', 'ai_ttft_ms', 'ai_tpot_ms', 'error_rate', 'checks'];

describe('didYouMean', () => {
  test.each([
    ['ai_latency', 'ai_latency_ms'],
    ['ai_tfft_ms', 'ai_ttft_ms'],
    ['AI_LATENCY_MS', 'ai_latency_ms'],
    ['errorrate', 'error_rate'],
    ['check', 'checks'],
    ['chekcs', 'checks'],
    ['ai_ttft_ms', 'ai_ttft_ms'],
  ])('%s: %s', (word, expected) => {
    expect(didYouMean(word, METRICS)).toBe(expected);
  });

  test.each(['', 'x', 'http_req_duration', 'money'])('%j is like none of them', (word) => {
    expect(didYouMean(word, METRICS)).toBeNull();
  });

  test('the hint is ready to be put into a sentence', () => {
    expect(hint('chekcs', METRICS)).toBe(' (did you mean checks?)');
    expect(hint('money', METRICS)).toBe('');
  });
});
