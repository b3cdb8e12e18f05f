import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { AzureOpenAI } from 'openai';
import { describe, expect, test } from 'vitest';
import { openMock } from '../support/mock.ts';

// What the clients of OpenAI and Anthropic for Node make of the mock: they check and join what they read.

const WEATHER = {
  type: 'function',
  function: { name: 'weather', parameters: { type: 'object', properties: { text: { type: 'string' } } } },
} as const;

type Body = Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'stream'>;

const PICTURE = `data:image/png;base64,${'A'.repeat(64)}`;

async function open() {
  const mock = await openMock();
  return { mock, client: new OpenAI({ baseURL: mock.url, apiKey: 'k', maxRetries: 0 }) };
}

const USER = [{ role: 'user', content: 'Name a bird.' }] as const;

describe("OpenAI's client", () => {
  test('chat, with n answers, each of its own', async () => {
    const { mock, client } = await open();
    const answer = await client.chat.completions.create({ model: 'm', messages: [...USER], n: 2 });
    expect(answer.choices.map(({ index, finish_reason }) => [index, finish_reason])).toEqual([
      [0, 'stop'],
      [1, 'stop'],
    ]);
    expect(answer.choices[0]?.message.content).not.toBe(answer.choices[1]?.message.content);
    expect(answer.usage?.completion_tokens).toBe(16);
    expect(mock.truth().totals.outputTokens).toBe(16);
  });

  test('a stream of chat, joined by the client', async () => {
    const { mock, client } = await open();
    const stream = client.chat.completions.stream({
      model: 'm',
      messages: [...USER],
      n: 2,
      stream_options: { include_usage: true },
    });
    const { choices, usage } = await stream.finalChatCompletion();
    expect(choices.map(({ message }) => (message.content ?? '').split(' ').length)).toEqual([8, 8]);
    expect(usage?.completion_tokens).toBe(mock.truth().totals.outputTokens);
  });

  test.each([false, true])('a tool that must be called, streamed: %s', async (streamed) => {
    const { client } = await open();
    const body: Body = { model: 'm', messages: [...USER], tools: [WEATHER], tool_choice: WEATHER };
    const answer = streamed
      ? await client.chat.completions.stream(body).finalChatCompletion()
      : await client.chat.completions.create(body);
    const [choice] = answer.choices;
    const [call] = choice?.message.tool_calls ?? [];
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(call).toMatchObject({ type: 'function', function: { name: 'weather' } });
    const asked: unknown = JSON.parse(call?.type === 'function' ? call.function.arguments : '');
    expect(asked).toHaveProperty('text');
  });

  test.each([false, true])('an answer in JSON of a schema, streamed: %s', async (streamed) => {
    const { client } = await open();
    const schema = {
      type: 'object',
      properties: { bird: { type: 'string' }, legs: { type: 'integer' }, wild: { type: 'boolean' } },
      required: ['bird', 'legs', 'wild'],
    };
    const body: Body = {
      model: 'm',
      messages: [...USER],
      response_format: { type: 'json_schema', json_schema: { name: 'bird', schema } },
    };
    const answer = streamed
      ? await client.chat.completions.stream(body).finalChatCompletion()
      : await client.chat.completions.create(body);
    const parsed: unknown = JSON.parse(answer.choices[0]?.message.content ?? '');
    expect(parsed).toEqual({ bird: expect.any(String), legs: 0, wild: true });
  });

  test.each([false, true])('a function of the time before tools, streamed: %s', async (streamed) => {
    const { client } = await open();
    const { function: weather } = WEATHER;
    const body: Body = {
      model: 'm',
      messages: [...USER],
      functions: [weather],
      function_call: { name: 'weather' },
    };
    const answer = streamed
      ? await client.chat.completions.stream(body).finalChatCompletion()
      : await client.chat.completions.create(body);
    const [choice] = answer.choices;
    expect(choice?.finish_reason).toBe('function_call');
    expect(choice?.message.function_call?.name).toBe('weather');
    expect(JSON.parse(choice?.message.function_call?.arguments ?? '')).toHaveProperty('text');
  });

  test.each<[string | string[] | number[] | number[][], number, number]>([
    ['Once', 1, 2],
    [['Once', 'Twice upon'], 2, 5],
    [[1, 2, 3], 1, 4],
    [[[1, 2, 3], [4]], 2, 5],
  ])('completions of %j, each with n answers', async (prompt, prompts, inputTokens) => {
    const { mock, client } = await open();
    const answer = await client.completions.create({ model: 'm', prompt, n: 2 });
    expect(answer.choices.map(({ index }) => index)).toEqual(
      Array.from({ length: prompts * 2 }, (_, index) => index),
    );
    const told = { prompt_tokens: inputTokens, completion_tokens: prompts * 2 * 8 };
    expect(answer.usage).toMatchObject(told);
    expect(mock.truth().totals.outputTokens).toBe(told.completion_tokens);
  });

  test('one model, by its name', async () => {
    const { client } = await open();
    expect(await client.models.retrieve('gpt-4.1')).toMatchObject({ id: 'gpt-4.1', object: 'model' });
    const slashed = 'meta-llama/Llama 3';
    expect((await client.models.retrieve(slashed)).id).toBe(slashed);
    const strict = await openMock({ strictModels: true });
    const picky = new OpenAI({ baseURL: strict.url, apiKey: 'k', maxRetries: 0 });
    await expect(picky.models.retrieve('nobody')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });

  test('a picture has tokens', async () => {
    const { client } = await open();
    const tokens = async (content: OpenAI.ChatCompletionContentPart[]): Promise<number> => {
      const answer = await client.chat.completions.create({
        model: 'm',
        messages: [{ role: 'user', content }],
      });
      return answer.usage?.prompt_tokens ?? 0;
    };
    const text = { type: 'text', text: 'What is it?' } as const;
    const alone = await tokens([text]);
    expect(await tokens([text, { type: 'image_url', image_url: { url: PICTURE } }])).toBe(alone + 85);
  });

  test('Responses, whole and streamed, with a tool, and their tokens counted before', async () => {
    const { mock, client } = await open();
    const body = { model: 'm', instructions: 'Be brief.', input: 'Name a bird.' };
    const { input_tokens: counted } = await client.responses.inputTokens.count(body);
    const whole = await client.responses.create(body);
    expect(whole.output_text.split(' ')).toHaveLength(8);
    expect(whole.usage?.input_tokens).toBe(counted);
    const streamed = await client.responses.stream(body).finalResponse();
    expect(streamed).toMatchObject({ status: 'completed', usage: { output_tokens: 8 } });
    const tool = { ...WEATHER.function, type: 'function', strict: false } as const;
    const called = await client.responses
      .stream({ ...body, tools: [tool], tool_choice: { type: 'function', name: 'weather' } })
      .finalResponse();
    expect(called.output).toMatchObject([{ type: 'function_call', name: 'weather' }]);
    const cut = await client.responses.create({ ...body, max_output_tokens: 3 });
    expect(cut).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect(mock.truth().kinds['responses']).toMatchObject({ requests: 4, succeeded: 4, outputTokens: 27 });
  });

  test.each([false, true])(
    'Responses that go on from one by its id alone, streamed: %s',
    async (streamed) => {
      const { client } = await open();
      const first = { model: 'm', instructions: 'Be brief.', input: 'Name a bird.' };
      const { id, output_text: said } = streamed
        ? await client.responses.stream(first).finalResponse()
        : await client.responses.create(first);
      const role = 'user' as const;
      const next = { model: 'm', instructions: 'Be long.', input: 'Another.', previous_response_id: id };
      const whole = {
        model: 'm',
        instructions: 'Be long.',
        input: [
          { role, content: 'Name a bird.' },
          { role: 'assistant' as const, content: said },
          { role, content: 'Another.' },
        ],
      };
      const answer = await client.responses.create({ ...next, store: false });
      const { input_tokens: counted } = await client.responses.inputTokens.count(next);
      const sent = await client.responses.create(whole);
      expect([answer.usage?.input_tokens, counted]).toEqual([
        sent.usage?.input_tokens,
        sent.usage?.input_tokens,
      ]);
      for (const unknown of ['resp_of_nobody', answer.id])
        await expect(
          client.responses.create({ ...next, previous_response_id: unknown }),
        ).rejects.toMatchObject({
          status: 400,
          code: 'previous_response_not_found',
          param: 'previous_response_id',
        });
    },
  );

  test('embeddings, whose vectors the client unpacks, and completions', async () => {
    const { mock, client } = await open();
    const { data, usage } = await client.embeddings.create({ model: 'e', input: ['a', 'b'], dimensions: 5 });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([5, 5]);
    const floats = await client.embeddings.create({
      model: 'e',
      input: ['b', 'a'],
      dimensions: 5,
      encoding_format: 'float',
    });
    // The client asks for base64 where it may choose.
    expect(floats.data.map(({ embedding }) => embedding)).toEqual(
      data.map(({ embedding }) => embedding).toReversed(),
    );
    expect(data[0]?.embedding).not.toEqual(data[1]?.embedding);
    expect(usage.prompt_tokens * 2).toBe(mock.truth().kinds['embeddings']?.inputTokens);
    const whole = await client.completions.create({ model: 'm', prompt: 'Once', max_tokens: 4 });
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'length' });
    let text = '';
    const stream = await client.completions.create({
      model: 'm',
      prompt: 'Once',
      max_tokens: 4,
      stream: true,
    });
    for await (const { choices } of stream) text += choices[0]?.text ?? '';
    expect(text.split(' ')).toHaveLength(4);
  });
});

