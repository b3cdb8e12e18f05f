import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { exhaustively, inputs, STRIDE } from '../../../../test/support/exhaustively.ts';
import { createRandom } from '../../numbers/random.ts';
import { StreamReader, type StreamOptions } from './stream-reader.ts';
import type { StreamResult } from './stream-result.ts';
import type { StreamClose } from './stream-ending.ts';
import { type RequestFigures, figuresOf } from '../../figures/request-figures.ts';

const FIXTURES = path.join(import.meta.dirname, '../../../../test/fixtures/streams');

type Expected = Partial<Record<string, unknown>> & { outcome: string };
type Timeline = { name: string; reads: [number, string][]; close: StreamClose; expected: Expected };
type Handed = { name: string; events: { name?: string; data?: string }[]; expected: Expected };

const TIMELINES = [...readJson<Timeline[]>('timelines.json'), ...readJson<Timeline[]>('timelines-2.json')];
const HANDED_OVER = readJson<Handed[]>('handed-over.json');
const RECORDINGS = readdirSync(path.join(FIXTURES, 'recordings')).map((file) => ({
  file,
  bytes: readFileSync(path.join(FIXTURES, 'recordings', file)),
}));

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(path.join(FIXTURES, file), 'utf8')) as T;
}

const binary = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const decode = (raw: string): string => Buffer.from(raw, 'latin1').toString('utf8');

function read(
  reads: readonly (readonly [number, string])[],
  close: StreamClose,
  options: StreamOptions = { keepText: true },
): StreamResult {
  const reader = new StreamReader(options);
  for (const [atMs, text] of reads) reader.feed(text, atMs);
  return reader.end(close);
}

/** What both a stream fed whole and one fed in pieces must agree on. */
function essence(result: StreamResult) {
  const {
    outcome,
    usage,
    chunks,
    finishReason,
    answer,
    reasoning,
    toolCalls,
    done,
    ttftMs,
    ttfoMs,
    lastOutputMs,
  } = result;
  return {
    outcome,
    usage,
    chunks,
    finishReason,
    answer,
    reasoning,
    toolCalls,
    done,
    ttftMs,
    ttfoMs,
    lastOutputMs,
  };
}

/** What the recorder makes of it. */
function figures(result: StreamResult): RequestFigures {
  return figuresOf({
    ...result,
    status: 200,
    ttfbMs: null,
    endMs: 10_000,
    retryAfterMs: null,
    connectMs: null,
    hopMs: null,
    rateLimitRemaining: [],
  });
}

function outcomeOf({ outcome }: StreamResult): string {
  if (outcome.kind === 'ok') return 'ok';
  return ['content_filter', 'truncated', 'empty'].includes(outcome.error) ? outcome.error : 'error';
}

