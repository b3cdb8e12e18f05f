import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../project-root.ts';
import { type Recording, recordingOf } from '../read-recording.ts';
import { scoreStream } from './score-stream.ts';

const STREAMS = path.join(PROJECT_ROOT, 'test/fixtures/streams');

type Timeline = { name: string; reads: [number, string][]; close: 'clean' | 'reset' };

const TIMELINES = ['timelines.json', 'timelines-2.json'].flatMap(
  (file) => JSON.parse(readFileSync(path.join(STREAMS, file), 'utf8')) as Timeline[],
);

/** TTFT, TPOT, latency, tokens; TPOT and tokens in a list of their own where they take the option; or a word. */
type Row =
  | readonly [number | null, number | null, number | null, number | null]
  | readonly [number | null, readonly [number | null, number], number | null]
  | 'failed'
  | 'unread';

type Rows = readonly [ours: Row, vllm: Row, aiperf: Row, guidellm: Row, xk6Llm: Row, inferencePerf: Row];

function recording(name: string): Recording {
  const found = TIMELINES.find((timeline) => timeline.name === name);
  if (found === undefined) {
    const file = path.join(STREAMS, 'recordings', name);
    return recordingOf(readFileSync(file), file);
  }
  const reads = found.reads.map(([atMs, text]) => ({
    atMs,
    bytes: Buffer.from(text, 'utf8').toString('latin1'),
  }));
  return { reads, close: found.close, timed: true };
}

function rowsOf(name: string): unknown[] {
  return scoreStream(recording(name)).map((score) => {
    if (score.outcome.kind !== 'ok') return score.outcome.kind;
    const { ttftMs, tpotMs, latencyMs, outputTokens, withServerTokens: server } = score;
    return server === null
      ? [rounded(ttftMs), rounded(tpotMs), rounded(latencyMs), outputTokens]
      : [rounded(ttftMs), [rounded(server.tpotMs), server.outputTokens], rounded(latencyMs)];
  });
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Number(ms.toFixed(3));
}

