import { parseFailure } from '../../../lib/samples/failure-line.ts';
import { isSampleLine, parseSample } from '../../../lib/samples/parse-sample.ts';
import { SAMPLE_FIELDS, type SampleRecord } from '../../../lib/samples/sample-fields.ts';
import { METRIC_SPECS } from '../../../lib/metrics/metric-list.ts';
import {
  type GaugeRecord,
  parseGauge,
  parseHeader,
  type SampleHeader,
} from '../../../lib/samples/sample-header.ts';
import { OWN_COUNTERS, WARMUP_METRICS } from '../../../lib/metrics/submetrics.ts';
import { Figures, NOWHERE, type Place, type Point, taggedName } from '../figures/figures.ts';
import { type Progress, readLines } from './read-lines.ts';

/** What a file held beside our values, for a line in the report: nothing is skipped silently. */
export type Skipped = {
  /** Lines of ours that could not be read: half-written, or cut. */
  broken: number;
  /** Lines that are not ours. */
  foreign: number;
  /** The file ends in the middle: of a line, or of its gzip stream. */
  truncated: boolean;
};

export type SamplesRead = {
  figures: Figures;
  /** null when the file has none: then the first request marks the beginning of the load. */
  header: SampleHeader | null;
  requests: number;
  /** First and last moment seen, ms from the beginning of the load; null without requests. */
  endsAtMs: number | null;
  skipped: Skipped;
  /** Finish reasons that are not known, the first few names, and how often each came. */
  unknownFinishes: ReadonlyMap<string, number>;
};

export type SamplesOptions = {
  onProgress?: Progress;
  /** Each value that counts, for those who need more than figures. */
  onPoint?: (point: Point) => void;
  /** Lines that are not ours: what setup printed, for one. */
  onForeign?: (line: string) => void;
  /** Each request before it is counted; what it returns is counted in its place. */
  onRecord?: (record: SampleRecord, at: RecordTimes) => SampleRecord;
  /** Counted into; new ones by default. */
  figures?: Figures;
};

/** When a request was issued and ended, ms from the beginning of the load. */
export type RecordTimes = { offsetMs: number; endsAtMs: number };

/** Reads a samples file (src/lib/samples/sample.ts), plain or `.gz`, in bounded memory. */
export async function readSamples(path: string, options: SamplesOptions = {}): Promise<SamplesRead> {
  const reading = new SamplesReading(options);
  const { endsHalfway, cutGzip, tooLong } = await readLines(
    path,
    (chunk, start, end) => reading.line(chunk.toString('utf8', start, end)),
    options.onProgress,
  );
  return reading.result(endsHalfway || cutGzip, tooLong);
}

const MAX_FINISH_NAMES = 5;

/** Reads a samples file line by line: at once, or as it grows. */
export class SamplesReading {
  readonly #figures: Figures;
  readonly #options: SamplesOptions;
  #header: SampleHeader | null = null;
  #zeroMs: number | null = null;
  readonly #unknownFinishes = new Map<string, number>();
  #requests = 0;
  #endsAtMs: number | null = null;
  #broken = 0;
  #foreign = 0;

  constructor(options: SamplesOptions = {}) {
    this.#options = options;
    this.#figures = options.figures ?? new Figures(options.onPoint);
  }

  /** null until it was read. */
  get header(): SampleHeader | null {
    return this.#header;
  }

  line(line: string): void {
    const record = parseSample(line);
    if (record !== null) return this.#addRecord(record);
    const gauge = parseGauge(line);
    if (gauge !== null) return this.#addGauge(gauge);
    const header = parseHeader(line);
    if (header !== null) {
      this.#header ??= header;
      this.#zeroMs ??= header.loadStartsAtMs;
    } else if (parseFailure(line) !== null) {
      // The sample of the same request has counted it.
    } else if (isSampleLine(line) || line.startsWith('["llm-')) {
      this.#broken += 1;
    } else if (line.trim() !== '') {
      this.#foreign += 1;
      this.#options.onForeign?.(line);
    }
  }

