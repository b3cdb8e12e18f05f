import { readFile } from 'node:fs/promises';
import path from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { AzureOpenAI } from 'openai';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Mock } from '../../src/tools/mock/server/start-mock.ts';
import { parseSessions } from '../../src/lib/prompts/session/parse-sessions.ts';
import { readTarget } from '../../src/tools/meter/upstream/upstream-target.ts';
import { type SessionRecording, startRecording } from '../../src/tools/record/start-recording.ts';
import { runBundle } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';
import { openPlainServer } from '../support/servers/plain-server.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const KEY = 'sk-very-secret-key-of-the-client';
const SYSTEM = `You are a careful assistant of the Quillwort company. ${'Answer in short sentences. '.repeat(30)}`;
const QUESTIONS = ['What is a marsupial?', 'Name three of them, please.', 'And in Tasmania?'] as const;
const PERSON = 'anna.lindqvist@example.org';

type Options = { keepsContent: boolean; redact?: RegExp[] };

async function record(
  mock: Pick<Mock, 'url'>,
  { keepsContent, redact = [] }: Options,
): Promise<{ recording: SessionRecording; file: string }> {
  const folder = folderOfTest('record');
  const file = path.join(folder, 'sessions.jsonl');
  const recording = await startRecording({
    target: readTarget(mock.url, { setting: '--target' }),
    headers: {},
    host: '127.0.0.1',
    port: 0,
    timeoutMs: 10_000,
    file,
    keepsContent,
    redact,
  });
  onTestFinished(() => recording.close());
  return { recording, file };
}

const TOOL = {
  type: 'function' as const,
  function: {
    name: 'look_up_animal',
    description: 'Looks an animal up in the register.',
    parameters: { type: 'object', properties: { text: { type: 'string' } } },
  },
};

/** What a client of OpenAI's SDK does: two conversations, streams, a tool, a branch. */
async function useClient(baseURL: string): Promise<void> {
  const client = new OpenAI({ apiKey: KEY, baseURL, maxRetries: 0 });
  type Message = OpenAI.Chat.ChatCompletionMessageParam;
  const opening: Message[] = [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: QUESTIONS[0] },
  ];
  const history: Message[] = [...opening];
  const first = await client.chat.completions.create({ model: 'm', messages: history, max_tokens: 40 });
  history.push(first.choices[0]!.message, { role: 'user', content: QUESTIONS[1] });
  let text = '';
  const stream = await client.chat.completions.create({
    model: 'm',
    messages: history,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  expect(text).not.toBe('');
  history.push({ role: 'assistant', content: text }, { role: 'user', content: QUESTIONS[2] });
  const called = await client.chat.completions.create({
    model: 'm',
    messages: history,
    tools: [TOOL],
    tool_choice: 'required',
  });
  const { message } = called.choices[0]!;
  const call = message.tool_calls![0]!;
  history.push(message, { role: 'tool', tool_call_id: call.id, content: `{"owner":"${PERSON}"} `.repeat(9) });
  await client.chat.completions.create({ model: 'm', messages: history, tools: [TOOL] });
  // Another try from the first answer on, and another conversation under the same system message.
  await client.chat.completions.create({
    model: 'm',
    messages: [...opening, first.choices[0]!.message, { role: 'user', content: 'No: tell me of birds.' }],
  });
  await client.chat.completions.create({
    model: 'm',
    messages: [
      { role: 'system', content: SYSTEM },
      { role: 'user', content: 'Something else entirely.' },
    ],
  });
}

/** The same on Anthropic's wire: system texts in blocks of their own, calls and results as parts, thinking sent back. */
async function useAnthropic(url: string): Promise<void> {
  const client = new Anthropic({ apiKey: KEY, baseURL: url.replace(/\/v1$/, ''), maxRetries: 0 });
  type Message = Anthropic.MessageParam;
  const shared = { model: 'm', system: SYSTEM, max_tokens: 200 };
  const tools: Anthropic.Tool[] = [
    {
      name: TOOL.function.name,
      description: TOOL.function.description,
      input_schema: { type: 'object', properties: { text: { type: 'string' } } },
    },
  ];
  const opening: Message[] = [{ role: 'user', content: QUESTIONS[0] }];
  const first = await client.messages.create({ ...shared, messages: opening, max_tokens: 40 });
  const said: Message = { role: first.role, content: first.content };
  const history: Message[] = [...opening, said, { role: 'user', content: QUESTIONS[1] }];
  const thinking = { type: 'enabled', budget_tokens: 1024 } as const;
  const second = await client.messages.stream({ ...shared, messages: history, thinking }).finalMessage();
  expect(second.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
  history.push({ role: second.role, content: second.content }, { role: 'user', content: QUESTIONS[2] });
  const called = await client.messages.create({
    ...shared,
    messages: history,
    tools,
    tool_choice: { type: 'any' },
  });
  const use = called.content.find((block) => block.type === 'tool_use')!;
  history.push(
    { role: called.role, content: called.content },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: use.id, content: `{"owner":"${PERSON}"} `.repeat(9) },
        { type: 'text', text: 'What does that tell?' },
      ],
    },
  );
  await client.messages.stream({ ...shared, messages: history, tools }).finalMessage();
  // Another try from the first answer on, and another conversation under the same system message.
  await client.messages.create({
    ...shared,
    messages: [...opening, said, { role: 'user', content: 'No: tell me of birds.' }],
  });
  await client.messages.create({
    ...shared,
    system: [{ type: 'text', text: SYSTEM }],
    messages: [{ role: 'user', content: 'Something else entirely.' }],
  });
}

