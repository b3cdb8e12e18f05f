import { describe, expect, test } from 'vitest';
import { STREAM, chat, openMock } from '../../../../test/support/mock.ts';
import { eventsOf } from '../../../../test/support/raw-http.ts';

type Chunk = {
  choices: { delta: Record<string, string>; finish_reason: string | null }[];
  usage?: Record<string, unknown>;
};

function chunksOf(body: string): Chunk[] {
  return eventsOf(body).filter((event): event is Chunk => typeof event === 'object' && event !== null);
}

function textOf(chunks: readonly Chunk[], field = 'content'): string {
  return chunks.map(({ choices }) => choices[0]?.delta[field] ?? '').join('');
}

const USAGE = {
  prompt_tokens: 10,
  completion_tokens: 8,
  total_tokens: 18,
  prompt_tokens_details: { cached_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
};

describe('OpenAI: a stream', () => {
  test('has its role, a token an event, its finish, its usage if asked for, its end mark', async () => {
    const mock = await openMock();
    const answer = await chat(mock, { fields: STREAM });
    const chunks = chunksOf(answer.body);
    expect(answer.headers['content-type']).toMatch(/^text\/event-stream/);
    expect(chunks).toHaveLength(1 + 8 + 1 + 1);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
    expect(chunks.slice(1, 9).every(({ choices }) => choices[0]?.delta['content'] !== '')).toBe(true);
    expect(chunks[9]?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(chunks[10]).toMatchObject({ choices: [], usage: USAGE });
    expect(eventsOf(answer.body).at(-1)).toBe('[DONE]');
    expect(answer).toMatchObject({ whole: true, end: 'fin' });
    const without = chunksOf((await chat(mock, { fields: { stream: true } })).body);
    expect(without.some((chunk) => 'usage' in chunk)).toBe(false);
    expect(mock.truth().totals).toMatchObject({ succeeded: 2, inputTokens: 10, outputTokens: 8 });
  });

  test('says what the blocking answer to the same request says', async () => {
    const [streamed, blocking] = [await openMock(), await openMock()];
    const text = '[mark:abc-1] Name a bird.';
    const stream = await chat(streamed, { text, fields: STREAM });
    const whole = JSON.parse((await chat(blocking, { text })).body);
    expect(textOf(chunksOf(stream.body))).toBe(whole.choices[0].message.content);
    expect(whole.choices[0].message.content).toMatch(/^\[mark:abc-1\] \w+( \w+){6}$/);
    expect(whole).toMatchObject({ model: 'm', choices: [{ finish_reason: 'stop' }] });
    expect(whole.usage).toEqual({ ...USAGE, prompt_tokens: 14, total_tokens: 22 });
  });
});

describe('the length of an answer', () => {
  test.each([
    [{ max_tokens: 3 }, 3, 'length'],
    [{ max_completion_tokens: 3, max_tokens: 5 }, 3, 'length'],
    [{ max_tokens: 8 }, 8, 'stop'],
    [{ min_tokens: 20 }, 20, 'stop'],
    [{ min_tokens: 20, max_tokens: 12 }, 12, 'length'],
    [{ ignore_eos: true, max_tokens: 40 }, 40, 'length'],
    [{ ignore_eos: true }, 8, 'stop'],
  ])('with %j is %i, finish %s', async (fields, tokens, finish) => {
    const mock = await openMock();
    const { usage, choices } = JSON.parse((await chat(mock, { fields })).body);
    expect([usage.completion_tokens, choices[0].finish_reason]).toEqual([tokens, finish]);
    const [record] = mock.truth().requestRecords ?? [];
    expect(record).toMatchObject({ plannedOutputTokens: tokens, tokensWritten: tokens });
  });
});

test('a forced tool is called, with arguments that are JSON, streamed or not', async () => {
  const mock = await openMock();
  const tools = { tools: [{ type: 'function', function: { name: 'weather' } }], tool_choice: 'required' };
  const { message, finish_reason } = JSON.parse((await chat(mock, { fields: tools })).body).choices[0];
  expect(finish_reason).toBe('tool_calls');
  expect(message.tool_calls[0].function.name).toBe('weather');
  const text = JSON.parse(message.tool_calls[0].function.arguments).text;
  const stream = await chat(mock, { fields: { ...tools, ...STREAM } });
  const calls = chunksOf(stream.body).flatMap(({ choices }) => Object(choices[0]?.delta)['tool_calls'] ?? []);
  const streamed = calls.map((call: { function: { arguments: string } }) => call.function.arguments).join('');
  expect(JSON.parse(streamed).text.split(' ')).toHaveLength(text.split(' ').length);
  const short = await chat(mock, { fields: { ...tools, max_tokens: 1 } });
  expect(JSON.parse(short.body).choices[0].message.tool_calls[0].function.arguments).toBe('{}');
});

describe('Anthropic', () => {
  const path = '/v1/messages';

  test('a stream has its events in order, and its usage at both ends', async () => {
    const mock = await openMock();
    const answer = await chat(mock, { path, fields: { stream: true, max_tokens: 4 } });
    const types = [...answer.body.matchAll(/^event: (.*)$/gm)].map((match) => match[1]);
    expect(types).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      ...Array.from({ length: 4 }, () => 'content_block_delta'),
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    const events = eventsOf(answer.body);
    expect(events[0]).toMatchObject({ message: { usage: { input_tokens: 10, output_tokens: 1 } } });
    expect(events.at(-2)).toMatchObject({
      delta: { stop_reason: 'max_tokens' },
      usage: { output_tokens: 4 },
    });
    expect(mock.truth().totals).toMatchObject({ inputTokens: 10, outputTokens: 4, succeeded: 1 });
  });

  test('a stream that is cut has told the input, and one token', async () => {
    const mock = await openMock();
    await chat(mock, { path, fields: { stream: true }, fault: 'cut' });
    expect(mock.truth().totals).toMatchObject({ inputTokens: 10, outputTokens: 1, failed: 1 });
  });

  test('thinking comes in a block of its own', async () => {
    const mock = await openMock();
    const fields = { thinking: { type: 'enabled' } };
    const { content, usage } = JSON.parse((await chat(mock, { path, fields })).body);
    expect(content.map(({ type }: { type: string }) => type)).toEqual(['thinking', 'text']);
    expect(usage).toMatchObject({ input_tokens: 10, output_tokens: 8, cache_read_input_tokens: 0 });
    const stream = await chat(mock, { path, fields: { ...fields, stream: true } });
    expect(stream.body.match(/thinking_delta/g)).toHaveLength(4);
    expect(stream.body.match(/content_block_stop"/g)).toHaveLength(2);
  });

  test('an error has its own form', async () => {
    const mock = await openMock({ apiKey: 'k' });
    const answer = await chat(mock, { path });
    expect(JSON.parse(answer.body)).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
  });
});

describe('the seed', () => {
  const timing = { ttft: 'normal:5:2', tpot: 'uniform:0:1', tokens: 'uniform:2:9' };
  const plans = async (seed: number, order: readonly string[]) => {
    const mock = await openMock({ seed, timing });
    for (const model of order) await chat(mock, { fields: { model } });
    return (mock.truth().requestRecords ?? [])
      .map(({ model, plannedTtftMs, plannedTpotMs, plannedOutputTokens }) =>
        [model, plannedTtftMs, plannedTpotMs, plannedOutputTokens].join(' '),
      )
      .toSorted();
  };

  test('settles each plan by model and turn, however the models mix', async () => {
    const first = await plans(1, ['a', 'a', 'b', 'b', 'a']);
    expect(await plans(1, ['b', 'a', 'b', 'a', 'a'])).toEqual(first);
    expect(await plans(2, ['a', 'a', 'b', 'b', 'a'])).not.toEqual(first);
    expect(new Set(first).size).toBe(5);
  });
});
