import type { ErrorKind } from '../../../lib/answer/attempt.ts';

/**
 * Where a fault works. `answer`: in place of an answer, at once. `ending`: the answer begins and then breaks.
 * `shape`: the answer is whole, but comes in an unusual form. `refusal`: only for requests that hold a field.
 * A request gets at most one of `answer` and `ending`; the others add to it.
 */
export type FaultGroup = 'answer' | 'ending' | 'shape' | 'refusal';

export type FaultSpec = {
  group: FaultGroup;
  meaning: string;
  /** What the number after the colon means, and its default. */
  param?: { meaning: string; default: number };
  /** The kind of failure that a right client counts for a streamed answer; null: it is none. */
  streamed: ErrorKind | null;
  /** The same for a blocking answer; `ignored`: the fault has no meaning there, and is not counted. */
  blocking: ErrorKind | null | 'ignored';
};

const WAIT = { meaning: 'seconds to wait', default: 1 };
/** By default half of the answer comes. */
const AFTER = { meaning: 'content events before it', default: -1 };

function answer(kind: ErrorKind, meaning: string, param?: FaultSpec['param']): FaultSpec {
  return {
    group: 'answer',
    meaning,
    streamed: kind,
    blocking: kind,
    ...(param === undefined ? {} : { param }),
  };
}

function shape(meaning: string, blocking: null | 'ignored', param?: FaultSpec['param']): FaultSpec {
  return { group: 'shape', meaning, streamed: null, blocking, ...(param === undefined ? {} : { param }) };
}

function refusal(field: string): FaultSpec {
  return {
    group: 'refusal',
    meaning: `a request with ${field} is refused`,
    param: { meaning: 'status, 400 or 422', default: 400 },
    streamed: 'bad_request',
    blocking: 'bad_request',
  };
}

/** Every fault, once: drawing, answering, the truth, `--help` and docs/mock.md go by this table. */
export const FAULTS = {
  rate_limit_seconds: answer('rate_limited', '429, Retry-After in seconds', WAIT),
  rate_limit_date: answer('rate_limited', '429, Retry-After as an HTTP date', WAIT),
  rate_limit_absent: answer('rate_limited', '429 without Retry-After'),
  insufficient_quota: answer('quota', '429 that no waiting mends'),
  auth_401: answer('auth', '401, the key is not accepted'),
  server_500: answer('server', '500 with a JSON error'),
  unavailable_503: answer('server', '503 with an empty body'),
  overloaded_529: answer('overloaded', '529, as Anthropic says overloaded'),
  error_in_200: answer('server', '200 whose body is an error', { meaning: 'its code', default: 500 }),
  html: answer('server', "502 with a proxy's HTML page"),
  html_200: answer('invalid', '200 with an HTML page'),
  hang: answer('timeout', 'no answer until the client leaves, at most 10 min'),
  empty: answer('empty', 'an answer without text, with 0 tokens'),
  reset: {
    group: 'ending',
    meaning: 'RST in mid-answer',
    param: AFTER,
    streamed: 'truncated',
    blocking: 'truncated',
  },
  cut: {
    group: 'ending',
    meaning: 'the body ends cleanly in mid-answer, with no end mark',
    param: AFTER,
    streamed: 'truncated',
    blocking: 'invalid',
  },
  truncated_chunk: {
    group: 'ending',
    meaning: 'FIN within a chunk of the body',
    param: AFTER,
    streamed: 'truncated',
    blocking: 'truncated',
  },
  interrupted: {
    group: 'ending',
    meaning: '[DONE] in mid-answer, then FIN without the last chunk',
    param: AFTER,
    streamed: 'truncated',
    blocking: 'ignored',
  },
  error_event: {
    group: 'ending',
    meaning: 'an error event in mid-answer, then [DONE]',
    param: AFTER,
    streamed: 'stream_error',
    blocking: 'server',
  },
  no_usage: shape('no token counts', null),
  zero_usage: shape('all token counts 0', null),
  stall: shape('a pause in mid-answer', 'ignored', { meaning: 'ms', default: 2000 }),
  malformed_event: shape('an event of broken JSON between two others', 'ignored'),
  role_only: shape('head and role event at once, long before the first token', 'ignored'),
  reasoning_first: shape('reasoning before the answer', null, {
    meaning: 'percent of the tokens',
    default: 50,
  }),
  multi_token: shape('several tokens in one event', 'ignored', { meaning: 'tokens', default: 4 }),
  crlf: shape('lines end with CR LF', 'ignored'),
  comments: shape('comment lines before and between events', 'ignored'),
  held_back: shape('everything comes at once, when the last token is due', 'ignored'),
  no_done: shape('the stream ends after the finish reason, without [DONE]', 'ignored'),
  silent_close: shape('after the answer the connection is dead', null, {
    meaning: '0 RST on the next request, 1 FIN at once',
    default: 0,
  }),
  tool_calls: shape('a tool call in place of text', null),
  refuse_stream_options: refusal('stream_options'),
  refuse_max_tokens: refusal('max_tokens'),
  refuse_temperature: refusal('temperature'),
} as const satisfies Record<string, FaultSpec>;

export type FaultName = keyof typeof FAULTS;

/** The same table with its fields widened, so that optional ones can be asked for. */
export const FAULT_SPECS: Readonly<Record<FaultName, FaultSpec>> = FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS).filter(isFaultName);

/** The faults of one request, each with its number. */
export type FaultSet = ReadonlyMap<FaultName, number>;

export const NO_FAULTS: FaultSet = new Map();

export function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(FAULTS, text);
}

/** The table for people, a line each. */
export function renderFaults(): string {
  return FAULT_NAMES.map((name) => {
    const { meaning, param } = FAULT_SPECS[name];
    const number =
      param === undefined
        ? ''
        : ` (N: ${param.meaning}, default ${param.default < 0 ? 'half' : param.default})`;
    return `  ${name.padEnd(22)}${meaning}${number}`;
  }).join('\n');
}
