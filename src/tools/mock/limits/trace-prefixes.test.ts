import { describe, expect, test } from 'vitest';
import { parseTrace } from '../../../lib/load/trace/trace.ts';
import { createRandom, indexOf } from '../../../lib/numbers/random.ts';
import { createSyntheticTexts } from '../../../lib/prompts/synthetic-texts.ts';
import { PromptCache } from './prompt-cache.ts';

const SYSTEM = 'You are a helpful assistant.';
const CHARS_PER_TOKEN = 4;

/** A trace of conversations: each request has some request's blocks, cut anywhere, and new ones behind them. */
function makeTrace(blockTokens: number, more: object): { text: string; hitRatio: number } {
  const random = createRandom(`trace ${blockTokens}`);
  const upTo = (n: number): number => indexOf(random.next(), n);
  const told: number[][] = [];
  let next = 0;
  let hitTokens = 0;
  let allTokens = 0;
  const lines = Array.from({ length: 150 }, (_, at) => {
    const earlier = upTo(3) === 0 ? [] : (told[upTo(told.length)] ?? []);
    const shared = earlier.slice(0, upTo(earlier.length + 1));
    const fresh = Array.from({ length: 1 + upTo(8) }, () => next++);
    const hash_ids = [...shared, ...fresh];
    const input_length = hash_ids.length * blockTokens - upTo(blockTokens);
    // What ends amid a block is no prefix of that block whole.
    told.push(hash_ids.slice(0, -1));
    hitTokens += shared.length * blockTokens;
    allTokens += input_length;
    return JSON.stringify({ timestamp: at, input_length, output_length: 5, hash_ids, ...more });
  });
  return { text: lines.join('\n'), hitRatio: hitTokens / allTokens };
}

/** A word is a token, and so is the full stop behind the task. */
function tokensOf(text: string): number {
  return text.split(/ |(?=\.)/).length;
}

/** What the mock's cache sees of it, with the texts a run sends. */
function hitsOf(text: string, ratio: number): { hitRatio: number; tokens: number[]; wanted: number[] } {
  const trace = parseTrace(text, { fileName: 't', setting: 'LLM_ARRIVALS', timeScale: 1 });
  const texts = createSyntheticTexts(42);
  const cache = new PromptCache();
  let cached = 0;
  let all = 0;
  const prompts = trace.requests.map(({ blocks, inputTokens }, index) =>
    texts.blockText(index, {
      names: blocks ?? [],
      blockTokens: (trace.columns.blockTokens ?? 0) * ratio,
      tokens: (inputTokens ?? 0) * ratio,
    }),
  );
  for (const prompt of prompts) {
    const sent = `${SYSTEM}\n${prompt}`;
    cached += cache.lookUp('m', sent);
    all += sent.length / CHARS_PER_TOKEN;
  }
  return {
    hitRatio: cached / all,
    tokens: prompts.map(tokensOf),
    wanted: trace.requests.map(({ inputTokens }) => Math.round((inputTokens ?? 0) * ratio)),
  };
}

describe("a trace's hashed blocks", () => {
  const mooncake = makeTrace(512, {});

  test.each([1, 0.97, 1.04])('give a prefix cache its hit rate, lengths times %d', (ratio) => {
    const { hitRatio, tokens, wanted } = hitsOf(mooncake.text, ratio);
    expect(mooncake.hitRatio).toBeGreaterThan(0.2);
    expect(Math.abs(hitRatio - mooncake.hitRatio)).toBeLessThan(0.01);
    expect(tokens).toEqual(wanted);
  });

  test('of 16 tokens: less the block of the cache that each prefix ends in', () => {
    const bailian = makeTrace(16, { chat_id: 1 });
    const { hitRatio, tokens, wanted } = hitsOf(bailian.text, 1);
    expect(tokens).toEqual(wanted);
    expect(Math.abs(hitRatio - bailian.hitRatio)).toBeLessThan(0.15);
  });

  test('without shared blocks, nothing is shared', () => {
    const lines = Array.from({ length: 50 }, (_, at) =>
      JSON.stringify({ timestamp: at, input_length: 1000, output_length: 5, hash_ids: [2 * at, 2 * at + 1] }),
    );
    expect(hitsOf(lines.join('\n'), 1).hitRatio).toBeLessThan(0.01);
  });
});

describe('the text of blocks', () => {
  const texts = createSyntheticTexts(7);
  const text = (requestIndex: number, names: string[], tokens: number): string =>
    texts.blockText(requestIndex, { names, blockTokens: 20, tokens });

  test('begins as every text with the same blocks does, whoever asks', () => {
    const long = text(1, ['a', 'b', 'c'], 60);
    for (const tokens of [40, 33, 21, 20, 9, 3]) {
      const short = text(2, ['a', 'b'], tokens);
      expect(tokensOf(short)).toBe(tokens);
      expect(long.startsWith(`${short} `)).toBe(true);
    }
    expect(text(4, ['x', 'b'], 40).slice(60)).not.toBe(text(2, ['a', 'b'], 40).slice(60));
  });

  test('goes on in its own words where the blocks end, and is never empty', () => {
    const [one, two] = [text(1, ['a'], 60), text(2, ['a'], 60)];
    expect([one, two].map(tokensOf)).toEqual([60, 60]);
    expect(one).not.toBe(two);
    expect(one.split(' ').slice(0, 19)).toEqual(two.split(' ').slice(0, 19));
    expect([text(1, ['a'], 0), text(1, ['a'], 3), text(1, [], 0)].map(tokensOf)).toEqual([1, 3, 1]);
  });
});
