import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { recorded } from '../../../test/support/recorded.ts';
import { attemptOf } from './http-answer.ts';
import { StreamReader } from './stream/stream-reader.ts';
import { mergeTimes, readBodyTimes, readHeaderTimes, type ReportedTimes } from './reported-times.ts';

describe('what a body tells', () => {
  test.each<[string, Record<string, unknown>, ReportedTimes | null]>([
    [
      'llama.cpp',
      { timings: { prompt_ms: 12.5, predicted_ms: 640, predicted_per_token_ms: 10, prompt_n: 7 } },
      { prompt: 12.5, decode: 640, token: 10 },
    ],
    [
      'Groq',
      { usage: { queue_time: 0.25, prompt_time: 0.5, completion_time: 2, total_time: 2.5 } },
      { queue: 250, prompt: 500, decode: 2000 },
    ],
    ['Groq, streamed', { x_groq: { id: 'req_1', usage: { queue_time: 0.25 } } }, { queue: 250 }],
    ['Cerebras', { time_info: { queue_time: 0.001, prompt_time: 0.002 } }, { queue: 1, prompt: 2 }],
    [
      'vLLM',
      {
        metrics: {
          queue_time_ms: 640,
          time_to_first_token_ms: 800,
          generation_time_ms: 5000,
          mean_itl_ms: 20,
        },
      },
      { queue: 640, first_token: 800, decode: 5000, token: 20 },
    ],
    ['SGLang', { meta_info: { queue_time: 0.5, e2e_latency: 3 } }, { queue: 500 }],
    ['digits as text', { usage: { queue_time: '0.5' } }, { queue: 500 }],
    ['no times', { usage: { prompt_tokens: 5 } }, null],
    ['nonsense', { timings: [1], usage: 'x', x_groq: null, metrics: { queue_time_ms: 'None' } }, null],
    ['what is no time', { timings: { prompt_ms: -1, predicted_ms: Number.NaN } }, null],
  ])('%s', (_, body, expected) => {
    expect(readBodyTimes(body)).toEqual(expected);
  });
});

describe('what a head tells', () => {
  test.each<[string, Record<string, string>, ReportedTimes | null]>([
    ['LiteLLM', recorded('litellm/streamed').headers, { proxy: 3.72 }],
    ['LiteLLM that does not know', { 'x-litellm-overhead-duration-ms': 'None' }, null],
    [
      'TGI',
      { 'X-Queue-Time': '3', 'X-Time-Per-Token': '21', 'x-inference-time': '900' },
      { queue: 3, token: 21 },
    ],
    ['Fireworks', { 'fireworks-server-time-to-first-token': '0.25' }, { first_token: 250 }],
    ['anybody', { 'content-type': 'application/json' }, null],
  ])('%s', (_, headers, expected) => {
    expect(readHeaderTimes(headers)).toEqual(expected);
  });
});

test('the later word wins, part by part', () => {
  expect(mergeTimes({ queue: 1, prompt: 2 }, { prompt: 3 })).toEqual({ queue: 1, prompt: 3 });
  expect(mergeTimes(null, { prompt: 3 })).toEqual({ prompt: 3 });
  expect(mergeTimes({ queue: 1 }, null)).toEqual({ queue: 1 });
});

describe('an attempt', () => {
  const answer = { errorCode: 0, errorText: '', wantsText: false, ttfbMs: 1, endMs: 2, nowMs: 0 };

  test("LiteLLM's blocking answer", () => {
    const { status, headers, body } = recorded('litellm/blocking');
    const { attempt } = attemptOf({ ...answer, status, headers, bodyText: body, stream: false });
    expect(attempt.reported).toEqual({ proxy: 156.19 });
  });

  test.each([true, false])("llama.cpp's stream, every event parsed: %s", (parseAll) => {
    const file = path.join(
      import.meta.dirname,
      '../../../test/fixtures/streams/recordings/stream_chat_usage.sse',
    );
    const reader = new StreamReader({ parseAll });
    reader.feed(readFileSync(file, 'utf8'), 5);
    expect(reader.end('clean').reported).toEqual({
      prompt: 0.465,
      decode: 5.468,
      token: 0.23773913043478262,
    });
  });

  test('a refusal tells nothing', () => {
    const { status, headers, body } = recorded('litellm/wrong-key');
    expect(
      attemptOf({ ...answer, status, headers, bodyText: body, stream: false }).attempt.reported,
    ).toBeNull();
  });
});
