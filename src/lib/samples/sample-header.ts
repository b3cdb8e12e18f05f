import { isRecord } from '../parse/json.ts';
import { SAMPLE_FIELDS } from './sample-fields.ts';
import { parseArray } from './parse-sample.ts';
import { plainText } from '../text/plain-text.ts';

/**
 * Lines beside the samples: what a run was, written once at the end of setup, and values read from a server's
 * own metrics page during the run. Same shape as a sample (src/lib/samples/sample.ts): a JSON array behind a marker.
 */
export type SampleHeader = {
  /** Version of the toolkit that wrote the file. */
  version: string;
  scenario: string;
  /** Wall clock, ms since 1970, at which k6's run clock stood at 0. */
  zeroWallClockMs: number;
  /** k6's run clock at the end of setup: the load begins here. */
  loadStartsAtMs: number;
  /** The mix as set, `gpt-4.1=70,deepseek-v3.2=30`. */
  mix: string;
  seed: number;
  /** Which part of a divided run this is, `0:1/2`; null for a whole one. */
  segment: string | null;
  /** The load as planned; drawn behind the plots. */
  stages: readonly PlannedLoad[];
  /** What k6 judges the run by; empty in files of before. */
  thresholds: readonly { metric: string; expression: string }[];
  /** All else that it knew of itself, as src/lib/summary/run-record.ts reads it; null in files of before. */
  facts: unknown;
};

/** One k6 scenario's planned load: lines between points, from the beginning of the load. */
export type PlannedLoad = {
  testType: string;
  unit: 'vus' | 'ratePerSec';
  /** `[ms since the load began, target]`, in order. */
  points: readonly (readonly [number, number])[];
};

/** A value of a server's own metrics page, or whether a look at it told anything (`ai_server_scraped`, 1 or 0). */
export type GaugeRecord = {
  /** k6's run clock. */
  atMs: number;
  /** `vllm:num_requests_running`. */
  name: string;
  value: number;
};

const HEADER_MARKER = '["llm-h1",';
const GAUGE_MARKER = '["llm-g1",';

/** The header's line, without a line end. It names the fields of the lines that follow, for whoever reads them by other means. */
export function encodeHeader(header: SampleHeader): string {
  return JSON.stringify(['llm-h1', { ...header, fields: SAMPLE_FIELDS.map(([name]) => name) }]);
}

/** The header of a line that `encodeHeader` wrote; null for any other line. */
export function parseHeader(line: string): SampleHeader | null {
  if (!line.startsWith(HEADER_MARKER)) return null;
  const cells = parseArray(line);
  return cells === null ? null : toHeader(cells[1]);
}

/** The line of one server-side value, without a line end. */
export function encodeGauge(gauge: GaugeRecord): string {
  return JSON.stringify(['llm-g1', gauge.atMs, gauge.name, gauge.value]);
}

/** The value of a line that `encodeGauge` wrote; null for any other line. */
export function parseGauge(line: string): GaugeRecord | null {
  if (!line.startsWith(GAUGE_MARKER)) return null;
  const [, atMs, name, value] = parseArray(line) ?? [];
  if (!isWithin(atMs, MAX_RUN_MS) || typeof name !== 'string' || !isWithin(value, MAX_VALUE)) return null;
  return { atMs, name: plainText(name), value };
}

function toHeader(value: unknown): SampleHeader | null {
  if (!isRecord(value)) return null;
  const {
    version,
    scenario,
    zeroWallClockMs,
    loadStartsAtMs,
    mix,
    seed,
    segment,
    stages,
    thresholds,
    facts,
  } = value;
  if (!isWithin(loadStartsAtMs, MAX_RUN_MS) || !isWithin(zeroWallClockMs, MAX_WALL_CLOCK_MS)) return null;
  return {
    version: typeof version === 'string' ? plainText(version) : '',
    scenario: typeof scenario === 'string' ? plainText(scenario) : '',
    zeroWallClockMs,
    loadStartsAtMs,
    mix: typeof mix === 'string' ? plainText(mix) : '',
    seed: typeof seed === 'number' ? seed : 0,
    segment: typeof segment === 'string' ? plainText(segment) : null,
    stages: Array.isArray(stages) ? stages.slice(0, MAX_STAGES).flatMap(toPlannedLoad) : [],
    thresholds: Array.isArray(thresholds) ? thresholds.slice(0, MAX_THRESHOLDS).flatMap(toThreshold) : [],
    facts: facts ?? null,
  };
}

function toThreshold(value: unknown): { metric: string; expression: string }[] {
  if (!isRecord(value)) return [];
  const { metric, expression } = value;
  return typeof metric === 'string' && typeof expression === 'string' ? [{ metric, expression }] : [];
}

function toPlannedLoad(value: unknown): PlannedLoad[] {
  if (!isRecord(value)) return [];
  const { testType, unit, points } = value;
  if (typeof testType !== 'string' || (unit !== 'vus' && unit !== 'ratePerSec')) return [];
  return [
    { testType, unit, points: Array.isArray(points) ? points.slice(0, MAX_POINTS).flatMap(toPoint) : [] },
  ];
}

function toPoint(value: unknown): [number, number][] {
  if (!Array.isArray(value)) return [];
  const [atMs, target]: unknown[] = value;
  return isWithin(atMs, MAX_RUN_MS) && isWithin(target, MAX_VALUE) ? [[atMs, target]] : [];
}

/** As of a sample (src/lib/samples/sample.ts). */
const MAX_RUN_MS = 1e10;
/** The year 5138. */
const MAX_WALL_CLOCK_MS = 1e14;
const MAX_VALUE = 1e12;
const MAX_STAGES = 1000;
const MAX_THRESHOLDS = 10_000;
const MAX_POINTS = 10_000;

/** A number that can be: files come from anywhere. */
function isWithin(value: unknown, max: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= max;
}