  result(endsHalfway: boolean, tooLong: number): SamplesRead {
    const broken = this.#broken + tooLong;
    return {
      figures: this.#figures,
      header: this.#header,
      unknownFinishes: this.#unknownFinishes,
      requests: this.#requests,
      endsAtMs: this.#endsAtMs,
      // A last line without its end is whole when it could be read: k6 was stopped between the two writes.
      skipped: { broken, foreign: this.#foreign, truncated: endsHalfway && broken > 0 },
    };
  }

  #addRecord(record: SampleRecord): void {
    this.#zeroMs ??= record.atMs;
    const offsetMs = Math.max(0, record.atMs - this.#zeroMs);
    const endsAtMs = offsetMs + record.endMs;
    this.#requests += 1;
    if (record.unknownFinish !== null) this.#countFinish(record.unknownFinish);
    this.#endsAtMs = Math.max(this.#endsAtMs ?? 0, endsAtMs);
    const at = { offsetMs, endsAtMs };
    addRecord(this.#figures, this.#options.onRecord?.(record, at) ?? record, at);
  }

  /** Servers choose these names, so only so many are kept apart. */
  #countFinish(reason: string): void {
    const known = this.#unknownFinishes.get(reason);
    const name = known === undefined && this.#unknownFinishes.size >= MAX_FINISH_NAMES ? 'others' : reason;
    this.#unknownFinishes.set(name, (this.#unknownFinishes.get(name) ?? 0) + 1);
  }

  #addGauge({ name, value, atMs }: GaugeRecord): void {
    const offsetMs = Math.max(0, atMs - (this.#zeroMs ?? 0));
    const place = NOWHERE;
    if (name === 'ai_server_scraped')
      this.#figures.add({ name, type: 'rate', value: Math.min(1, value), offsetMs, place });
    else this.#figures.add({ name, type: 'gauge', value, offsetMs, place });
  }
}

/** Fields that are a metric's samples as they stand; null ones are none. */
const METRIC_FIELDS = SAMPLE_FIELDS.flatMap(([field, , , metric]) =>
  metric === undefined ? [] : [{ field, metric }],
);
const COUNTERS = METRIC_FIELDS.filter(({ metric }) => METRIC_SPECS[metric].type === 'counter');
const TRENDS = METRIC_FIELDS.filter(({ metric }) => METRIC_SPECS[metric].type === 'trend');

/** A set of plain texts, to be asked with any name. */
const WARMUP: ReadonlySet<string> = new Set(WARMUP_METRICS);

/** What the guard of every run counts (src/lib/thresholds). */
const MEASURED = 'ai_requests_succeeded';

function numberIn(record: SampleRecord, field: keyof SampleRecord): number | null {
  const value = record[field];
  return typeof value === 'number' ? value : null;
}

/**
 * Counts one request as k6's own metrics do: what it started at its beginning, everything else at its end;
 * in warm-up no Trend and no Rate.
 */
function addRecord(figures: Figures, record: SampleRecord, at: RecordTimes): void {
  const place: Place = {
    model: record.model,
    scenario: record.testType,
    provider: record.provider,
    kind: record.kind,
    window: record.window,
    step: record.step,
    turn: record.turn,
  };
  const add = (name: string, value: number, offsetMs: number): void => {
    figures.add({ name, type: 'counter', value, offsetMs, place });
    if (record.phase === 'warmup' ? WARMUP.has(name) : name === MEASURED)
      figures.add({ name: taggedName(name, 'phase', record.phase), type: 'counter', value, offsetMs, place });
  };
  const count = (name: string, value: number | null): void => {
    if (value !== null) add(name, value, at.endsAtMs);
  };
  add('ai_requests_started', 1, at.offsetMs);
  count('ai_requests_finished', 1);
  if (record.outcome === 'ok') count('ai_requests_succeeded', 1);
  else if (record.outcome === 'aborted') count('ai_aborted', 1);
  else {
    count('ai_errors', 1);
    count(taggedName('ai_errors', 'kind', record.outcome), 1);
  }
  if (record.outcome === 'rate_limited') count('ai_rate_limited', 1);
  if (record.sessionEnd !== null) {
    count('ai_sessions', 1);
    count(taggedName('ai_sessions', 'end', record.sessionEnd), 1);
  }
  if (record.retry > 0) count('ai_retries', 1);
  for (const { field, metric } of COUNTERS) count(metric, numberIn(record, field));
  if (record.uncharged === 'unpriced') count('ai_unpriced', 1);
  if (record.uncharged === 'usage_missing') count('ai_usage_missing', 1);
  for (const kind of record.warnings) {
    const own = OWN_COUNTERS.get(kind);
    if (own !== undefined) count(own, 1);
    else {
      count('ai_warnings', 1);
      count(taggedName('ai_warnings', 'kind', kind), 1);
    }
  }
  if (record.vus !== null)
    figures.add({ name: 'vus', type: 'gauge', value: record.vus, offsetMs: at.offsetMs, place: NOWHERE });
  if (record.phase === 'main') addMeasured(figures, record, { endsAtMs: at.endsAtMs, place });
}

function addMeasured(
  figures: Figures,
  record: SampleRecord,
  { endsAtMs, place }: { endsAtMs: number; place: Place },
): void {
  const trend = (name: string, value: number | null): void => {
    if (value !== null) figures.add({ name, type: 'trend', value, offsetMs: endsAtMs, place });
  };
  const isOk = record.outcome === 'ok';
  const { latencyMs, lagMs } = record;
  const hasLeft = record.outcome === 'aborted';
  if (isOk) addSuccess(record, trend);
  else if (!hasLeft) trend('ai_retry_after_ms', record.retryAfterMs);
  trend('ai_schedule_lag_ms', lagMs);
  if (latencyMs !== null && lagMs !== null)
    trend('ai_intended_latency_ms', latencyMs + lagMs + record.sinceFirstMs);
  const rate = (name: string, hit: boolean): void =>
    figures.add({ name, type: 'rate', value: hit ? 1 : 0, offsetMs: endsAtMs, place });
  if (!hasLeft) rate('error_rate', !isOk);
  if (record.good !== null) rate('ai_goodput', record.good);
}

/** What k6's metrics hold of successes alone (src/lib/k6/vu/recorder.ts). */
function addSuccess(record: SampleRecord, trend: (name: string, value: number | null) => void): void {
  const { latencyMs, inputs, inputTokens, outputTokens, warnings } = record;
  for (const { field, metric } of TRENDS) trend(metric, numberIn(record, field));
  if (!warnings.includes('held_back')) trend('ai_stall_ms', record.stallMs);
  for (const [part, valueMs] of Object.entries(record.reported ?? {})) {
    trend('ai_reported_ms', valueMs);
    trend(taggedName('ai_reported_ms', 'part', part), valueMs);
  }
  if (latencyMs === null || latencyMs <= 0) return;
  if (inputs !== null) {
    if (inputTokens !== null) trend('ai_input_tokens_per_sec', (inputTokens * 1000) / latencyMs);
  } else if (outputTokens !== null && !warnings.includes('hidden_tokens'))
    trend('token_throughput_per_sec', (outputTokens * 1000) / latencyMs);
}