/** The same over the Responses API, the whole input sent again each time: items as they came, a text, a call and its result. */
async function useResponses(baseURL: string): Promise<void> {
  const client = new OpenAI({ apiKey: KEY, baseURL, maxRetries: 0 });
  type Item = OpenAI.Responses.ResponseInputItem;
  const shared = { model: 'm', instructions: SYSTEM, store: false };
  const tools = [{ ...TOOL.function, type: TOOL.type, strict: false }];
  const first = await client.responses.create({ ...shared, input: QUESTIONS[0], max_output_tokens: 40 });
  const said = first.output.filter((item) => item.type === 'message');
  const opening: Item[] = [{ role: 'user', content: QUESTIONS[0] }, ...said];
  const history: Item[] = [...opening, { role: 'user', content: QUESTIONS[1] }];
  let text = '';
  for await (const event of await client.responses.create({ ...shared, input: history, stream: true }))
    if (event.type === 'response.output_text.delta') text += event.delta;
  expect(text).not.toBe('');
  history.push(
    { role: 'assistant', content: text },
    { role: 'user', content: [{ type: 'input_text', text: QUESTIONS[2] }] },
  );
  const called = await client.responses
    .stream({ ...shared, input: history, tools, tool_choice: 'required' })
    .finalResponse();
  const call = called.output.find((item) => item.type === 'function_call')!;
  history.push(
    {
      type: 'function_call',
      call_id: call.call_id,
      name: call.name,
      arguments: call.arguments,
      id: call.id!,
    },
    { type: 'function_call_output', call_id: call.call_id, output: `{"owner":"${PERSON}"} `.repeat(9) },
  );
  await client.responses.create({ ...shared, input: history, tools });
  // Another try from the first answer on, and another conversation under the same instructions.
  await client.responses.create({
    ...shared,
    input: [...opening, { role: 'user', content: 'No: tell me of birds.' }],
  });
  await client.responses.create({ ...shared, input: 'Something else entirely.' });
}

const CLIENTS = { chat: useClient, messages: useAnthropic, responses: useResponses } as const;
/** What later turns send of an answer in their own words: thinking, and items with ids. */
const KEPT = {
  chat: [null, null, null],
  messages: [null, 4, null],
  responses: [2, null, 6],
} as const;

