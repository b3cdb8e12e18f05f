import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../project-root.ts';
import { answerPage } from '../answers/answer-page.ts';
import { SEARCH_ADVICE } from '../insight/limit-advice.ts';
import { madeFacts } from './made-facts.ts';
import { type World, worldStep } from './made-world.ts';
import { triedLoads } from './next-step.ts';
import { renderSearch } from './render-search.ts';
import { searchAnswer, type SearchAnswer, type SearchEnd } from './search-answer.ts';
import { searchPage } from './search-page.ts';
import { parseServiceLevel } from './service-level.ts';

const SCHEMA: unknown = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'docs/answer.schema.json'), 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(SCHEMA as object);

const TERMS = parseServiceLevel('p95(ai_latency_ms)<1000', madeFacts());
const MOCK: World = { slots: 16, serviceMs: () => 400 };

function answerOf(loads: readonly number[], end: SearchEnd, world: World = MOCK): SearchAnswer {
  const steps = loads.map((load, at) =>
    worldStep(world, TERMS, {
      number: at + 1,
      load,
      length: 'full',
      times: { warmupMs: 0, holdMs: 30_000, expectedLatencyMs: null },
    }),
  );
  const tried = triedLoads([...steps, ...steps.filter(({ drive }) => drive.shortOf.length > 0)], TERMS);
  return searchAnswer({ tried, end, unit: 'requests/s', slo: TERMS.map(({ text }) => text) });
}

const FOUND = answerOf([16, 32, 38.1, 39.8, 45.3, 64], { kind: 'found', held: 39.8, broke: 45.3 });
const BEYOND = answerOf(
  [8, 16, 32],
  { kind: 'beyond-client', held: 16, notDriven: 32 },
  { ...MOCK, clientMax: 20 },
);
const AT_ONCE = answerOf([64], { kind: 'broke-at-once', load: 64 });
const TO_THE_END = answerOf([8, 24], { kind: 'held-to-the-end', load: 24 });
const HALFWAY = answerOf([32, 64], { kind: 'interrupted' });
const NOTHING = answerOf([], { kind: 'interrupted' });
/** As limits-finding.ts says them. */
const LIMITS = {
  question: 'What limits it?',
  sentence: 'above 36/s the queue grows; prefill about 8,200 tokens/s',
  rows: [
    { name: 'prefill', value: '8,200 tokens/s', note: '95 % CI 8,000 to 8,400 tokens/s' },
    { name: 'decode, in all', value: 'cannot tell', note: SEARCH_ADVICE.busier.repeat(3) },
  ],
};
const LIMITED = { ...FOUND, limits: LIMITS };

test('users draw what one of them gets against what all get', () => {
  const pace = (load: number): Partial<SearchAnswer['steps'][number]> => {
    return { unit: 'users', outputTokensPerSec: 90 * load, tokensPerSecAUser: 100 - load, ttftP50Ms: 100 };
  };
  const users = { ...FOUND, steps: FOUND.steps.map((step) => ({ ...step, ...pace(step.load) })) };
  const plots = searchPage(users, { facts: [], notes: [], terms: TERMS }).plots;
  const curve = plots.find(({ id }) => id === 'search-pace');
  const points = curve?.lines[0]?.points ?? [];
  expect(points).toHaveLength(FOUND.steps.length);
  // From the fullest to the emptiest: the faster one reads, the less is written in all.
  expect(points[0]).toEqual([100 - 64, 90 * 64]);
  expect(points.at(-1)).toEqual([100 - 16, 90 * 16]);
  const requests = searchPage(FOUND, { facts: [], notes: [], terms: TERMS }).plots;
  expect(requests.map(({ id }) => id)).not.toContain('search-pace');
});

