import { ERROR_KINDS, type ErrorKind } from '../answer/attempt.ts';

/**
 * One request, as one line of text: what a run writes when the launcher asks for samples, and what reports
 * are made from (docs/decisions/0050-samples.md). A line is a JSON array in a fixed order behind a marker, so
 * that lines from elsewhere in the same file are told apart by their first bytes. It holds no prompt, no
 * answer, no message and no key. Times in ms, money in US dollars, null where unknown.
 */
export type SampleRecord = {
  /** When the request was issued, on k6's run clock (`currentTestRunDuration`), setup included. */
  atMs: number;
  testType: string;
  model: string;
  provider: string;
  phase: 'warmup' | 'main';
  stream: boolean;
  /** HTTP status; 0 when no answer came. */
  status: number;
  outcome: 'ok' | ErrorKind;
  ttfbMs: number | null;
  ttftMs: number | null;
  ttfoMs: number | null;
  tpotMs: number | null;
  stallMs: number | null;
  /** As `ai_latency_ms`; null unless the request ended well. */
  latencyMs: number | null;
  /** Until the end of the answer, whatever it was. */
  endMs: number;
  /** How late it started against its schedule; null without a schedule. */
  lagMs: number | null;
  inputTokens: number | null;
  cachedInputTokens: number | null;
  outputTokens: number | null;
  reasoningTokens: number | null;
  costUsd: number | null;
  reportedCostUsd: number | null;
  /** Content-bearing events; 0 for a blocking answer. */
  chunks: number;
  /** 0 for a first attempt, 1 for its first repetition. */
  retry: number;
  /** Whether it met every SLO; null where it was not judged (a later retry stands for it). */
  good: boolean | null;
  /** The wait that the server asked for. */
  retryAfterMs: number | null;
  /** Values of this request that were kept out of metrics: not finite, or below zero. */
  rejectedValues: number;
  /** VUs active when it was issued. */
  vus: number | null;
  /** The number that ties the requests of one `ab` iteration together. */
  pair: number | null;
  turn: string | null;
  window: string | null;
  step: string | null;
};

const MARKER = '["llm-s1",';

/**
 * The line of one request, without a line end. Called once a request inside k6, so it builds one array and
 * leaves the rest to the engine's own JSON writer. Times are rounded to the microsecond.
 */
export function encodeSample(record: SampleRecord): string {
  return JSON.stringify([
    'llm-s1',
    micro(record.atMs),
    record.testType,
    record.model,
    record.provider,
    record.phase === 'warmup' ? 1 : 0,
    record.stream ? 1 : 0,
    record.status,
    record.outcome,
    micro(record.ttfbMs),
    micro(record.ttftMs),
    micro(record.ttfoMs),
    micro(record.tpotMs),
    micro(record.stallMs),
    micro(record.latencyMs),
    micro(record.endMs),
    micro(record.lagMs),
    record.inputTokens,
    record.cachedInputTokens,
    record.outputTokens,
    record.reasoningTokens,
    record.costUsd,
    record.reportedCostUsd,
    record.chunks,
    record.retry,
    record.good === null ? null : record.good ? 1 : 0,
    record.retryAfterMs,
    record.rejectedValues,
    record.vus,
    record.pair,
    record.turn,
    record.window,
    record.step,
  ]);
}

const FIELDS = 33;

/** The record of a line that `encodeSample` wrote; null for any other line, half-written ones included. */
export function parseSample(line: string): SampleRecord | null {
  if (!isSampleLine(line)) return null;
  const cells = parseArray(line);
  if (cells === null || cells.length < FIELDS) return null;
  const outcome = toOutcome(cells[8]);
  const atMs = toNumber(cells[1]);
  const endMs = toNumber(cells[15]);
  if (outcome === null || atMs === null || endMs === null) return null;
  return {
    atMs,
    testType: toText(cells[2]) ?? '',
    model: toText(cells[3]) ?? '',
    provider: toText(cells[4]) ?? '',
    phase: cells[5] === 1 ? 'warmup' : 'main',
    stream: cells[6] === 1,
    status: toNumber(cells[7]) ?? 0,
    outcome,
    ttfbMs: toNumber(cells[9]),
    ttftMs: toNumber(cells[10]),
    ttfoMs: toNumber(cells[11]),
    tpotMs: toNumber(cells[12]),
    stallMs: toNumber(cells[13]),
    latencyMs: toNumber(cells[14]),
    endMs,
    lagMs: toNumber(cells[16]),
    inputTokens: toNumber(cells[17]),
    cachedInputTokens: toNumber(cells[18]),
    outputTokens: toNumber(cells[19]),
    reasoningTokens: toNumber(cells[20]),
    costUsd: toNumber(cells[21]),
    reportedCostUsd: toNumber(cells[22]),
    chunks: toNumber(cells[23]) ?? 0,
    retry: toNumber(cells[24]) ?? 0,
    good: cells[25] === 1 ? true : cells[25] === 0 ? false : null,
    retryAfterMs: toNumber(cells[26]),
    rejectedValues: toNumber(cells[27]) ?? 0,
    vus: toNumber(cells[28]),
    pair: toNumber(cells[29]),
    turn: toText(cells[30]),
    window: toText(cells[31]),
    step: toText(cells[32]),
  };
}

/** Whether a line claims to be a sample: it may still be half-written. */
export function isSampleLine(line: string): boolean {
  return line.startsWith(MARKER);
}

/** A time rounded to the microsecond; what is not finite becomes null, as JSON would make it. */
function micro(valueMs: number | null): number | null {
  return valueMs === null ? null : Math.round(valueMs * 1000) / 1000;
}

const OUTCOMES: ReadonlyMap<unknown, 'ok' | ErrorKind> = new Map(
  (['ok', ...ERROR_KINDS] as const).map((kind) => [kind, kind]),
);

function toOutcome(cell: unknown): 'ok' | ErrorKind | null {
  return OUTCOMES.get(cell) ?? null;
}

function toNumber(cell: unknown): number | null {
  return typeof cell === 'number' ? cell : null;
}

function toText(cell: unknown): string | null {
  return typeof cell === 'string' ? cell : null;
}

/** A line's JSON array; null when it is not one. */
export function parseArray(line: string): readonly unknown[] | null {
  try {
    const parsed: unknown = JSON.parse(line);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}