type Message = { role: string; content: unknown; tool_calls?: unknown[] };
type Body = {
  system?: unknown;
  messages?: Message[];
  instructions?: unknown;
  input?: string | Record<string, unknown>[];
};

/** Each message's role, what it says, and what else it has; a text is the message that it stands for. */
function messagesOf({ system, messages = [], instructions, input }: Body): unknown[][] {
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  if (items !== undefined)
    return [
      ['instructions', instructions],
      ...items.map((item) => [item['role'] ?? item['type'], item['content'], item]),
    ];
  const opening = system === undefined ? [] : [{ role: 'system', content: system }];
  return [...opening, ...messages].map(({ role, content, tool_calls: calls }: Message) => [
    role,
    content,
    calls ?? null,
  ]);
}

function textsIn(content: unknown): string[] {
  if (typeof content === 'string') return [content];
  const parts = Array.isArray(content) ? (content as { text?: string }[]) : [];
  return parts.flatMap(({ text }) => text ?? []);
}

/** What the server was asked, its own counts, and how much of it was in its cache. */
function seenBy(mock: Mock) {
  const { bodies = [], requestRecords = [] } = mock.truth();
  return {
    messages: bodies.map(({ body }) => messagesOf(JSON.parse(body) as Body)),
    cached: requestRecords.map(({ usage }) => usage?.cachedInputTokens),
    input: requestRecords.map(({ usage }) => usage?.inputTokens ?? 0),
    output: requestRecords.map(({ usage }) => usage?.outputTokens ?? 0),
  };
}

async function recordAndReplay(kind: keyof typeof CLIENTS, options: Options) {
  const mock = await openMock({
    keepBodies: true,
    promptCache: true,
    timing: { ttft: '2', tpot: '0.5', tokens: 'uniform:8:60' },
  });
  const { recording, file } = await record(mock, options);
  await CLIENTS[kind](recording.url);
  const text = await readFile(file, 'utf8');
  const recorded = seenBy(mock);
  expect(recording.figures()).toMatchObject({ sessions: 2, turns: 6, failed: 0, left: 0, problem: null });
  mock.reset();
  const { code, output, summary } = await runBundle(
    'smoke',
    {
      LLM_BASE_URL: mock.url,
      LLM_PROVIDER: 'mock',
      LLM_KIND: kind,
      LLM_MIX: 'm',
      LLM_DATASET: file,
      LLM_PREFLIGHT: '0',
      LLM_TIME_SCALE: '0.01',
      LLM_THINK_TIME: '0s',
    },
    ['--iterations', '2', '--vus', '1'],
  );
  expect(code, output).toBe(0);
  expect(summary!.sessions).toMatchObject({ complete: 2, broken: 0 });
  return { text, recorded, replayed: seenBy(mock) };
}

describe.each(['chat', 'messages', 'responses'] as const)('a recorded client of %s, replayed', (kind) => {
  test('with its content: the same requests in the same order, the same tokens, the same hits', async () => {
    const { text, recorded, replayed } = await recordAndReplay(kind, { keepsContent: true });
    expect(replayed).toEqual(recorded);
    expect(recorded.cached.filter((tokens) => (tokens ?? 0) > 0).length).toBeGreaterThanOrEqual(4);
    expect(text).not.toContain(KEY);
    expect(text).toContain(QUESTIONS[1]);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ session, turn, parent, keep }) => [session, turn, parent, keep ?? null])).toEqual([
      ['s1', '1', null, null],
      ['s1', '2', '1', KEPT[kind][0]],
      ['s1', '3', '2', KEPT[kind][1]],
      ['s1', '4', '3', KEPT[kind][2]],
      ['s1', '5', '1', KEPT[kind][0]],
      ['s2', '1', null, null],
    ]);
  });

  test('without it: lengths and shared beginnings alone, tokens within 3 %, the same hits', async () => {
    const { text, recorded, replayed } = await recordAndReplay(kind, { keepsContent: false });
    expect(replayed.messages.map((list) => list.map(([role]) => role))).toEqual(
      recorded.messages.map((list) => list.map(([role]) => role)),
    );
    expect(replayed.cached).toEqual(recorded.cached);
    expect(replayed.output).toEqual(recorded.output);
    for (const [at, tokens] of recorded.input.entries())
      expect(Math.abs(replayed.input[at]! / tokens - 1)).toBeLessThan(0.03);
    const words = [
      ...SYSTEM.split(/\W+/),
      ...QUESTIONS.join(' ').split(/\W+/),
      'look_up_animal',
      'register',
      PERSON,
    ];
    // A role of the API's own.
    const own = ['assistant'];
    for (const word of words.filter((one) => !own.includes(one) && one.length > 3))
      expect(text).not.toContain(word);
    expect(text).not.toContain(KEY);
    // Nor what was answered.
    for (const list of recorded.messages)
      for (const [role, content] of list)
        if (role === 'assistant')
          for (const said of textsIn(content)) expect(text).not.toContain(said.slice(0, 20));
  });
});

