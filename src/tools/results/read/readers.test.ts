import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { folderOfTests } from '../../../../test/support/temporary-folder.ts';
import { encodeGauge, encodeHeader } from '../../../lib/samples/sample-header.ts';
import { readLines } from './read-lines.ts';
import { madeHeader, madeRecord, samplesText } from '../made-samples.ts';
import { readK6Json } from './read-k6-json.ts';
import { readSamples } from './read-samples.ts';

const folder = folderOfTests('readers');

let files = 0;
function fileOf(content: string | Buffer, ending = ''): string {
  files += 1;
  const path = join(folder, `f${files}${ending}`);
  writeFileSync(path, content);
  return path;
}

describe('lines', () => {
  test('come whole over the edges of chunks, from plain and gzipped files', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index} ${'é'.repeat(index % 97)}`);
    for (const path of [fileOf(`${lines.join('\n')}\n`), fileOf(gzipSync(`${lines.join('\n')}\n`), '.gz')]) {
      const seen: string[] = [];
      const read = await readLines(path, (chunk, start, end) =>
        seen.push(chunk.toString('utf8', start, end)),
      );
      expect(seen).toEqual(lines);
      expect(read).toEqual({ endsHalfway: false, cutGzip: false, tooLong: 0 });
    }
  });

  test('longer than a line can be are passed over', async () => {
    const path = fileOf(`a\n${'x'.repeat(5_000_000)}\nb\n`);
    const seen: number[] = [];
    await readLines(path, (_, start, end) => seen.push(end - start));
    expect(seen).toEqual([1, 1]);
  });

  test('report how far they are', async () => {
    const path = fileOf('hello\n');
    const marks: [number, number][] = [];
    await readLines(
      path,
      () => {},
      (read, total) => marks.push([read, total]),
    );
    expect(marks).toEqual([[6, 6]]);
  });
});

describe('a samples file', () => {
  test("gives k6's own metrics back", async () => {
    const path = fileOf(
      samplesText([
        madeRecord({ atMs: 1000, latencyMs: 200, endMs: 201, outputTokens: 40, ttftMs: 50 }),
        madeRecord({ atMs: 2000, latencyMs: 400, endMs: 401, outputTokens: 40, ttftMs: 60, model: 'b' }),
        madeRecord({ atMs: 2500, outcome: 'rate_limited', status: 429, latencyMs: null, good: false }),
        madeRecord({ atMs: 500, phase: 'warmup', latencyMs: 9999 }),
      ]),
    );
    const { figures, requests, header, skipped } = await readSamples(path);
    expect(requests).toBe(4);
    expect(header).toEqual(madeHeader());
    expect(skipped).toEqual({ broken: 0, foreign: 0, truncated: false });
    expect(figures.trend('ai_latency_ms').max).toBe(400);
    expect(figures.trend('ai_latency_ms').count).toBe(2);
    expect(figures.trend('token_throughput_per_sec').max).toBe(200);
    expect(figures.total('ai_requests_started')).toBe(4);
    expect(figures.total('ai_requests_succeeded')).toBe(3);
    expect(figures.total('ai_errors{kind:rate_limited}')).toBe(1);
    expect(figures.rate('error_rate')).toEqual({ hits: 1, trials: 3, ratio: 1 / 3 });
    expect(figures.rate('ai_goodput')).toEqual({ hits: 2, trials: 3, ratio: 2 / 3 });
    expect(figures.only('model', 'b').trend('ai_ttft_ms').max).toBe(60);
  });

  test('counts broken and foreign lines, hands the foreign ones on, and reads the rest', async () => {
    const whole = samplesText([madeRecord({}), madeRecord({})]);
    const path = fileOf(
      `target http://127.0.0.1:8787/v1\n${whole}${encodeGauge({ atMs: 1, name: 'g', value: 2 })}\n["llm-s2",5,\n` +
        whole.slice(0, -40),
    );
    const foreign: string[] = [];
    const { requests, skipped, figures } = await readSamples(path, {
      onForeign: (line) => foreign.push(line),
    });
    expect(requests).toBe(3);
    expect(skipped).toEqual({ broken: 2, foreign: 1, truncated: true });
    expect(foreign).toEqual(['target http://127.0.0.1:8787/v1']);
    expect(figures.total('g')).toBe(2);
  });

  test("looks at the server's metrics page are counted by whether they were read", async () => {
    const looks = [1, 0, 1, 7].map((value, at) =>
      encodeGauge({ atMs: 2000 * at, name: 'ai_server_scraped', value }),
    );
    const { figures } = await readSamples(fileOf(`${encodeHeader(madeHeader())}\n${looks.join('\n')}\n`));
    expect(figures.rate('ai_server_scraped')).toEqual({ hits: 3, trials: 4, ratio: 0.75 });
  });

  test.each([
    ['an empty file', ''],
    ['a header alone', `${encodeHeader(madeHeader())}\n`],
  ])('%s is a run of no requests', async (_, content) => {
    const { requests, endsAtMs, figures } = await readSamples(fileOf(content));
    expect([requests, endsAtMs, figures.metrics.size]).toEqual([0, null, 0]);
  });

  test('cut in the middle of its gzip stream is read up to there', async () => {
    const records = Array.from({ length: 5000 }, (_, index) =>
      madeRecord({ atMs: index, endMs: index * 1.37 }),
    );
    const zipped = gzipSync(samplesText(records));
    const { requests } = await readSamples(fileOf(zipped.subarray(0, zipped.length / 2), '.gz'));
    expect(requests).toBeGreaterThan(1000);
    expect(requests).toBeLessThan(5000);
  });
});

