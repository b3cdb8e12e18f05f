import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createRandom, indexOf } from '../../src/lib/numbers/random.ts';
import { runBundle } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const BLOCK_TOKENS = 512;
const REQUESTS = 80;
const GAP_MS = 40;

/** A trace as Mooncake's: each request begins as some request before it, and goes on with blocks of its own. */
function makeTrace(): { rows: object[]; hitRatio: number } {
  const random = createRandom('mooncake');
  const upTo = (count: number): number => indexOf(random.next(), count);
  const told: number[][] = [];
  let [next, hitTokens, allTokens] = [0, 0, 0];
  const rows = Array.from({ length: REQUESTS }, (_, at) => {
    const earlier = upTo(4) === 0 ? [] : (told[upTo(told.length)] ?? []);
    const shared = earlier.slice(0, upTo(earlier.length + 1));
    const hash_ids = [...shared, ...Array.from({ length: 1 + upTo(4) }, () => next++)];
    const input_length = hash_ids.length * BLOCK_TOKENS - upTo(BLOCK_TOKENS);
    // What ends amid a block is no prefix of that block whole.
    told.push(hash_ids.slice(0, -1));
    hitTokens += shared.length * BLOCK_TOKENS;
    allTokens += input_length;
    return { timestamp: at * GAP_MS, input_length, output_length: 4, hash_ids };
  });
  return { rows, hitRatio: hitTokens / allTokens };
}

test("a trace's own hit rate is what a server with a prompt cache sees and tells, within a point", async () => {
  const { rows, hitRatio } = makeTrace();
  const folder = folderOfTest('trace-hits');
  const file = path.join(folder, 'trace.jsonl');
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const mock = await openMock({ promptCache: true });
  const { code, output, summary } = await runBundle('spike', {
    LLM_BASE_URL: mock.url,
    LLM_PROVIDER: 'mock',
    LLM_MIX: 'm',
    LLM_ARRIVALS: `trace:${file}`,
    LLM_PREFLIGHT: 'lengths',
    LLM_SYSTEM_PROMPT: 'none',
    LLM_EXPECTED_LATENCY: '200ms',
  });
  expect(code, output).toBe(0);
  expect(output).toContain("read as Mooncake's trace");
  const { cachedInputTokens, inputTokens, succeeded } = summary!.totals;
  expect(succeeded).toBe(REQUESTS);
  expect(hitRatio).toBeGreaterThan(0.25);
  expect(Math.abs(cachedInputTokens / inputTokens - hitRatio)).toBeLessThan(0.01);
  // Lengths are right too, template and all.
  const asked = rows.reduce((sum: number, row) => sum + (row as { input_length: number }).input_length, 0);
  expect(Math.abs(inputTokens / asked - 1)).toBeLessThan(0.03);
});