describe('a recording', () => {
  test('what is to be redacted is blotted out, in everything that is kept', async () => {
    const mock = await openMock();
    const { recording, file } = await record(mock, { keepsContent: true, redact: [/[\w.]+@[\w.]+/g] });
    await useClient(recording.url);
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain('lindqvist');
    expect(text).toContain('[redacted]');
  });

  test('no key is in it, wherever a client puts one', async () => {
    const mock = await openMock();
    const { recording, file } = await record(mock, { keepsContent: true });
    const body = {
      model: 'm',
      input: 'My key is query-key-1234.',
      api_key: 'body-key-1234',
      extra_headers: { Authorization: 'Bearer header-key-1234' },
      tools: [
        {
          type: 'mcp',
          server_url: 'https://u:pass-1234@x.test/?t=url-key-1234',
          authorization: 'tool-key-1234',
        },
      ],
    };
    const response = await fetch(`${recording.url}/responses?api-version=1&key=query-key-1234`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    await response.text();
    const text = await readFile(file, 'utf8');
    expect(text).toContain('My key is ***.');
    expect(text).not.toMatch(/-1234/);
  });

  test('a client’s query passes, and the target’s own behind it, where the client says nothing else', async () => {
    const asked: string[] = [];
    const target = await openPlainServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('{}');
    });
    const { recording } = await record({ url: `${target}?api-version=1&team=a` }, { keepsContent: true });
    for (const query of ['', '?beta=true', '?beta=true&api-version=2'])
      await (await fetch(`${recording.url}/messages${query}`, { method: 'POST', body: '{}' })).text();
    expect(asked).toEqual([
      '/v1/messages?api-version=1&team=a',
      '/v1/messages?beta=true&api-version=1&team=a',
      '/v1/messages?beta=true&api-version=2&team=a',
    ]);
  });

  test.each<[string, string, { at: 'endpoint' | 'baseURL' }]>([
    ['the resource', '/', { at: 'endpoint' }],
    ['its /openai/v1', '/openai/v1', { at: 'endpoint' }],
    ['another deployment', '/openai/deployments/other?api-version=1', { at: 'endpoint' }],
    ['the resource, its client told a base URL', '/openai', { at: 'baseURL' }],
  ])('Azure’s client is passed on to %s as it asks', async (_, targetPath, { at }) => {
    const mock = await openMock();
    const origin = mock.url.replace(/\/v1$/, '');
    const { recording, file } = await record({ url: `${origin}${targetPath}` }, { keepsContent: true });
    const client = new AzureOpenAI({
      ...(at === 'endpoint' ? { endpoint: recording.url.replace(/\/v1$/, '') } : { baseURL: recording.url }),
      apiKey: KEY,
      apiVersion: '2024-10-21',
      deployment: 'gpt-4.1',
      maxRetries: 0,
    });
    await client.chat.completions.create({ model: '', messages: [{ role: 'user', content: 'Hi' }] });
    if (at === 'endpoint') await client.responses.create({ model: 'gpt-4.1', input: 'Hi' });
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { model: string }).model)).toEqual(
      lines.map(() => 'gpt-4.1'),
    );
    expect(lines).toHaveLength(at === 'endpoint' ? 2 : 1);
    expect(lines.join()).not.toContain(KEY);
  });

  test('a request that is under way begins no branch of its own conversation: somebody else asks', async () => {
    const mock = await openMock({ timing: { ttft: '80', tpot: '1', tokens: '8' } });
    const { recording, file } = await record(mock, { keepsContent: true });
    const client = new OpenAI({ apiKey: KEY, baseURL: recording.url, maxRetries: 0 });
    const ask = () =>
      client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'Hello there.' }] });
    await ask();
    await Promise.all([ask(), ask()]);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    const sessions = lines.map((line) => (JSON.parse(line) as { session: string }).session);
    expect(new Set(sessions).size).toBe(2);
  });

  test('what the server alone knows, and what is no conversation, is in none and told by its kind', async () => {
    const mock = await openMock();
    const { recording, file } = await record(mock, { keepsContent: true });
    const client = new OpenAI({ apiKey: KEY, baseURL: recording.url, maxRetries: 0 });
    await client.responses.create({ model: 'm', input: 'Hi' });
    const beside = new OpenAI({ apiKey: KEY, baseURL: mock.url, maxRetries: 0 });
    const { id } = await beside.responses.create({ model: 'm', input: 'Hi' });
    await client.responses.create({ model: 'm', input: 'And?', previous_response_id: id });
    await client.embeddings.create({ model: 'e', input: ['a', 'b'] });
    await client.embeddings.create({ model: 'e', input: 'c' });
    await client.completions.create({ model: 'm', prompt: 'Once' });
    await client.models.list();
    const { othersByKind, ...figures } = recording.figures();
    expect(figures).toMatchObject({ sessions: 1, turns: 1, unfollowed: 1, others: 4, failed: 0 });
    expect(Object.fromEntries(othersByKind)).toEqual({ embeddings: 2, completions: 1, other: 1 });
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(1);
  });

  test('a conversation that the server keeps is followed by the ids of its answers, streamed or not', async () => {
    const mock = await openMock();
    const { recording, file } = await record(mock, { keepsContent: true });
    const client = new OpenAI({ apiKey: KEY, baseURL: recording.url, maxRetries: 0 });
    const first = await client.responses.create({ model: 'm', input: 'Hi' });
    const stream = client.responses.stream({ model: 'm', input: 'And?', previous_response_id: first.id });
    const second = await stream.finalResponse();
    await client.responses.create({ model: 'm', input: 'So?', previous_response_id: second.id });
    expect(recording.figures()).toMatchObject({ sessions: 1, turns: 3, unfollowed: 0 });
    const text = await readFile(file, 'utf8');
    const { sessions } = parseSessions(text, { fileName: 's', setting: 'LLM_DATASET', answers: 'recorded' });
    const [turns = []] = sessions.map((session) => session.turns);
    expect(turns.map(({ parent, keep }) => [parent, keep])).toEqual([
      [null, null],
      [0, null],
      [1, null],
    ]);
    expect(text).not.toContain('previous_response_id');
  });

  test('a refused request is in no session, and everything else passes as it is', async () => {
    const mock = await openMock({ apiKey: 'right' });
    const { recording, file } = await record(mock, { keepsContent: true });
    const client = new OpenAI({ apiKey: KEY, baseURL: recording.url, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    await expect(client.chat.completions.create({ model: 'm', messages })).rejects.toThrow('401');
    const right = new OpenAI({ apiKey: 'right', baseURL: recording.url, maxRetries: 0 });
    expect((await right.models.list()).data.length).toBeGreaterThan(0);
    expect(recording.figures()).toMatchObject({ turns: 0, failed: 1, others: 1 });
    expect(await readFile(file, 'utf8')).toBe('');
  });
});
