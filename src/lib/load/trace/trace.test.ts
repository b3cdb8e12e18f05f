import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../parse/config-error.ts';
import { msBetween, parseMoment } from './parse-moment.ts';
import { describeTrace } from './describe-trace.ts';
import type { TraceOptions } from '../arrivals.ts';
import { parseTrace } from './trace.ts';

const parse = (text: string, timeScale = 1) =>
  parseTrace(text, { fileName: 'trace.csv', setting: 'LLM_ARRIVALS', timeScale });

const rowsOf = (text: string, timeScale = 1) =>
  parse(text, timeScale).requests.map(({ atMs, inputTokens, outputTokens }) => [
    atMs,
    inputTokens,
    outputTokens,
  ]);

describe('parseTrace', () => {
  test.each<[string, string, (number | null)[][]]>([
    [
      'Azure 2023',
      'TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 23:59:59.6805900,4808,10\r\n2023-11-17 00:00:00.1805910,3180,8\r\n',
      [
        [0, 4808, 10],
        [500.001, 3180, 8],
      ],
    ],
    [
      'Azure 2024',
      'TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.009930+00:00,2162,5\n2024-05-10 00:00:00,2399,6\n'.replace(
        '00:00:00,',
        '00:00:00.010430+00:00,',
      ),
      [
        [0, 2162, 5],
        [0.5, 2399, 6],
      ],
    ],
    [
      'Mooncake',
      '{"timestamp": 1200, "input_length": 900, "output_length": 40, "hash_ids": [3, 4]}\n{"timestamp": 1850, "input_length": 450, "output_length": 12, "hash_ids": []}\n',
      [
        [0, 900, 40],
        [650, 450, 12],
      ],
    ],
    [
      'BurstGPT',
      'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,log\n45.5,GPT-4,1087,230,1317,log\n',
      [
        [5000, 472, 18],
        [45500, 1087, 230],
      ],
    ],
    [
      'a list of JSON',
      '[{"time_s":0,"input_tokens":7},\n{"time_s":1.5,"input_tokens":8}]',
      [
        [0, 7, null],
        [1500, 8, null],
      ],
    ],
    [
      'semicolons',
      'time_ms;input_tokens\n0;7\n15;8\n',
      [
        [0, 7, null],
        [15, 8, null],
      ],
    ],
    [
      'tabs, and Mooncake’s blocks in cells',
      'timestamp\tinput_length\toutput_length\thash_ids\n0\t600\t5\t[1, 2]\n30\t400\t5\t[1]\n',
      [
        [0, 600, 5],
        [30, 400, 5],
      ],
    ],
    [
      'seconds',
      'time_s,input_tokens,output_tokens\n0.5,100,20\n0.5,50,0\n1.25,1,1',
      [
        [500, 100, 20],
        [500, 50, 0],
        [1250, 1, 1],
      ],
    ],
    [
      'JSONL, ms, time alone',
      '{"time_ms": 0}\n{"time_ms": 12.3456}\n',
      [
        [0, null, null],
        [12.346, null, null],
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(rowsOf(text)).toEqual(expected);
  });

  test('the time scale multiplies', () => {
    expect(rowsOf('time_s\n1\n3\n', 0.1)).toEqual([
      [100, null, null],
      [300, null, null],
    ]);
  });

  test.each<[string, string, number, string]>([
    ['NaN', 'time_s,input_tokens\n1,5\nNaN,5\n', 3, 'time_s is no time'],
    ['negative time', 'time_s,input_tokens\n-1,5\n1,5\n', 2, 'time_s is no time'],
    ['negative tokens', 'time_s,input_tokens\n1,-5\n1,5\n', 2, 'input_tokens is no number of tokens'],
    ['blank tokens', 'time_s,output_tokens\n1,\n1,5\n', 2, 'output_tokens is no number of tokens'],
    ['half a row', 'time_s,input_tokens\n1,5\n2', 3, '1 fields where the header has 2'],
    ['half a JSON row', '{"time_s":1}\n{"time_s":', 2, 'half-written'],
    [
      'no date in the first row',
      'TIMESTAMP,ContextTokens\n?,1\n2023-11-16 10:00:00,1\n',
      2,
      'timestamp is no time',
    ],
    [
      'a date that does not exist',
      'TIMESTAMP,ContextTokens\n2023-11-16 10:00:00,1\n2023-02-30 10:00:00,1\n',
      3,
      'timestamp is no time',
    ],
  ])('%s: the row is left out', (_, text, row, reason) => {
    const { skipped, requests } = parse(text);
    expect(requests).toHaveLength(1);
    expect(skipped.count).toBe(1);
    expect(skipped.examples[0]).toMatchObject({ row });
    expect(skipped.examples[0]?.reason).toContain(reason);
  });

  test.each<[string, string, number[], number]>([
    [
      'seconds since 1970',
      'time_s,input_tokens\n1731760000,1\n1731760000.5,1\n1731760012,1',
      [0, 500, 12_000],
      1_731_760_000_000,
    ],
    ['times of day', 'time_ms\n36000000\n36000250\n36600000', [0, 250, 600_000], 36_000_000],
    ['a single late request', 'time_s\n7', [0], 7000],
    ['a silence no longer than the rest', 'time_s\n3\n5\n6', [3000, 5000, 6000], 0],
    ['from its own zero', 'time_s\n0\n5', [0, 5000], 0],
  ])('%s: nobody waits for a first request that lies beyond the rest', (_, text, times, silenceMs) => {
    const trace = parse(text);
    expect(trace.requests.map(({ atMs }) => atMs)).toEqual(times);
    expect(trace.silenceMs).toBe(silenceMs);
    expect(parse(text, 0.5).requests.map(({ atMs }) => atMs)).toEqual(times.map((atMs) => atMs / 2));
  });

  test.each<[string, string, number]>([
    ['one time far ahead', 'time_s\n0\n5\n9\n4000000', 3_999_991_000],
    ['a first request that came long before the rest', 'time_s\n0\n4000000\n4000003', 4_000_000_000],
    ['a pause no longer than the rest', 'time_s\n0\n5\n10', 0],
    ['a single request', 'time_s\n7', 0],
  ])('%s: a pause longer than all the rest is told', (_, text, pauseMs) => {
    expect(parse(text).pauseMs).toBe(pauseMs);
    expect(parse(text, 0.5).pauseMs).toBe(pauseMs / 2);
  });

  test.each<[string, string, RegExp]>([
    ['empty', '', /an empty file/],
    ['header alone', 'time_s,input_tokens\n', /without rows/],
    ['binary', 'time_s\n1\n\u0000', /binary/],
    ['backwards', 'time_s,input_tokens\n1,5\n3,5\n2.5,5\n', /line 4 goes back by 500 ms; sort it/],
    [
      'no unit',
      'time,input_tokens\n1,5\n',
      /column time does not say its unit.*unit=s.*\(time, input_tokens\)/,
    ],
    [
      'a number without known columns beside it',
      'timestamp,tokens\n1,5\n',
      /timestamp does not say its unit/,
    ],
    [
      'lengths as Mooncake has, and no blocks',
      '{"timestamp":1,"input_length":5,"output_length":5}\n',
      /timestamp does not say its unit/,
    ],
    [
      'blocks as Mooncake has, of another length',
      '{"timestamp":1,"input_length":500,"output_length":5,"hash_ids":[1,2,3,4,5,6,7,8]}\n',
      /timestamp does not say its unit/,
    ],
    [
      'fractions where Mooncake has whole milliseconds',
      '{"timestamp":0.25,"input_length":500,"output_length":5,"hash_ids":[1]}\n',
      /timestamp does not say its unit/,
    ],
    [
      'columns as BurstGPT calls them, without its others',
      'timestamp,request_tokens,response_tokens\n5,1,1\n',
      /timestamp does not say its unit/,
    ],
    ['no header', '1,5\n2,5\n', /no time with its unit/],
    ['nothing usable', 'time_s\nx\ny\n', /no usable row: 2 rows left out \(line 2/],
  ])('%s: refused', (_, text, message) => {
    expect(() => parse(text)).toThrow(ConfigError);
    expect(() => parse(text)).toThrow(message);
  });
});

describe('what a trace is taken for', () => {
  const AZURE = 'TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.009930+00:00,2162,5\n';
  const MOONCAKE = '{"timestamp": 27000, "input_length": 600, "output_length": 4, "hash_ids": [0, 1]}\n';
  const BAILIAN =
    '{"chat_id":159,"parent_chat_id":55,"timestamp":61.114,"input_length":33,"output_length":132,"type":"text","turn":2,"hash_ids":[1089,1090,6326]}\n' +
    '{"chat_id":160,"parent_chat_id":-1,"timestamp":61.5,"input_length":20,"output_length":7,"type":"text","turn":1,"hash_ids":[7,8]}\n';
  const BURST =
    'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,log\n';

  test.each([
    [AZURE, "Azure's trace, timestamp as dates"],
    [
      MOONCAKE,
      "Mooncake's trace, timestamp in milliseconds, prefixes of 1 requests by hash_ids, 512 tokens each",
    ],
    [BAILIAN, "Bailian's trace, timestamp in seconds, prefixes of 2 requests by hash_ids, 16 tokens each"],
    [BURST, "BurstGPT's trace, timestamp in seconds"],
    ['time_ms\n4\n', 'a trace of its own, time_ms in milliseconds'],
  ])('%s', (text, expected) => {
    expect(describeTrace(parse(text))).toBe(`read as ${expected}`);
  });

  test('requests that name an earlier one go on from it', () => {
    const row = (chat_id: unknown, parent_chat_id: unknown, timestamp: number) =>
      JSON.stringify({
        chat_id,
        parent_chat_id,
        timestamp,
        input_length: 20,
        output_length: 7,
        hash_ids: [1, 2],
      });
    const text = [
      row(1, -1, 0),
      row('b', null, 1),
      row(3, 1, 2),
      row(4, '3', 3),
      row(5, 1, 4),
      row(6, 77, 5),
      row(7, 7, 6),
    ].join('\n');
    const { requests, orphans } = parse(text, 0.5);
    expect(requests.map(({ atMs }) => atMs)).toEqual([0, 500, 2500, 3000]);
    expect(requests.map(({ later }) => later.map(({ atMs, parent }) => [atMs, parent]))).toEqual([
      [
        [1000, 0],
        [1500, 1],
        [2000, 0],
      ],
      [],
      [],
      [],
    ]);
    expect(orphans).toBe(1);
    expect(describeTrace(parse(text))).toContain(
      '3 of 7 requests go on from an earlier one by parent_chat_id',
    );
  });

  test("Bailian's seconds are seconds", () => {
    expect(parse(BAILIAN).requests).toEqual([
      { atMs: 0, inputTokens: 33, outputTokens: 132, blocks: ['1089', '1090', '6326'], later: [] },
      { atMs: 386, inputTokens: 20, outputTokens: 7, blocks: ['7', '8'], later: [] },
    ]);
  });

  const given = (text: string, options: TraceOptions) =>
    parseTrace(text, { fileName: 't', setting: 'LLM_ARRIVALS', timeScale: 1, options });

  test('the unit and the length of blocks are taken from the user', () => {
    const text = '{"timestamp":0,"hash_ids":["a"]}\n{"timestamp":2,"hash_ids":["a","b"]}\n';
    const trace = given(text, { unit: 'sec', blockTokens: 64 });
    expect(trace.requests.map(({ atMs, inputTokens }) => [atMs, inputTokens])).toEqual([
      [0, 64],
      [2000, 128],
    ]);
    const alone = given(text, { unit: 'ms', blockTokens: null });
    expect(alone.requests.map(({ atMs, blocks }) => [atMs, blocks])).toEqual([
      [0, null],
      [2, null],
    ]);
  });

  test.each([
    ['dates', AZURE],
    ['a name', 'time_ms\n4\n'],
  ])('a unit against %s is refused', (_, text) => {
    expect(() => given(text, { unit: 'sec', blockTokens: null })).toThrow(/says itself what its times are/);
  });

  test('blocks that are none are told', () => {
    const { skipped } = parse(MOONCAKE + MOONCAKE.replace('[0, 1]', '"0,1"'));
    expect(skipped.examples).toMatchObject([{ row: 2, reason: 'hash_ids is no list of blocks' }]);
  });
});

describe('parseMoment', () => {
  test.each([
    '1970-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '2000-02-29T12:00:00Z',
    '2023-11-16T18:15:46.680Z',
    '2024-12-31T23:59:59.999Z',
    '2100-03-01T00:00:00Z',
    '2026-03-01T10:00:00+05:30',
    '2026-03-01T00:30:00-0800',
  ])('%s agrees with Date', (text) => {
    const moment = parseMoment(text);
    const epoch = { day: 0, msOfDay: 0 };
    expect(moment === null ? null : msBetween(epoch, moment)).toBe(Date.parse(text));
  });

  test.each([
    '',
    '2023-13-01 00:00:00',
    '2023-02-29 00:00:00',
    '2023-01-01',
    '2023-01-01 24:00:00',
    '1700000000',
  ])('%j is none', (text) => {
    expect(parseMoment(text)).toBeNull();
  });
});
