import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { folderOfTests } from '../../../test/support/temporary-folder.ts';
import { PROJECT_ROOT } from '../project-root.ts';
import { explain } from './explain.ts';
import { readRecording } from './read-recording.ts';
import { renderExplanation } from './render-explanation.ts';

const RECORDINGS = path.join(PROJECT_ROOT, 'test/fixtures/streams/recordings');
const folder = folderOfTests('explain');

function file(name: string, content: string | Buffer): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

/** Outcome, kind, tokens in, of them cached, tokens out, finish reason, content events. Read off the recordings by hand. */
const EXPECTED: Record<
  string,
  [string, string | null, number | null, number | null, number | null, string | null, number]
> = {
  'bad_json.sse': ['error', 'server', null, null, null, null, 0],
  'bad_model.sse': ['ok', null, null, null, null, 'length', 2],
  'bad_toolong.sse': ['error', 'bad_request', null, null, null, null, 0],
  'blocking_chat.sse': ['ok', null, 25, 24, 24, 'length', 0],
  'blocking_chat_n2.sse': ['ok', null, 25, 24, null, 'length', 0],
  'lcp_interrupted_0.sse': ['ok', null, null, null, null, null, 298],
  'lcp_stream_chat_usage.sse': ['ok', null, null, null, null, 'length', 12],
  'stream_anthropic.sse': ['ok', null, 25, 4, 6, 'max_tokens', 6],
  'stream_chat_eos.sse': ['ok', null, 25, 24, 174, 'stop', 173],
  'stream_chat_logprobs.sse': ['ok', null, 25, 24, 4, 'length', 4],
  'stream_chat_max1.sse': ['ok', null, 25, 24, 1, 'length', 1],
  'stream_chat_nousage.sse': ['ok', null, null, null, null, 'length', 8],
  'stream_chat_progress_timings.sse': ['ok', null, 25, 24, 4, 'length', 4],
  'stream_chat_stopword.sse': ['ok', null, 25, 24, 2, 'stop', 2],
  'stream_chat_usage.sse': ['ok', null, 25, 24, 24, 'length', 24],
  'stream_completions.sse': ['ok', null, 8, 1, 6, 'length', 6],
  'stream_reasoning.sse': ['ok', null, 12, 2, 23, 'stop', 12],
  'stream_responses.sse': ['ok', null, 17, 0, 6, 'completed', 6],
};