describe('a stream', () => {
  test.each(TIMELINES)('$name', ({ reads, close, expected }) => {
    const result = read(reads, close);
    const seen: Record<string, unknown> = {
      outcome: outcomeOf(result),
      first_output_ms: result.ttftMs,
      last_output_ms: result.lastOutputMs,
      output_tokens: result.usage.outputTokens,
      prompt_tokens: result.usage.inputTokens,
      answer: result.answer,
      reasoning: result.reasoning,
      finish_reason: result.finishReason,
      output_chunks: result.chunks,
      done: result.done,
      error_code: result.errorCode,
      tool_calls: result.toolCalls.length,
      tools: result.toolCalls.map(({ name, arguments: given }) => ({ name, arguments: given })),
      warnings: result.warnings.length,
      warning_kinds: result.warnings.map(({ kind }) => kind),
      kind: result.outcome.kind === 'failed' ? result.outcome.error : null,
      retryable: result.outcome.kind === 'failed' && result.outcome.retryable,
      answered_model: result.answeredModel,
      reasoning_tokens: result.usage.reasoningTokens,
      rates: result.rates.map(({ name }) => name),
      tokens_per_sec: figures(result).tokensPerSec,
      partial_output: result.outcome.kind === 'failed' && result.outcome.partialOutput,
    };
    for (const [name, value] of Object.entries(expected)) {
      if (name === 'tpot_ms') {
        if (value === null) expect(figures(result).tpotMs).toBeNull();
        else expect(figures(result).tpotMs).toBeCloseTo(Number(value), 3);
      } else if (name === 'figures') {
        expect(Object.values(figures(result)).filter((figure) => figure !== null)).toEqual([]);
      } else if (name === 'message_names') {
        for (const words of value as string[]) expect(JSON.stringify(result.outcome)).toContain(words);
      } else if (name in seen) expect(seen[name], name).toEqual(value);
    }
  });

  test('counts a tool call as the answer that TTFO waits for, and reasoning not', () => {
    const ttfo = (name: string): number | null => {
      const { reads, close } = TIMELINES.find((timeline) => timeline.name.startsWith(name))!;
      return read(reads, close).ttfoMs;
    };
    expect(ttfo('A05')).toBe(200);
    expect(ttfo('A03')).toBe(900);
  });

  test.each(HANDED_OVER)('handed over by xk6-sse: $name', ({ events, expected }) => {
    const reader = new StreamReader({ keepText: true });
    for (const [index, { name, data }] of events.entries()) reader.event(name ?? '', data ?? '', index + 1);
    const result = reader.end('clean');
    expect(outcomeOf(result)).toBe(expected.outcome);
    if (expected['answer'] !== undefined) expect(result.answer).toBe(expected['answer']);
    if (expected['error_code'] !== undefined) expect(result.errorCode).toBe(expected['error_code']);
  });

  exhaustively.each(TIMELINES)(
    '$name reads the same byte by byte, as text and as bytes',
    ({ reads, close }) => {
      const whole = essence(read(reads, close));
      const bytewise = reads.flatMap(([atMs, text]) =>
        [...binary(text)].map((byte) => [atMs, byte] as const),
      );
      expect(essence(read(bytewise, close, { keepText: true, decode }))).toEqual(whole);
      const charwise = reads.flatMap(([atMs, text]) => [...text].map((char) => [atMs, char] as const));
      expect(essence(read(charwise, close))).toEqual(whole);
    },
  );
});

/** Where an end mark is complete: from there on a clean end is ok, whatever is missing. */
function isAfterEndMark(text: string): boolean {
  return /"finish_reason": ?"(stop|length|tool_calls|eos_token)"[^\n]*\}\s*\n|\[?DONE\]?\s*\n|message_stop[^\n]*\}\s*\n|"status":"completed"[^\n]*\}\s*\n/.test(
    text,
  );
}

describe('a stream cut anywhere', () => {
  const finished = TIMELINES.filter(
    ({ expected, reads, close }) => expected.outcome === 'ok' && close === 'clean' && reads.length > 1,
  );

  exhaustively.each(finished)(
    '$name is never ok before its end mark, and keeps its output after it',
    ({ reads }) => {
      const text = reads.map(([, part]) => part).join('');
      for (let cut = 0; cut <= text.length; cut += STRIDE) {
        const head = text.slice(0, cut);
        for (const close of ['clean', 'reset'] as const) {
          const result = read([[1, head]], close);
          if (!isAfterEndMark(`${head}\n`))
            expect(result.outcome.kind, `${close} at ${cut}: ${head.slice(-60)}`).toBe('failed');
          else if (close === 'clean' && isAfterEndMark(head) && result.chunks > 0)
            expect(result.outcome.kind, `at ${cut}`).toBe('ok');
        }
      }
    },
  );

  exhaustively.each(RECORDINGS)('$file never throws, and is ok only after an end mark', ({ bytes }) => {
    const text = bytes.toString('latin1');
    const step = Math.max(1, Math.floor(text.length / inputs(400)));
    for (let cut = 0; cut < text.length; cut += step) {
      const head = text.slice(0, cut);
      const result = read([[1, head]], 'reset', { keepText: true, decode });
      if (result.outcome.kind === 'ok')
        expect(isAfterEndMark(`${head}\n`) || head.startsWith('{'), `at ${cut}`).toBe(true);
    }
  });
});

