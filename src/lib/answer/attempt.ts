import type { AnswerWarning } from './answer-warnings.ts';
import type { ReportedTimes } from './reported-times.ts';
import type { OwnRate } from './usage/own-rates.ts';

/**
 * What one request told us. Every transport (blocking HTTP, xk6-sse, the stream meter) ends in this one
 * type, and everything that counts (metrics, samples, summary) starts from it.
 *
 * Times are in ms from the moment the request was issued, null when unknown or not visible to the transport.
 */
export type Attempt = Omit<AnswerReading, 'outcome'> & {
  outcome: Outcome | Abandoned;
  /** HTTP status; 0 when no answer came. */
  status: number;
  /** → first byte of the response. */
  ttfbMs: number | null;
  /** → the end of the answer, whatever it was. */
  endMs: number;
  /** The wait that the server asked for, from Retry-After and its kin. */
  retryAfterMs: number | null;
  /** Connection set-up, where the transport tells it apart and this request had to open one. */
  connectMs: number | null;
  /** What a hop between k6 and the server's own answer cost (the meter's); outside every other time. */
  hopMs: number | null;
  /** `x-ratelimit-remaining-*`: what is left, by limit (`requests`, `tokens`). */
  rateLimitRemaining: readonly { limit: string; remaining: number }[];
};

/** What an answer tells apart from its text, whether it came in one piece or event by event. */
export type AnswerReading = StreamTimes & {
  outcome: Outcome;
  usage: Usage;
  pace: Pace;
  /** What the answer says is billed at a rate of its own. */
  rates: readonly OwnRate[];
  /** The model's name as the answer gives it. */
  answeredModel: string | null;
  finishReason: string | null;
  /** The relay's own figure for the cost of this request: `usage.cost`; of an attempt, LiteLLM's header too. */
  reportedCostUsd: number | null;
  /** What the server itself says of the time that it took; null when it says nothing. Of an attempt, the head's too. */
  reported: ReportedTimes | null;
  /** What looked wrong in an answer that was read all the same. */
  warnings: readonly AnswerWarning[];
};

/** The content events of a stream, and their times. null: none came, or not known. */
export type StreamTimes = {
  /** Events with text, reasoning, refusal, tool name or arguments; 0 for a blocking answer. */
  chunks: number;
  /** → first of them. */
  ttftMs: number | null;
  /** → first of them that is not reasoning. */
  ttfoMs: number | null;
  /** → last of them. */
  lastOutputMs: number | null;
  /** The largest gap between two of them; null below two. */
  stallMs: number | null;
  /** Every gap; null unless asked for (`LLM_ICL=all`). */
  gapsMs: readonly number[] | null;
  /** Everything came at once at the end: a proxy held the stream back, so its TTFT and TPOT mean nothing. */
  bufferedByProxy: boolean;
};

/** Of an answer in which no content event was seen, or none has a time. */
export const NO_TIMES: StreamTimes = {
  chunks: 0,
  ttftMs: null,
  ttfoMs: null,
  lastOutputMs: null,
  stallMs: null,
  gapsMs: null,
  bufferedByProxy: false,
};

/**
 * Whether the tokens counted are those whose times were seen: `hidden` when some were never streamed (no TPOT, no
 * tokens/s), `interleaved` when several choices wrote them side by side (no TPOT).
 */
export type Pace = 'seen' | 'hidden' | 'interleaved';

/** Token counts as the server reports them. null is unknown, never 0. */
export type Usage = {
  /** All input tokens, cached ones included. */
  inputTokens: number | null;
  /** The part of `inputTokens` read from the provider's prompt cache. */
  cachedInputTokens: number | null;
  /** The part of `inputTokens` written to the prompt cache, where that is billed apart (Anthropic). */
  cacheWriteInputTokens: number | null;
  /** All output tokens, reasoning included. */
  outputTokens: number | null;
  /** The part of `outputTokens` spent on reasoning. */
  reasoningTokens: number | null;
};

export const UNKNOWN_USAGE: Usage = {
  inputTokens: null,
  cachedInputTokens: null,
  cacheWriteInputTokens: null,
  outputTokens: null,
  reasoningTokens: null,
};

/** The reading of an answer that tells nothing but how it ended. */
export function nothingTold(outcome: Outcome): AnswerReading {
  return { ...NOTHING, outcome };
}

const NOTHING: Omit<AnswerReading, 'outcome'> = {
  ...NO_TIMES,
  usage: UNKNOWN_USAGE,
  pace: 'seen',
  rates: [],
  answeredModel: null,
  finishReason: null,
  reportedCostUsd: null,
  reported: null,
  warnings: [],
};

/** A request ends well, or as one named kind of failure. Latency counts on `ok` alone. */
export type Outcome = { kind: 'ok' } | Failure;

/** The user gave the answer up (`LLM_ABORT`): neither well nor failed, so it is in no latency and no error rate. */
export type Abandoned = {
  kind: 'aborted';
  /** Content had come before. */
  partialOutput: boolean;
};

export type Failure = {
  kind: 'failed';
  error: ErrorKind;
  /** One line for people: status, content type, a short snippet. Never a key, never a whole page. */
  message: string;
  /** Whether the same request may succeed if sent again. */
  retryable: boolean;
  /** Content had arrived before it failed. */
  partialOutput: boolean;
};

/** The `kind` tag of `ai_errors`: a closed set, in the order in which summaries list it. */
export const ERROR_KINDS = [
  'rate_limited',
  'quota',
  'auth',
  'bad_request',
  'server',
  'overloaded',
  'timeout',
  'network',
  'stream_error',
  'truncated',
  'empty',
  'invalid',
  'content_filter',
] as const;

export type ErrorKind = (typeof ERROR_KINDS)[number];