/** Worked out by hand from the events; n is the usage's output tokens. */
const BY_HAND: readonly [name: string, Rows][] = [
  [
    // Role first: role 110, text 240 and 280, finish 281, usage 282, [DONE] 283; n = 3.
    'A01 usage_only_tail',
    [
      [240, 20, 280, 3], // (280 - 240) / 2
      [110, 85.5, 281, 3], // role to finish: (281 - 110) / 2
      [240, [20, 3], 280], // (280 - 240) / 2
      [240, 93.333, 283, 3], // 280 / 3
      [240, 21.5, 283, 3], // (283 - 240) / 2
      [240, [20, 3], 283], // (280 - 240) / 2
    ],
  ],
  [
    // One token: text 200, finish 201, usage without choices 202, [DONE] 203; n = 1: n - 1 is 0.
    'A01 tail_without_choices_key',
    [
      [200, null, 200, 1],
      [200, null, 201, 1],
      [200, [null, 1], 200],
      [200, 200, 203, 1], // 200 / 1
      [200, null, 203, 1],
      [null, [null, 1], 203], // one event of text: TTFT from two tokens on
    ],
  ],
  [
    // Azure: no choices 30, role 205, text 215, a choice without delta 230, [DONE] 231; no usage.
    'A01 azure_preamble_then_content_filter',
    [
      'failed', // filtered
      'failed', // it looks for the delta
      [215, null, 215, null],
      [215, 215, 231, 1], // one event for a token: 215 / 1
      [215, null, 231, null],
      [null, null, 231, null],
    ],
  ],
  [
    // Role 40, empty 45, null 46, text 260 and 300, finish 301, usage 302, [DONE] 303; n = 2.
    'A02 role_then_empty',
    [
      [260, 40, 300, 2], // (300 - 260) / 1
      [40, 261, 301, 2], // (301 - 40) / 1
      [260, [40, 2], 300],
      [260, 150, 303, 2], // 300 / 2
      [260, 43, 303, 2], // (303 - 260) / 1
      [260, [40, 2], 303],
    ],
  ],
  [
    // Reasoning first: role 50, reasoning 120 and 180, text 900 and 940, finish 941, [DONE] 943; n = 12, 9 reasoning.
    'A03 reasoning_content_then_content',
    [
      [120, 74.545, 940, 12], // (940 - 120) / 11
      [50, 81, 941, 12], // (941 - 50) / 11
      [120, [74.545, 12], 940], // (940 - 120) / 11
      [120, 78.333, 943, 12], // 940 / 12
      [120, 21.5, 943, 12], // text alone: (943 - 900) / (12 - 9 - 1)
      [900, [3.636, 12], 943], // text alone over all tokens: (940 - 900) / 11
    ],
  ],
  [
    // Tool calls: id alone 60, name 200, arguments 230, 260, 262, finish 270, usage 271, [DONE] 272; n = 18.
    'A05 two_calls_by_index',
    [
      [200, 3.647, 262, 18], // (262 - 200) / 17
      [60, 12.353, 270, 18], // (270 - 60) / 17
      [200, [3.647, 18], 262], // (262 - 200) / 17
      [60, 14.556, 272, 18], // 262 / 18
      [60, 12.471, 272, 18], // (272 - 60) / 17
      [null, [null, 18], 272], // it sees no tools
    ],
  ],
  [
    // Several tokens an event: role 100, text 300, 350, 400, finish 401, usage 402, [DONE] 403; n = 9 of 3 events.
    'A06 three_events_nine_tokens',
    [
      [300, 12.5, 400, 9], // (400 - 300) / 8
      [100, 37.625, 401, 9], // (401 - 100) / 8
      [300, [12.5, 9], 400],
      [300, 44.444, 403, 9], // 400 / 9
      [300, 12.875, 403, 9], // (403 - 300) / 8
      [300, [12.5, 9], 403],
    ],
  ],
  [
    // CR LF, an id and a name before the data: text 80, an event named error 90.
    'A07 wire',
    ['failed', 'failed', 'failed', 'failed', 'failed', [null, null, 90, null]],
  ],
  [
    // `data:` without its blank: role 90, text 100 and 120 (with blanks), usage 122, [DONE] 123, text again 124; n = 2.
    'A08 no_space_and_ghost',
    [
      [100, 20, 120, 2], // (120 - 100) / 1
      'failed', // it knows "data: " alone
      [100, [24, 2], 124], // it reads on: (124 - 100) / 1
      'failed', // it parses "[DONE]" as JSON
      [100, 23, 123, 2], // (123 - 100) / 1
      [120, null, 124, null], // it parses "data: " alone: 120 and 124, and no usage
    ],
  ],
  [
    // Comments 15 and 1015, empty data 1500, text 1900 and 1950, [DONE] 1951; no usage.
    'A09 comments_then_text',
    [
      [1900, null, 1950, null],
      'failed', // a comment that comes alone is glued to what follows
      [1900, null, 1950, null],
      'failed', // empty data is no JSON
      'failed',
      [1900, null, 1951, null],
    ],
  ],
  [
    // Text 100, error 150, [DONE] 151.
    'A10 after_partial_output',
    ['failed', [100, null, 100, null], 'failed', 'failed', 'failed', [null, null, 151, null]],
  ],
  [
    // Text 50, then neither finish nor [DONE].
    'A11 neither_clean_eof',
    [
      'failed',
      [50, null, 50, null],
      [50, null, 50, null],
      [50, 50, 50, 1], // one event for a token: 50 / 1
      [50, null, 50, null],
      [null, null, 50, null],
    ],
  ],
  ['A11 reset_after_output', ['failed', 'failed', 'failed', 'failed', 'failed', 'failed']],
  [
    // No text at all: role 50, finish 60, usage 61, [DONE] 62; n = 5.
    'A11 no_text_but_usage_counts_tokens',
    [
      [null, null, null, 5],
      [50, 2.5, 60, 5], // role to finish: (60 - 50) / 4
      'failed', // no content
      [null, 12.4, 62, 5], // the end in place of a last token: 62 / 5
      [null, null, 62, 5],
      [null, [null, 5], 62],
    ],
  ],
  [
    // A choice with both text and delta: 150, 180, 210 with finish and usage beside, [DONE] 211; n = 3.
    'N07 together_text_and_delta',
    [
      [150, 30, 210, 3], // (210 - 150) / 2
      [150, null, 210, null], // usage beside choices is not read
      [150, [30, 3], 210],
      [150, 70, 211, 3], // 210 / 3
      [150, 30.5, 211, 3], // (211 - 150) / 2
      [150, [30, 3], 211],
    ],
  ],
  [
    // Two objects in one event: text 100, two more in one event 130, finish 160, usage 161, [DONE] 162; n = 3.
    'N14 two_objects_in_one_event',
    [
      [100, 15, 130, 3], // (130 - 100) / 2
      [100, null, 100, null], // the event that is no JSON holds back all that come after
      [100, [0, 3], 100], // passed over: (100 - 100) / 2
      'failed',
      'failed',
      [null, [null, 3], 162], // one event of text is left
    ],
  ],
  [
    // Tools without an index: 250, 290, nothing known 300, 330, finish and usage 340, [DONE] 341; n = 11.
    'N17 gemini_tool_without_index',
    [
      [250, 8, 330, 11], // (330 - 250) / 10
      [250, null, 340, null],
      [250, [8, 11], 330],
      'failed', // it wants the index
      [250, 9.1, 341, 11], // (341 - 250) / 10
      [null, [null, 11], 341],
    ],
  ],
  [
    // CR LF: comment 10, text 500 and 540 with usage beside, [DONE] 541; n = 2.
    'N22 usage_in_last_content_crlf',
    [
      [500, 40, 540, 2], // (540 - 500) / 1
      'failed', // the comment is glued to what follows, and no LF LF ends it
      [500, [40, 2], 540],
      [500, 270, 541, 2], // 540 / 2
      [500, 41, 541, 2], // (541 - 500) / 1
      [null, null, 541, null], // no LF LF: no events
    ],
  ],
  [
    // Each text repeats the ones before: 100, 130, 160, finish 165, usage 166, [DONE] 167; n = 3.
    'N27 cumulative_deltas',
    [
      [100, 30, 160, 3], // (160 - 100) / 2
      [100, 32.5, 165, 3], // (165 - 100) / 2
      [100, [30, 3], 160],
      [100, 53.333, 167, 3], // 160 / 3
      [100, 33.5, 167, 3], // (167 - 100) / 2
      [100, [30, 3], 167],
    ],
  ],
  [
    // Messages: start 50, a server's tool 200, its input 220, text 1750 and 1800, usage 1810, stop 1811; n = 51.
    'N24 anthropic_server_tools',
    [
      [200, 32, 1800, 51], // (1800 - 200) / 50
      'unread',
      [220, [31.6, 51], 1800], // the tool's input opens: (1800 - 220) / 50
      'unread',
      [220, 31.82, 1811, 51], // (1811 - 220) / 50
      'unread',
    ],
  ],
  [
    // Messages: text 310 and 350, usage 360, stop 361; n = 264.
    'N33 anthropic_fallback_model',
    [
      [310, 0.152, 350, 264], // (350 - 310) / 263
      'unread',
      [310, [0.152, 264], 350],
      'unread',
      [310, 0.194, 361, 264], // (361 - 310) / 263
      'unread',
    ],
  ],
  ['N24b anthropic_overloaded_midstream', ['failed', 'unread', 'failed', 'unread', 'failed', 'unread']],
  // Captures have no times: tokens alone.
  [
    // The usage's 24 come alone.
    'stream_chat_usage.sse',
    [
      [null, null, null, 24],
      [null, null, null, 24],
      [null, [null, 24], null],
      [null, null, null, 24],
      [null, null, null, 24],
      [null, [null, 24], null],
    ],
  ],
  [
    // 8 events of text and no usage: GuideLLM alone has a count.
    'stream_chat_nousage.sse',
    [
      [null, null, null, null],
      [null, null, null, null],
      [null, null, null, null],
      [null, null, null, 8],
      [null, null, null, null],
      [null, null, null, null],
    ],
  ],
  [
    // The completions API, its usage of 6 beside the last choice.
    'stream_completions.sse',
    [
      [null, null, null, 6],
      [null, null, null, null],
      [null, [null, 6], null],
      [null, null, null, 6],
      'unread',
      [null, [null, 6], null],
    ],
  ],
  [
    'stream_anthropic.sse',
    [[null, null, null, 6], 'unread', [null, [null, 6], null], 'unread', [null, null, null, 6], 'unread'],
  ],
];