describe('explaining a recording of a real server', () => {
  test.each(readdirSync(RECORDINGS))('%s', async (name) => {
    const told = explain(await readRecording(path.join(RECORDINGS, name)));
    const { outcome, errorKind, inputTokens, cachedInputTokens, outputTokens, finishReason, chunks } = told;
    expect([outcome, errorKind, inputTokens, cachedInputTokens, outputTokens, finishReason, chunks]).toEqual(
      EXPECTED[name],
    );
    expect([told.ttftMs, told.ttfoMs, told.lastOutputMs, told.tpotMs]).toEqual([null, null, null, null]);
    for (const line of renderExplanation(told).split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test('an interrupted stream that still sent [DONE] is truncated when its end is known', async () => {
    const hex = readFileSync(path.join(RECORDINGS, 'lcp_interrupted_0.sse')).toString('hex');
    const told = explain(await readRecording(file('cut.jsonl', `[3,{"hex":"${hex}"}]\n{"close":"reset"}\n`)));
    expect(told).toMatchObject({
      outcome: 'truncated',
      errorKind: 'truncated',
      chunks: 298,
      partialOutput: true,
    });
  });
});

const EVENT = 'data: {"choices":[{"index":0,"delta":{"content":"Hé"},"finish_reason":null}]}\n\n';
const END = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

describe('a timeline', () => {
  test('tells when each event counted, characters cut between reads included', async () => {
    const bytes = Buffer.from(EVENT);
    const cut = bytes.indexOf(0xc3) + 1;
    const lines = [
      [10, { hex: bytes.subarray(0, cut).toString('hex') }],
      [25, { hex: bytes.subarray(cut).toString('hex') }],
      [40, EVENT],
      [50, END],
    ].map((read) => JSON.stringify(read));
    const told = explain(await readRecording(file('t.jsonl', `${lines.join('\n')}\n{"close":"clean"}\n`)));
    expect(told).toMatchObject({
      outcome: 'ok',
      ttftMs: 25,
      lastOutputMs: 40,
      answer: 'HéHé',
      chunks: 2,
      done: true,
    });
    expect(told.events.map(({ atMs, counted }) => [atMs, counted])).toEqual([
      [25, true],
      [40, true],
      [50, false],
      [50, false],
    ]);
  });

  test.each([
    ['an empty file', ''],
    ['no last line', '[1,"data: x\\n\\n"]\n'],
    ['a half-written line', '[1,"data: x\\n\\n"]\n[2,"da'],
    ['a time that goes back', '[5,"a"]\n[4,"b"]\n{"close":"clean"}'],
    ['odd hex', '[5,{"hex":"0"}]\n{"close":"clean"}'],
    ['a line after the end', '[5,"a"]\n{"close":"clean"}\n[6,"b"]'],
    ['another end', '[5,"a"]\n{"close":"maybe"}'],
  ])('with %s is refused in words', async (name, text) => {
    await expect(readRecording(file(`${name}.jsonl`, text))).rejects.toThrow(/expected|half-written/);
  });

  test('that is not there is refused', async () => {
    await expect(readRecording(path.join(folder, 'none'))).rejects.toThrow(/cannot be read/);
  });
});

test('the table says event by event what came and what it counted as', async () => {
  const line = (fields: unknown, finish: string | null = null) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: fields, finish_reason: finish }] })}\n\n`;
  const reads = [
    [20, ': ping\n\n'],
    [40, line({ role: 'assistant', content: '' })],
    [90, line({ reasoning_content: 'Hm' })],
    [120, line({ content: 'Yes' })],
    [140, line({ content: '!' })],
    [141, line({}, 'stop')],
    [142, 'data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4}}\n\ndata: : ping\n\n'],
    [143, `data: [DONE]\n\n${line({ content: 'ghost' })}`],
  ];
  const text = `${reads.map((read) => JSON.stringify(read)).join('\n')}\n{"close":"clean"}`;
  const told = explain(await readRecording(file('table.jsonl', text)));
  const rows = renderExplanation(told).split('\n').slice(2, 12);
  expect(rows.map((row) => row.trim().replace(/ {2,}/g, ' | '))).toEqual([
    '1 | 40.0 | nothing | no text',
    '2 | 90.0 | reasoning: TTFT | reasoning "Hm"',
    '3 | 120 | output: TTFO | "Yes"',
    '4 | 140 | output: last | "!"',
    '5 | 141 | end mark | finish reason stop',
    '6 | 142 | usage | tokens 9 in, 4 out',
    '7 | 142 | not JSON | : ping',
    '8 | 143 | end mark | [DONE]',
    '9 | 143 | after [DONE] | "ghost"',
    '',
  ]);
});

test('everything at once after a long wait was held back by a proxy: no TPOT', async () => {
  const all = `${EVENT.repeat(6)}${END}`;
  const timeline = `${JSON.stringify([900, all])}\n{"close":"clean"}\n`;
  const told = explain(await readRecording(file('held.jsonl', timeline)));
  expect(told).toMatchObject({ outcome: 'ok', chunks: 6, bufferedByProxy: true, tpotMs: null });
  expect(renderExplanation(told)).toContain('held back by a proxy');
  const capture = explain(await readRecording(file('held.sse', all)));
  expect(capture).toMatchObject({ outcome: 'ok', chunks: 6, bufferedByProxy: null, ttftMs: null });
});

test('JSON fields come in their documented order', async () => {
  const told = explain(await readRecording(file('one.sse', EVENT + END)));
  expect(Object.keys(told).slice(0, 16)).toEqual([
    'outcome',
    'errorKind',
    'ttftMs',
    'ttfoMs',
    'lastOutputMs',
    'tpotMs',
    'inputTokens',
    'cachedInputTokens',
    'outputTokens',
    'reasoningTokens',
    'finishReason',
    'chunks',
    'answer',
    'reasoning',
    'toolCalls',
    'bufferedByProxy',
  ]);
});

describe('binary data is refused in words', () => {
  const every = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256));
  test.each([
    ['every byte', every],
    ['a compressed capture', gzipSync(EVENT + END)],
    ['UTF-16', Buffer.from(EVENT, 'utf16le')],
  ])('%s', async (name, bytes) => {
    await expect(readRecording(file(name, bytes))).rejects.toThrow(/binary data/);
  });

  test('and bytes that are no UTF-8 are explained', async () => {
    const bytes = Buffer.concat([
      Buffer.from('data: '),
      every.filter((byte) => byte >= 128),
      Buffer.from('\n\n'),
    ]);
    expect(explain(await readRecording(file('latin', bytes)))).toMatchObject({
      outcome: 'truncated',
      chunks: 0,
    });
  });
});

test('a recording without an end is refused', async () => {
  await expect(readRecording('/dev/zero')).rejects.toThrow('/dev/zero: cannot be read (it is a device)');
});