describe('the quick way over plain deltas', () => {
  const settings: StreamOptions = { decode, keepGaps: true, keepText: true };

  function compare(reads: readonly (readonly [number, string])[], close: StreamClose): void {
    const quick = read(reads, close, settings);
    const full = read(reads, close, { ...settings, parseAll: true });
    expect(quick).toEqual(full);
    expect(choiceEvents(reads, settings)).toBe(choiceEvents(reads, { ...settings, parseAll: true }));
  }

  function choiceEvents(reads: readonly (readonly [number, string])[], options: StreamOptions): number {
    const reader = new StreamReader(options);
    for (const [atMs, text] of reads) reader.feed(text, atMs);
    return reader.choiceEvents;
  }

  test('counts events with choices, content or none, and no others', () => {
    // Role, two texts, finish; usage and [DONE] have none.
    const usage = TIMELINES.find(({ name }) => name === 'A01 usage_only_tail');
    const anthropic = TIMELINES.find(({ name }) => name === 'N24 anthropic_server_tools');
    expect(choiceEvents(usage?.reads ?? [], settings)).toBe(4);
    expect(choiceEvents(anthropic?.reads ?? [], settings)).toBe(0);
  });

  test.each(TIMELINES)('gives what parsing every event gives: $name', ({ reads, close }) => {
    compare(
      reads.map(([atMs, text]) => [atMs, binary(text)]),
      close,
    );
  });

  exhaustively.each(RECORDINGS)('gives what parsing every event gives: $file', ({ bytes }) => {
    const text = bytes.toString('latin1');
    compare(
      [...text].map((byte, index) => [index, byte]),
      'clean',
    );
    compare([[5, text]], 'clean');
  });

  test.each([
    ['llama.cpp', '"choices":[{"delta":{"content":"TEXT"},"index":0,"finish_reason":null}],"id":"c"'],
    ['with blanks', '"id": "c", "choices": [{"index": 0, "delta": {"content": "TEXT"}, "logprobs": null}]'],
    ['padded', '"choices":[{"index":0,"delta":{"content":"TEXT"}}],"usage":null,"obfuscation":"PAD"'],
    ['reasoning', '"choices":[{"index":0,"delta":{"reasoning_content":"TEXT","content":null}}]'],
    ['Anthropic', '"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"TEXT"}'],
    ['Responses', '"type":"response.output_text.delta","delta":"TEXT"'],
  ])('is taken: %s', (_, body) => {
    let decoded = 0;
    const reader = new StreamReader({ decode: (raw) => (decoded++, raw) });
    for (let index = 0; index < 100; index++) {
      const event = body.replace('TEXT', `t${index}`).replace('PAD', 'x'.repeat(index % 7));
      reader.feed(`data: {${event}}\n\n`, index);
    }
    expect(reader.end('clean')).toMatchObject({ chunks: 100, ttftMs: 0, lastOutputMs: 99 });
    // The second text tells that the stream does not repeat itself; no other is looked at.
    expect(decoded).toBeLessThanOrEqual(2);
  });

  exhaustively('gives what parsing every event gives, for streams of every odd kind', () => {
    const random = createRandom('streams');
    for (let round = 0; round < inputs(400); round++) {
      const events = Array.from({ length: 3 + Math.floor(random.next() * 12) }, () => oddEvent(random.next));
      const text = binary(`${events.join('')}${random.next() < 0.7 ? 'data: [DONE]\n\n' : ''}`);
      const reads: [number, string][] = [];
      for (let at = 0; at < text.length;) {
        const end = at + 1 + Math.floor(random.next() * 90);
        reads.push([at, text.slice(at, end)]);
        at = end;
      }
      compare(reads, random.next() < 0.5 ? 'clean' : 'reset');
    }
  });

  exhaustively('gives so of events handed over one by one whose text nobody wants', () => {
    const plain = (spelled: string): string =>
      `{"id":"c","choices":[{"index":0,"delta":{"content":"${spelled}"},"finish_reason":null}]}`;
    const [head = '', middle = ''] = plain('TEXT').split('TEXT');
    const spelled = ['nice', ' you', 'a\\n', '\\"so\\"', 'é 🙂'];
    const odd = ['', '\\', '\\\\', '\\u00', 'x"', '\u0001', `a${middle}${head}b`, `a${middle}`, '\\"}'].map(
      (text) => [plain(text)],
    );
    // As long as the others, and different before the text or behind it.
    const otherChoice = plain('x').replace('"index":0', '"index":7');
    const broken = plain('x').replace('null', 'nil!');
    const cutElsewhere = [`${plain('a')}${head}`, `b${middle}`];
    const end = plain('.').replace('null', '"stop"');
    const handOver = (events: readonly string[], parseAll: boolean, name: string): object => {
      const reader = new StreamReader({ keepGaps: true, parseAll });
      for (const [at, data] of events.entries()) reader.event(at === 40 ? name : '', data, at * at);
      const { choiceEvents, chunks } = reader;
      return { ...reader.end('clean'), choiceEvents, chunks };
    };
    const usual = Array.from({ length: 80 }, (_, at) => plain(spelled[at % spelled.length] ?? ''));
    for (const events of [
      ...odd,
      [otherChoice],
      [broken],
      cutElsewhere,
      [end],
      ['[DONE]'],
      [`${head}cut`],
      [''],
    ]) {
      for (let at = 0; at <= usual.length; at += STRIDE) {
        const all = [...usual.slice(0, at), ...events, ...usual.slice(at), end, '[DONE]'];
        for (const name of ['', 'message', '\r', 'error'].slice(0, at === 0 ? 4 : 1)) {
          const told = `${JSON.stringify(events)} at ${at}, ${JSON.stringify(name)}`;
          expect(handOver(all, false, name), told).toEqual(handOver(all, true, name));
        }
      }
    }
  });
});