describe('the same stream under each rule', () => {
  test.each(BY_HAND)('%s', (name, rows) => {
    expect(rowsOf(name)).toEqual(rows);
  });

  test('every fixture gets a row of each tool, and every row says what it was read from', () => {
    for (const { name } of TIMELINES) {
      const scores = scoreStream(recording(name));
      expect(
        scores.map(({ tool }) => tool),
        name,
      ).toEqual(['k6-llm', 'vLLM bench', 'AIPerf', 'GuideLLM', 'xk6-llm', 'inference-perf']);
      for (const { version, files } of scores) expect([version, ...files]).not.toContain('');
    }
  });

  test('a stream cut into other reads at the same times has the same figures', () => {
    const { reads, ...rest } = recording('A06 three_events_nine_tokens');
    const bytes = reads.map((read) => [...read.bytes].map((char) => ({ atMs: read.atMs, bytes: char })));
    const whole = scoreStream({ reads, ...rest });
    // vLLM's bench strips each read, so blanks within an event are lost when it comes byte by byte: it is left out.
    const cut = scoreStream({ reads: bytes.flat(), ...rest });
    const others = (scores: typeof whole): typeof whole => scores.filter(({ tool }) => tool !== 'vLLM bench');
    expect(others(cut)).toEqual(others(whole));
  });
});