describe("Azure's client", () => {
  test.each([['gpt-4.1'], [undefined]])('a deployment in the path: %s', async (deployment) => {
    const mock = await openMock();
    const client = new AzureOpenAI({
      endpoint: mock.url.replace(/\/v1$/, ''),
      apiKey: 'k',
      apiVersion: '2024-10-21',
      maxRetries: 0,
      ...(deployment === undefined ? {} : { deployment }),
    });
    const model = deployment ?? 'my model';
    const answer = await client.chat.completions.create({ model, messages: [...USER] });
    expect(answer).toMatchObject({ model, choices: [{ finish_reason: 'stop' }] });
    expect((await client.embeddings.create({ model, input: 'a' })).data).toHaveLength(1);
    expect((await client.responses.create({ model, input: 'a' })).status).toBe('completed');
    expect((await client.models.retrieve(model)).id).toBe(model);
    const bare = await fetch(
      mock.url.replace(/v1$/, 'openai/deployments/d%2F1/chat/completions?api-version=1'),
      {
        method: 'POST',
        body: JSON.stringify({ messages: USER }),
      },
    );
    expect(await bare.json()).toMatchObject({ model: 'd/1' });
    expect(mock.truth().totals).toMatchObject({ requests: 4, succeeded: 4 });
  });
});