/** One event: mostly plain deltas, among everything that looks like one and is not. */
function oddEvent(next: () => number): string {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!;
  const content = pick([
    'Hi',
    ' you',
    '',
    ' "quoted" \\ ',
    'é 🙂',
    '"usage":{',
    '"finish_reason":"stop"',
    '"error":',
    '\n\n',
    '"content":"x"',
  ]);
  const index = pick([0, 0, 0, 0, 1]);
  const choice = pick<unknown>([
    { index, delta: { content }, finish_reason: null },
    { index, delta: { content }, finish_reason: null },
    { delta: { content }, index },
    { index, delta: { reasoning_content: content }, finish_reason: null },
    { index, delta: { role: 'assistant', content: null } },
    { index, delta: { content, tool_calls: [{ index: 0, function: { name: '', arguments: content } }] } },
    { index, delta: {}, finish_reason: pick(['stop', 'length', null]) },
    { index, delta: { content }, finish_reason: 'stop' },
    { index, delta: { content }, logprobs: { content: [{ token: 'x' }] } },
    { index, text: content, finish_reason: null },
  ]);
  const body = pick<unknown>([
    { id: 'c', choices: [choice] },
    { id: 'c', choices: [choice] },
    { id: 'c', choices: [choice], usage: null },
    { id: 'c', choices: [choice], usage: { prompt_tokens: 3, completion_tokens: 2 } },
    { id: 'c', choices: [], usage: { prompt_tokens: 3, completion_tokens: 5 } },
    { id: 'c', choices: [choice], error: null },
    { id: 'c', choices: [choice], obfuscation: pick(['', 'x', 'Ab3', 'é', '"']) },
    { id: 'c', choices: [choice], obfuscation: pick(['', 'x', 'Ab3', 'é', '\\']) },
    { error: { message: content, code: 500 } },
    { id: 'c', model: content, choices: [choice, choice] },
  ]);
  const eol = pick(['\n', '\n', '\r\n', '\r']);
  const space = pick([' ', ' ', '']);
  const prefix = pick(['', '', '', `: ping${eol}${eol}`, `event: message${eol}`, `id: 1${eol}`]);
  return `${prefix}data:${space}${JSON.stringify(body)}${eol}${eol}`;
}
