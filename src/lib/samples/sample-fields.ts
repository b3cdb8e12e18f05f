import type { MetricName } from '../metrics/metric-list.ts';
import type { WarningKind } from '../answer/answer-warnings.ts';
import type { ErrorKind } from '../answer/attempt.ts';
import type { ReportedTimes } from '../answer/reported-times.ts';

/** What the cells of a line hold, by kind of field. */
type CellValues = {
  /** ms, always known. */
  time: number;
  /** ms, rounded to the microsecond; null where unknown. */
  ms: number | null;
  /** null where unknown. */
  number: number | null;
  /** 0 where a line has none. */
  count: number;
  name: string;
  /** null where there is none. */
  label: string | null;
  flag: boolean;
  verdict: boolean | null;
  phase: 'warmup' | 'main';
  outcome: 'ok' | 'aborted' | ErrorKind;
  /** null where it was charged, and where nothing was to be charged. */
  uncharged: 'unpriced' | 'usage_missing' | null;
  /** null where the server says nothing. */
  parts: ReportedTimes | null;
  /** 0 where there are none. */
  warnings: readonly WarningKind[];
};

/** What a line of this shape begins with; it changes when lines of before cannot be read as they were. */
export const SAMPLE_TYPE = 'llm-s2';

export type FieldKind = keyof CellValues;

/**
 * The fields of a request's line, in their order: its type, its reader, the header's `fields` and the table in
 * docs/results.md follow from this, and what a metric gets of it as it
 * stands (the fourth place: a Counter of every request, a Trend of each success); the writer is written out, for speed, and a test holds it to this order. A new field
 * goes to the end, so that lines of before are read as they were.
 */
export const SAMPLE_FIELDS = [
  ['atMs', 'time', "When it was issued, on k6's run clock, setup included."],
  ['testType', 'name', "The scenario's part."],
  ['model', 'name', 'Its name in the mix.'],
  ['provider', 'name', ''],
  ['phase', 'phase', '1 in the warm-up, else 0.'],
  ['stream', 'flag', 'Whether a streamed answer was asked for.'],
  ['status', 'count', 'HTTP status; 0 when no answer came.'],
  ['outcome', 'outcome', '`ok`, `aborted` (its user left), or the kind of failure.'],
  ['ttfbMs', 'ms', '', 'ai_ttfb_ms'],
  ['ttftMs', 'ms', '', 'ai_ttft_ms'],
  ['ttfoMs', 'ms', '', 'ai_ttfo_ms'],
  ['tpotMs', 'ms', '', 'ai_tpot_ms'],
  ['stallMs', 'ms', 'As `ai_stall_ms`, where nothing held the stream back.'],
  ['latencyMs', 'ms', 'null unless the request ended well.', 'ai_latency_ms'],
  ['endMs', 'time', 'Until the end of the answer, whatever it was.'],
  [
    'lagMs',
    'ms',
    'How late its first attempt started against its schedule; null without a schedule, and where a later retry stands for it.',
  ],
  ['inputTokens', 'number', '', 'ai_input_tokens'],
  ['cachedInputTokens', 'number', '', 'ai_cached_tokens'],
  ['outputTokens', 'number', '', 'ai_output_tokens'],
  ['reasoningTokens', 'number', '', 'ai_reasoning_tokens'],
  ['costUsd', 'number', 'null where the price or the usage is unknown.', 'ai_cost_dollars'],
  ['reportedCostUsd', 'number', 'What the server said that it cost.', 'ai_reported_cost_dollars'],
  ['chunks', 'count', 'Events with content; 0 for an answer in one piece.'],
  ['retry', 'count', '0 for a first attempt, 1 for its first repetition.'],
  [
    'good',
    'verdict',
    'Whether it met every SLO; null where it was not judged (a later retry stands for it).',
  ],
  ['retryAfterMs', 'number', 'The wait that the server asked for.'],
  ['vus', 'number', 'VUs active when it ended.'],
  ['pair', 'number', 'Ties the requests of one comparison together.'],
  ['turn', 'label', 'Of a conversation.'],
  ['window', 'label', 'Of a spike: before, during, after.'],
  ['step', 'label', 'Of `breakpoint`.'],
  [
    'reported',
    'parts',
    'What the server said of its time, ms: proxy, queue, prompt, first token, decode, by token.',
  ],
  [
    'warnings',
    'warnings',
    'Kinds of what looked wrong in the answer, or in its price, as in `ai_warnings`; 0 for none.',
  ],
  ['unknownFinish', 'label', 'The finish reason, when it is not known, as an identifier.'],
  [
    'uncharged',
    'uncharged',
    'Why a billed answer has no dollars: `unpriced`, `usage_missing`; null where it has, or costs nothing.',
  ],
  ['pauseMs', 'ms', 'The wait after it, before its repetition; null where none came.', 'ai_throttled_ms'],
  ['sinceFirstMs', 'count', 'From the issue of the first attempt to its own; 0 for a first attempt.'],
  ['connectMs', 'ms', 'Connection set-up, where it had to open one (meter transport).', 'ai_connect_ms'],
  ['hopMs', 'ms', '', 'ai_meter_overhead_ms'],
  ['sessionEnd', 'label', 'How its session ended with it: `complete` or `broken`; null: it did not.'],
  ['sessionMs', 'ms', "From a session's first request to its last answer, pauses included.", 'ai_session_ms'],
  ['kind', 'label', 'Of request: `chat`, `embeddings`; null in lines of before.'],
  [
    'inputs',
    'number',
    'Texts embedded, documents ranked, of a success; null for requests that are answered with text.',
    'ai_inputs',
  ],
] as const satisfies readonly (
  | readonly [name: string, kind: FieldKind, meaning: string]
  | readonly [name: string, kind: FieldKind, meaning: string, metric: MetricName]
)[];

/**
 * One request, as one line of text: what a run writes when the launcher asks for samples, and what reports are made from
 * (docs/decisions/0050-samples.md). It holds no prompt, no answer, no message and no key. Times in ms, money in US
 * dollars, null where unknown.
 */
export type SampleRecord = {
  [Field in (typeof SAMPLE_FIELDS)[number] as Field[0]]: CellValues[Field[1]];
};
