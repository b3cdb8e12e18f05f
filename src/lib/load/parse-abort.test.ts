import { describe, expect, test } from 'vitest';
import { parseAbort, readLeaveAfter, writeLeaveAfter } from './parse-abort.ts';

describe('LLM_ABORT', () => {
  test.each([
    ['after:2s@10%', { after: { kind: 'time', ms: 2000 }, shareRatio: 0.1 }],
    ['after:1m30s@0.5%', { after: { kind: 'time', ms: 90_000 }, shareRatio: 0.005 }],
    [' after:20tokens@100% ', { after: { kind: 'tokens', count: 20 }, shareRatio: 1 }],
    ['after:1token@25%', { after: { kind: 'tokens', count: 1 }, shareRatio: 0.25 }],
  ])('%s', (text, expected) => {
    expect(parseAbort(text, 'LLM_ABORT')).toEqual(expected);
    const { after } = parseAbort(text, 'LLM_ABORT');
    expect(readLeaveAfter(writeLeaveAfter(after))).toEqual(after);
  });

  test.each([
    '2s@10%',
    'after:2s',
    'after:2s@10',
    'after:2@10%',
    'after:2s@0%',
    'after:2s@101%',
    'after:0tokens@5%',
    'after:tokens@5%',
    'after:-1s@5%',
    'after:2s@1e1%',
  ])('%s is refused', (text) => {
    expect(() => parseAbort(text, 'LLM_ABORT')).toThrow(`LLM_ABORT: got "${text}"`);
    expect(() => parseAbort(text, 'LLM_ABORT')).toThrow(/write LLM_ABORT='after:2s@10%'/);
  });

  test.each([null, '', 'ms:', 'tokens:x', 'ms:-5', 'later:5'])('the meter is told nothing by %j', (text) => {
    expect(readLeaveAfter(text)).toBeNull();
  });
});