test('what limits it stands in the text and on the page, each figure with how sure it is', () => {
  const page = answerPage(LIMITED, searchPage(LIMITED, { facts: [], notes: [], terms: TERMS }));
  for (const text of [renderSearch(LIMITED), page]) {
    expect(text).toContain('What limits it?');
    expect(text).toContain('Above 36/s the queue grows');
    expect(text.replace(/\s+/g, ' ')).toContain('95 % CI 8,000 to 8,400 tokens/s');
    expect(text).toContain('cannot tell');
  }
  expect(renderSearch(FOUND)).not.toContain('What limits it?');
});

test('what the client adds is told of streams alone', () => {
  const there = { ...FOUND.there!, ttftP50Ms: 120 };
  const client = { streams: 16, ttftMs: 3, tpotMs: 0, takenAt: '2026-11-28T10:00:00Z' };
  expect(renderSearch(FOUND)).not.toContain('this machine');
  expect(renderSearch({ ...FOUND, there })).toContain('k6-llm doctor --calibrate tells');
  expect(renderSearch({ ...FOUND, there, client })).toContain(
    'this machine adds 3.0 ms to TTFT at 16 open streams',
  );
});

test('a capacity stands between what held and what broke', () => {
  expect(FOUND.capacity).toEqual({ value: 39.8, low: 39.8, high: 45.3, unit: 'requests/s' });
  expect(FOUND.partial).toBe(false);
  expect(FOUND.sentence).toMatch(
    /^It takes 39.8 requests\/s within p95\(ai_latency_ms\)<1000 and error_rate<5% \(between 39.8\/s and 45.3\/s\); at 45.3 requests\/s, p95\(ai_latency_ms\) was \d+ ms, and <1000 was asked/,
  );
});

test.each([
  [
    'the client gave in',
    BEYOND,
    /kept .* up to 16 requests\/s; 32 requests\/s is more than this client could make/,
  ],
  ['the lowest load broke', AT_ONCE, /does not keep .* even at 64 requests\/s, the lowest load tried/],
  ['the highest load held', TO_THE_END, /kept .* up to 24 requests\/s, the highest load asked/],
  ['nothing was measured', NOTHING, /Interrupted: so far, nothing is known yet/],
])('no number where %s, but why, and what is known', (_title, answer, sentence) => {
  expect(answer.capacity).toBeNull();
  expect(answer.sentence).toMatch(sentence);
  expect(answer.reason).not.toBeNull();
});

test('what held is told where no capacity can be', () => {
  expect([BEYOND, TO_THE_END, AT_ONCE].map(({ highestHeld }) => highestHeld?.load ?? null)).toEqual([
    16,
    24,
    null,
  ]);
});

test('an interrupted search is partial, with what it had', () => {
  expect(HALFWAY.partial).toBe(true);
  expect(HALFWAY.capacity).toEqual({ value: 32, low: 32, high: 64, unit: 'requests/s' });
  expect(HALFWAY.sentence).toMatch(/^Interrupted: so far, it kept .* up to 32 requests\/s and broke at 64/);
});

describe.each([
  ['found', FOUND],
  ['beyond the client', BEYOND],
  ['broken at once', AT_ONCE],
  ['held to the end', TO_THE_END],
  ['interrupted', HALFWAY],
  ['interrupted at once', NOTHING],
  ['that knows what limits it', LIMITED],
])('the answer %s', (_title, answer) => {
  test('follows the schema', () => {
    expect(validate(answer) ? [] : validate.errors).toEqual([]);
  });

  test('fits 80 columns', () => {
    expect(
      renderSearch(answer)
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });

  test('has a page with all of it', () => {
    const page = answerPage(answer, searchPage(answer, { facts: ['of a server'], notes: [], terms: TERMS }));
    expect(page).toContain('How much can it take?');
    expect(page.match(/<figure>/g)?.length ?? 0).toBe(answer.steps.length < 2 ? 0 : 2);
    expect(page.includes('knee: ')).toBe(answer.capacity !== null);
  });
});

test('with no load tried yet, the text begins with why, and no blank line', () => {
  expect(renderSearch(NOTHING)).toMatch(/^Why: interrupted/);
});
