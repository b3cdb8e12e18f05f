import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRecord } from '../../src/lib/parse/json.ts';
import type { Mock } from '../../src/tools/mock/server/start-mock.ts';
import { runBundle } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

type Body = Record<string, unknown> & { messages: Record<string, unknown>[] };

/** What a mock was asked, in order. */
function bodiesOf(mock: Mock): Body[] {
  return (mock.truth().bodies ?? []).map(({ body }) => JSON.parse(body) as Body);
}

async function fileOf(rows: readonly unknown[], name = 'sessions.jsonl'): Promise<string> {
  const folder = folderOfTest('sessions');
  const file = path.join(folder, name);
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

const user = (content: string) => ({ role: 'user', content });
const said = (content: string) => ({ role: 'assistant', content });

const SYSTEM = { role: 'system', content: 'You help with a program. '.repeat(20) };
const CALL = { id: 'c1', type: 'function', function: { name: 'read', arguments: '{"file":"a.ts"}' } };
const TOOLS = [{ type: 'function', function: { name: 'read', parameters: { type: 'object' } } }];
const RESULT = { role: 'tool', tool_call_id: 'c1', content: 'const answer = 42; '.repeat(10) };

/** Three turns, a call of a tool, and a branch off the second. */
const AGENT = [
  {
    session: 'a',
    turn: 'ask',
    messages: [SYSTEM, user('What does a.ts do?')],
    fields: { tools: TOOLS, temperature: 0 },
    answer: { role: 'assistant', content: null, tool_calls: [CALL] },
  },
  { session: 'a', turn: 'read', delay_ms: 40, messages: [RESULT], answer: said('It is 42.') },
  { session: 'a', turn: 'why', delay_ms: 20, messages: [user('Why?')] },
  { session: 'a', turn: 'instead', parent: 'read', keep: 4, messages: [user('Mend it.')] },
];

const env = (mock: Mock, file: string) => ({
  LLM_BASE_URL: mock.url,
  LLM_PROVIDER: 'mock',
  LLM_MIX: 'm',
  LLM_DATASET: file,
  LLM_PREFLIGHT: '0',
  LLM_THINK_TIME: '0s',
});

describe('sessions of an agent', () => {
  test('send exactly the messages worked out by hand', async () => {
    const mock = await openMock({ keepBodies: true, promptCache: true });
    const { code, summary, output } = await runBundle('smoke', env(mock, await fileOf(AGENT)), [
      '--iterations',
      '1',
      '--vus',
      '1',
    ]);
    expect(code, output).toBe(0);
    const opening = [SYSTEM, user('What does a.ts do?')];
    const read = [...opening, { role: 'assistant', content: null, tool_calls: [CALL] }, RESULT];
    const bodies = bodiesOf(mock);
    expect(bodies.map(({ messages }) => messages)).toEqual([
      opening,
      read,
      [...read, said('It is 42.'), user('Why?')],
      [...read, user('Mend it.')],
    ]);
    for (const body of bodies) expect(body).toMatchObject({ tools: TOOLS, temperature: 0, model: 'm' });
    const { requestRecords = [] } = mock.truth();
    const gaps = [1, 2].map((at) => requestRecords[at]!.arrivalMs - requestRecords[at - 1]!.lastTokenAtMs!);
    expect(gaps[0]).toBeGreaterThanOrEqual(40);
    expect(gaps[1]).toBeGreaterThanOrEqual(20);
    expect(summary!.sessions).toMatchObject({ complete: 1, broken: 0 });
    expect(summary!.sessions!.durationMs.count).toBe(1);
    // Four answers, and the pauses.
    expect(summary!.sessions!.durationMs.max).toBeGreaterThan(60 + 4 * 12);
    expect(output).toContain('1 sessions complete');
  });

  test('are told by turn: requests, tokens, and how much of the prompt was cached', async () => {
    const mock = await openMock({ promptCache: true });
    const file = await fileOf(AGENT);
    const { summary } = await runBundle('smoke', { ...env(mock, file) });
    const records = mock.truth().requestRecords ?? [];
    expect(records).toHaveLength(20);
    // Turns 1, 2, 3, and 3 again by the branch.
    const ofTurn = [[0], [1], [2, 3]].map((places) => records.filter((_, at) => places.includes(at % 4)));
    const sum = (list: typeof records, pick: (record: (typeof records)[number]) => number) =>
      list.reduce((total, record) => total + pick(record), 0);
    expect(summary!.turns!.map(({ turn }) => turn)).toEqual(['1', '2', '3']);
    for (const [at, turn] of summary!.turns!.entries()) {
      const own = ofTurn[at]!;
      const cached = sum(own, ({ usage }) => usage?.cachedInputTokens ?? 0);
      const input = sum(own, ({ usage }) => usage?.inputTokens ?? 0);
      expect(turn).toMatchObject({
        requests: own.length,
        succeeded: own.length,
        inputTokens: input,
        cachedInputTokens: cached,
      });
      expect(turn.cachedRatio).toBeCloseTo(cached / input, 12);
      expect(turn.latencyMs.count).toBe(own.length);
    }
    expect(summary!.turns![1]!.cachedRatio).toBeGreaterThan(0.5);
  });

  test('with measured answers say again what was really said', async () => {
    const mock = await openMock({ keepBodies: true });
    const settings = { ...env(mock, await fileOf(AGENT)), LLM_SESSION_ANSWERS: 'measured' };
    const { code } = await runBundle('smoke', settings, ['--iterations', '1', '--vus', '1']);
    expect(code).toBe(0);
    const third = bodiesOf(mock)[2]!.messages;
    expect(third[2]).toMatchObject({ tool_calls: [CALL] });
    expect(third[2]!['content']).toMatch(/\w+ \w+/);
    expect(third[4]!['content']).not.toBe('It is 42.');
    expect(third[4]!['content']).toMatch(/\w+ \w+/);
  });

  test('end with a turn that fails, and are told as broken', async () => {
    const mock = await openMock({ faults: [{ name: 'server_500', param: 0, ratio: 1, model: null }] });
    const { summary } = await runBundle('smoke', env(mock, await fileOf(AGENT)));
    expect(mock.truth().requests.started).toBe(5);
    expect(summary!.sessions).toMatchObject({ complete: 0, broken: 5 });
    expect(summary!.sessions!.durationMs.count).toBe(0);
  });

  test('begin in the order in which they were recorded, each once', async () => {
    const mock = await openMock({ keepBodies: true });
    const rows = [0, 900, 300].map((at_ms, index) => ({
      session: index,
      at_ms: 1_000_000 + at_ms,
      messages: [user(`question ${at_ms}`)],
    }));
    const settings = { ...env(mock, await fileOf(rows)), LLM_ARRIVALS: 'recorded', LLM_TIME_SCALE: '0.5' };
    const { code, summary, output } = await runBundle('spike', settings);
    expect(code, output).toBe(0);
    expect(bodiesOf(mock).map(({ messages }) => messages[0]!['content'])).toEqual([
      'question 0',
      'question 300',
      'question 900',
    ]);
    expect(summary!.load).toMatchObject({ model: 'open', offered: 3 });
  });

  test('of several users begin each with a salt of its own, if no cache is to help', async () => {
    const mock = await openMock({ keepBodies: true, promptCache: true });
    const settings = { ...env(mock, await fileOf(AGENT)), LLM_CACHE_BUST: '1', LLM_VUS: '3' };
    const { summary } = await runBundle('smoke', settings);
    expect(summary!.turns![0]!.cachedInputTokens).toBe(0);
    expect(summary!.turns![2]!.cachedRatio).toBeGreaterThan(0.5);
    const heads = bodiesOf(mock).map(({ messages }) => String(messages[0]!['content']).split('\n')[0]);
    expect(new Set(heads).size).toBe(5);
  });

  test('a run of prompts with a salt has no hits either', async () => {
    const mock = await openMock({ promptCache: true });
    const { LLM_DATASET: _file, ...own } = env(mock, '');
    const hits = async (bust: string) => {
      mock.reset();
      await runBundle('smoke', { ...own, LLM_CACHE_BUST: bust, LLM_SHARED_PREFIX_TOKENS: '300' });
      return mock.truth().totals.cachedInputTokens;
    };
    expect(await hits('0')).toBeGreaterThan(500);
    expect(await hits('1')).toBe(0);
  });

  test.each<[string, readonly unknown[], Record<string, string>, RegExp]>([
    [
      'a cycle',
      [
        { ...AGENT[0], parent: 'read' },
        { ...AGENT[1], parent: 'ask' },
      ],
      {},
      /LLM_DATASET .*sessions\.jsonl, line 1: .*cycle/,
    ],
    ['an unknown parent', [AGENT[0], { ...AGENT[1], parent: 'x' }], {}, /line 2: got "parent x"/],
    ['a bad line', [AGENT[0], { session: 'a' }], {}, /line 2: .*messages: a list/],
    ['turns of its own', AGENT, { LLM_TURNS: '3' }, /LLM_TURNS: got "3"/],
    [
      'messages of another kind',
      AGENT,
      { LLM_KIND: 'messages' },
      /line 1: got "messages in the form of chat".*LLM_KIND=chat/,
    ],
    ['a kind without messages', AGENT, { LLM_KIND: 'completions' }, /LLM_KIND: got "completions"/],
    ['no starts to begin at', AGENT, { LLM_ARRIVALS: 'recorded' }, /at_ms.*0 of 1/],
  ])('%s: refused before any request', async (_, rows, more, message) => {
    const mock = await openMock();
    const { code, output } = await runBundle('spike', { ...env(mock, await fileOf(rows)), ...more });
    expect(code).toBe(107);
    expect(output.replaceAll('\\"', '"')).toMatch(message);
    expect(mock.truth().requests.started).toBe(0);
  });
});

/** Bailian's columns: three conversations, one of three turns with a branch. */
const TRACE = [
  {
    chat_id: 1,
    parent_chat_id: -1,
    timestamp: 0,
    input_length: 64,
    output_length: 16,
    turn: 1,
    hash_ids: [1, 2, 3, 4],
  },
  {
    chat_id: 2,
    parent_chat_id: -1,
    timestamp: 0.1,
    input_length: 32,
    output_length: 8,
    turn: 1,
    hash_ids: [8, 9],
  },
  {
    chat_id: 3,
    parent_chat_id: 1,
    timestamp: 0.4,
    input_length: 112,
    output_length: 16,
    turn: 2,
    hash_ids: [1, 2, 3, 4, 5, 6, 7],
  },
  {
    chat_id: 4,
    parent_chat_id: 3,
    timestamp: 0.8,
    input_length: 160,
    output_length: 16,
    turn: 3,
    hash_ids: [1, 2, 3, 4, 5, 6, 7, 10, 11, 12],
  },
  {
    chat_id: 5,
    parent_chat_id: 99,
    timestamp: 0.9,
    input_length: 32,
    output_length: 4,
    turn: 4,
    hash_ids: [30, 31],
  },
];

describe("a trace's conversations", () => {
  test('go on from their own answers, each not before its time', async () => {
    const mock = await openMock({ keepBodies: true });
    const { LLM_DATASET: _file, ...own } = env(mock, '');
    const file = await fileOf(TRACE, 'trace.jsonl');
    const settings = { ...own, LLM_ARRIVALS: `trace:${file}`, LLM_SYSTEM_PROMPT: 'none' };
    const { code, summary, output } = await runBundle('spike', settings);
    expect(code, output).toBe(0);
    expect(output).toContain('2 of 5 requests go on from an earlier one by parent_chat_id');
    expect(output).toContain('1 requests go on from one that is not in the file');
    const byLength = bodiesOf(mock).sort((a, b) => a.messages.length - b.messages.length);
    expect(byLength.map(({ messages }) => messages.length)).toEqual([1, 1, 1, 3, 5]);
    const longest = byLength[4]!.messages;
    const middle = byLength[3]!.messages;
    expect(longest.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    // Each turn sends all before it once more.
    expect(longest.slice(0, 3)).toEqual(middle);
    const words = (message: unknown) =>
      isRecord(message) ? String(message['content']).split(' ').length : 0;
    // The full stop behind the task is a token too.
    expect(longest.map(words)).toEqual([63, 16, 32, 16, 32]);
    expect(summary!.load.offered).toBe(5);
    expect(summary!.sessions).toMatchObject({ complete: 3, broken: 0 });
    expect(summary!.turns!.map(({ turn, requests }) => [turn, requests])).toEqual([
      ['1', 3],
      ['2', 1],
      ['3', 1],
    ]);
    const limits = bodiesOf(mock).map((body) => body['max_tokens']);
    expect(limits.toSorted()).toEqual([16, 16, 16, 4, 8]);
  });

  test('are sent as items over Responses', async () => {
    const mock = await openMock({ keepBodies: true });
    const { LLM_DATASET: _file, ...own } = env(mock, '');
    const file = await fileOf(TRACE, 'trace.jsonl');
    const settings = { ...own, LLM_ARRIVALS: `trace:${file}`, LLM_KIND: 'responses' };
    const { code, summary, output } = await runBundle('spike', settings);
    expect(code, output).toBe(0);
    expect(summary!.sessions).toMatchObject({ complete: 3, broken: 0 });
    const sent = (mock.truth().bodies ?? []).map(({ body }) => JSON.parse(body) as { input: unknown[] });
    expect(sent.map(({ input }) => input.length).toSorted()).toEqual([1, 1, 1, 3, 5]);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'a kind without messages',
      { LLM_KIND: 'completions' },
      /LLM_KIND: got .*completions.*the trace holds conversations/,
    ],
    ['pictures', { LLM_IMAGES: '1:64x64' }, /LLM_IMAGES: got .*1:64x64.*trace of conversations/],
  ])('are refused with %s', async (_, given, message) => {
    const mock = await openMock();
    const { LLM_DATASET: _file, ...own } = env(mock, '');
    const file = await fileOf(TRACE, 'trace.jsonl');
    const { code, output } = await runBundle('spike', { ...own, ...given, LLM_ARRIVALS: `trace:${file}` });
    expect(code).toBe(107);
    expect(output).toMatch(message);
    expect(mock.truth().requests.started).toBe(0);
  });
});
