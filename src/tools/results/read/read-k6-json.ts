import { K6_METRICS, METRIC_SPECS, type MetricType } from '../../../lib/metrics/metric-list.ts';
import { Figures, MAX_OFFSET_MS, taggedName } from '../figures/figures.ts';
import { type Progress, readLines } from './read-lines.ts';
import { WARMUP_METRICS } from '../../../lib/metrics/submetrics.ts';
import { type OwnTag, PointClock, PointParser, type RawPoint } from './k6-point.ts';
import type { Skipped } from './read-samples.ts';

export type K6JsonRead = {
  figures: Figures;
  /** Points of our metrics. */
  points: number;
  /** ISO 8601, the first point that belongs to the load; null without any. */
  startedAt: string | null;
  endsAtMs: number | null;
  skipped: Skipped;
};

/** k6's own metrics that a report shows; all others are passed over by their first bytes. */
const K6_WANTED = ['vus', 'dropped_iterations', 'iterations', 'checks', 'http_req_failed'] as const;

/** The tag by which a metric is also told apart. */
const TAG_APART: ReadonlyMap<string, OwnTag> = new Map<string, OwnTag>([
  ['ai_errors', 'kind'],
  ['ai_warnings', 'kind'],
  ['ai_reported_ms', 'part'],
  ['ai_sessions', 'end'],
  ...[...WARMUP_METRICS, 'ai_requests_succeeded'].map((name): [string, OwnTag] => [name, 'phase']),
]);

/** Of what is measured, the warm-up alone is told apart. */
const WARMUP: ReadonlySet<string> = new Set(WARMUP_METRICS);

const POINT_MARK = Buffer.from('{"metric":"');
const DECLARATION_MARK = Buffer.from('{"type":"Metric"');
const QUOTE = 0x22;
/** Beyond, a value is no measurement, and sums of it are no numbers. */
const MAX_VALUE = 1e15;

/**
 * Reads k6's JSON output (`k6 run --out json=FILE`, plain or `.gz`) in bounded memory. A line's metric is
 * read from its bytes first: only points that a report shows are parsed.
 */
export async function readK6Json(path: string, onProgress?: Progress): Promise<K6JsonRead> {
  const reading = new K6JsonReading();
  const { endsHalfway, cutGzip, tooLong } = await readLines(
    path,
    (chunk, start, end) => reading.line(chunk, start, end),
    onProgress,
  );
  return reading.result(endsHalfway || cutGzip, tooLong);
}

class K6JsonReading {
  readonly #figures = new Figures();
  readonly #clock = new PointClock();
  readonly #types = typesByName();
  readonly #parser = new PointParser();
  #points = 0;
  #broken = 0;
  #foreign = 0;
  #zeroMs: number | null = null;
  #endsAtMs: number | null = null;

  line(chunk: Buffer, start: number, end: number): void {
    if (end === start) return;
    if (!startsWith(chunk, start, POINT_MARK)) {
      if (!startsWith(chunk, start, DECLARATION_MARK)) this.#countOther(chunk, start, end);
      return;
    }
    const nameStart = start + POINT_MARK.length;
    const nameEnd = chunk.indexOf(QUOTE, nameStart);
    if (nameEnd < 0 || nameEnd >= end) {
      this.#broken += 1;
      return;
    }
    const name = chunk.toString('latin1', nameStart, nameEnd);
    const type = this.#types.get(name);
    if (type === undefined) return;
    const point = this.#parser.parse(chunk.toString('utf8', start, end), nameEnd - start);
    if (point === null) this.#broken += 1;
    else this.#add(name, type, point);
  }

  result(truncated: boolean, tooLong: number): K6JsonRead {
    const broken = this.#broken + tooLong;
    const startedAt = this.#zeroMs === null ? null : new Date(this.#zeroMs).toISOString();
    return {
      figures: this.#figures,
      points: this.#points,
      startedAt,
      endsAtMs: this.#endsAtMs,
      skipped: {
        broken,
        foreign: this.#foreign,
        truncated: truncated && broken > 0,
      },
    };
  }

  #countOther(chunk: Buffer, start: number, end: number): void {
    if (chunk.toString('utf8', start, end).trim() === '') return;
    if (POINT_MARK.subarray(0, end - start).equals(chunk.subarray(start, end))) this.#broken += 1;
    else this.#foreign += 1;
  }

  #add(name: string, type: MetricType, { time, value, tags: { place, own } }: RawPoint): void {
    const atMs = this.#clock.read(time);
    if (atMs === null || !(Math.abs(value) <= MAX_VALUE)) {
      this.#broken += 1;
      return;
    }
    // Preflight is in no metric of ours: the first value that a request gave finds the load begun.
    if (type !== 'gauge' && Object.hasOwn(METRIC_SPECS, name)) this.#zeroMs ??= atMs;
    // VUs that wait for setup are no load; what k6 counts before the first request counts at its start.
    if (this.#zeroMs === null && type === 'gauge') return;
    const offsetMs = Math.max(0, atMs - (this.#zeroMs ?? atMs));
    if (offsetMs > MAX_OFFSET_MS) {
      this.#broken += 1;
      return;
    }
    this.#endsAtMs = Math.max(this.#endsAtMs ?? 0, offsetMs);
    this.#points += 1;
    if (value === -1 && type === 'counter') return this.#figures.takeBackOne(name, place);
    this.#figures.add({ name, type, value, offsetMs, place });
    const tag = TAG_APART.get(name);
    const text = tag === undefined ? null : own[tag];
    if (tag !== undefined && text !== null && (text !== 'main' || !WARMUP.has(name)))
      this.#figures.add({ name: taggedName(name, tag, text), type, value, offsetMs, place });
  }
}

function typesByName(): ReadonlyMap<string, MetricType> {
  const own = Object.entries(METRIC_SPECS)
    // A Gauge's last value, of which figures keep the largest.
    .filter(([name]) => name !== 'ai_delivered_ratio')
    .map(([name, { type }]): [string, MetricType] => [name, type]);
  const k6 = K6_WANTED.map((name): [string, MetricType] => [name, K6_METRICS[name] ?? 'counter']);
  return new Map([...own, ...k6]);
}

function startsWith(chunk: Buffer, start: number, mark: Buffer): boolean {
  return chunk.compare(mark, 0, mark.length, start, Math.min(chunk.length, start + mark.length)) === 0;
}