function point(metric: string, value: number, tags: Record<string, string> = {}, ms = 0): string {
  const data = { time: new Date(1_700_000_000_000 + ms).toISOString(), value, tags };
  return JSON.stringify({ metric, type: 'Point', data });
}

describe("k6's JSON output", () => {
  const declaration =
    '{"type":"Metric","data":{"name":"ai_latency_ms","type":"trend"},"metric":"ai_latency_ms"}';

  test('gives our metrics, passes over the others, and reports what it cannot read', async () => {
    const tags = { model: 'm', test_type: 'stress', provider: 'mock' };
    const lines = [
      declaration,
      point('http_req_waiting', 5),
      point('ai_latency_ms', 100, tags),
      point('ai_latency_ms', 300, { ...tags, model: '<script>' }, 1500),
      point('error_rate', 0, tags, 1500),
      point('error_rate', 1, tags, 1500),
      point('ai_errors', 1, { ...tags, kind: 'timeout' }, 1500),
      point('vus', 10, {}, 2000),
      // Another writer's order of keys, blanks, an offset.
      '{"metric":"ai_latency_ms", "type":"Point","data":{"tags":{"model":"m"},"value":7,"time":"2023-11-14T23:13:20.5+01:00"}}',
      'hello',
      '',
      point('ai_latency_ms', 1, tags).slice(0, -5),
    ];
    for (const path of [fileOf(lines.join('\n')), fileOf(gzipSync(lines.join('\r\n')), '.gz')]) {
      const read = await readK6Json(path);
      expect(read.skipped).toEqual({ broken: 1, foreign: 1, truncated: true });
      expect(read.startedAt).toBe('2023-11-14T22:13:20.000Z');
      expect(read.endsAtMs).toBe(2000);
      expect(read.figures.trend('ai_latency_ms')).toMatchObject({ count: 3, min: 7, max: 300 });
      expect(read.figures.partNames('model')).toEqual(['m', '<script>']);
      expect(read.figures.rate('error_rate')).toEqual({ hits: 1, trials: 2, ratio: 0.5 });
      expect(read.figures.total('ai_errors{kind:timeout}')).toBe(1);
      expect(read.figures.total('vus')).toBe(10);
      expect(read.figures.metrics.has('http_req_waiting')).toBe(false);
    }
  });

  test('begins with the first request: setup is no load, its preflight and waiting VUs are none', async () => {
    const tags = { model: 'm', test_type: 'smoke' };
    const lines = [
      point('vus', 0, {}, 0),
      point('http_req_failed', 0, { name: 'preflight' }, 4000),
      point('vus', 0, {}, 9000),
      point('ai_requests_started', 1, tags, 10_000),
      point('vus', 1, {}, 10_000),
      point('ai_requests_finished', 1, tags, 11_000),
    ];
    const read = await readK6Json(fileOf(lines.join('\n')));
    expect(read.startedAt).toBe('2023-11-14T22:13:30.000Z');
    expect(read.endsAtMs).toBe(1000);
    expect(read.figures.metric('vus', 'gauge').slices.map((cell) => cell?.count)).toEqual([1]);
  });

  test('takes back what was counted and not sent', async () => {
    const tags = { model: 'm', test_type: 'smoke' };
    const lines = [1, 1, -1].map((value) => point('ai_requests_started', value, tags));
    const { figures } = await readK6Json(fileOf(lines.join('\n')));
    expect(figures.rejected).toBe(0);
    expect(figures.total('ai_requests_started')).toBe(1);
    expect(figures.only('model', 'm').total('ai_requests_started')).toBe(1);
  });

  test('tells the warm-up apart, by model too', async () => {
    const tags = { model: 'm', test_type: 'smoke' };
    const lines = ['warmup', 'main'].map((phase) => point('ai_cost_dollars', 2, { ...tags, phase }));
    const { figures } = await readK6Json(fileOf(lines.join('\n')));
    expect(figures.total('ai_cost_dollars')).toBe(4);
    expect(figures.total('ai_cost_dollars{phase:warmup}')).toBe(2);
    expect(figures.only('model', 'm').total('ai_cost_dollars{phase:warmup}')).toBe(2);
  });

  test('cut at any place of its last line is one broken line at most', async () => {
    const last = point('ai_latency_ms', 1, { model: 'm' });
    for (let length = 1; length < last.length; length += 7) {
      const read = await readK6Json(fileOf(`${point('ai_latency_ms', 1)}\n${last.slice(0, length)}`));
      expect(read.points, `cut at ${length}`).toBe(1);
      expect(read.skipped.broken).toBeLessThanOrEqual(1);
    }
  });
});