describe("Anthropic's client", () => {
  async function openAnthropic() {
    const mock = await openMock();
    // Its paths begin with /v1 themselves.
    return {
      mock,
      client: new Anthropic({ baseURL: mock.url.replace(/\/v1$/, ''), apiKey: 'k', maxRetries: 0 }),
    };
  }
  const ASKED = { model: 'm', max_tokens: 20, messages: [...USER], system: 'Be brief.' };

  test('messages, whole and streamed, and their tokens counted before', async () => {
    const { mock, client } = await openAnthropic();
    const { max_tokens: _limit, ...counted } = ASKED;
    const { input_tokens: tokens } = await client.messages.countTokens(counted);
    const whole = await client.messages.create(ASKED);
    expect(whole).toMatchObject({
      stop_reason: 'end_turn',
      usage: { input_tokens: tokens, output_tokens: 8 },
    });
    const streamed = await client.messages.stream(ASKED).finalMessage();
    expect(streamed).toMatchObject({
      stop_reason: 'end_turn',
      usage: { input_tokens: tokens, output_tokens: 8 },
    });
    const [block] = streamed.content;
    expect(block?.type === 'text' ? block.text.split(' ') : []).toHaveLength(8);
    expect(mock.truth().kinds['messages']).toMatchObject({ requests: 2, outputTokens: 16 });
  });

  test.each([false, true])('a tool that must be called, streamed: %s', async (isStreamed) => {
    const { client } = await openAnthropic();
    const body = {
      ...ASKED,
      tools: [{ name: 'weather', input_schema: { type: 'object' as const } }],
      tool_choice: { type: 'tool' as const, name: 'weather' },
    };
    const answer = isStreamed
      ? await client.messages.stream(body).finalMessage()
      : await client.messages.create(body);
    expect(answer.stop_reason).toBe('tool_use');
    expect(answer.content).toMatchObject([
      { type: 'tool_use', name: 'weather', input: { text: expect.any(String) } },
    ]);
  });

  test('a picture has tokens', async () => {
    const { client } = await openAnthropic();
    const tokens = async (pictures: number): Promise<number> => {
      const picture = {
        type: 'image' as const,
        source: { type: 'base64' as const, media_type: 'image/png' as const, data: 'AAAA' },
      };
      const content = [
        { type: 'text' as const, text: 'What is it?' },
        ...Array.from({ length: pictures }, () => picture),
      ];
      const { usage } = await client.messages.create({ ...ASKED, messages: [{ role: 'user', content }] });
      return usage.input_tokens;
    };
    expect((await tokens(2)) - (await tokens(0))).toBe(170);
  });
});
