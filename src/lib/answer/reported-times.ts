import { isRecord } from '../parse/json.ts';
import { findHeader, type Headers } from './headers/find-header.ts';

/**
 * The parts of a request's time that servers tell of, in the order in which they pass: a relay's own work, the wait in
 * the engine's queue, the prompt, the first token since the request came (all that stands before it), writing, and
 * writing by the token.
 */
export const REPORTED_PARTS = ['proxy', 'queue', 'prompt', 'first_token', 'decode', 'token'] as const;

export type ReportedPart = (typeof REPORTED_PARTS)[number];

/** What the server says of one request, ms by part; what it does not say is missing. */
export type ReportedTimes = Readonly<Partial<Record<ReportedPart, number>>>;

const SECOND_MS = 1000;

/** A number somewhere in an answer: its part, and how many ms its unit is. */
type Source = readonly [part: ReportedPart, unitMs: number];

/**
 * Objects inside a body, or inside a stream's last events, that hold times, by their paths. Read from recordings
 * (llama.cpp), documentation and source (2026-11): Groq puts them into `usage`, and in streams into `x_groq.usage` too;
 * vLLM needs `--enable-per-request-metrics` and `"include_metrics": true` in the request.
 */
const BODY: readonly (readonly [path: readonly string[], fields: Readonly<Record<string, Source>>])[] = [
  [
    ['timings'],
    { prompt_ms: ['prompt', 1], predicted_ms: ['decode', 1], predicted_per_token_ms: ['token', 1] },
  ],
  [['usage'], secondsOfGroq()],
  [['x_groq', 'usage'], secondsOfGroq()],
  // Cerebras.
  [['time_info'], secondsOfGroq()],
  // vLLM.
  [
    ['metrics'],
    {
      queue_time_ms: ['queue', 1],
      time_to_first_token_ms: ['first_token', 1],
      generation_time_ms: ['decode', 1],
      mean_itl_ms: ['token', 1],
    },
  ],
  // SGLang's own endpoints.
  [['meta_info'], { queue_time: ['queue', SECOND_MS] }],
];
const OUTERMOST = BODY.map(([[name]]) => name ?? '');

function secondsOfGroq(): Readonly<Record<string, Source>> {
  return {
    queue_time: ['queue', SECOND_MS],
    prompt_time: ['prompt', SECOND_MS],
    completion_time: ['decode', SECOND_MS],
  };
}

/** Headers that hold times: LiteLLM's, TGI's, Fireworks'. */
const HEADERS: Readonly<Record<string, Source>> = {
  'x-litellm-overhead-duration-ms': ['proxy', 1],
  'x-queue-time': ['queue', 1],
  'x-time-per-token': ['token', 1],
  'fireworks-server-time-to-first-token': ['first_token', SECOND_MS],
};

/** What one event or one body tells; null when it tells nothing. */
export function readBodyTimes(root: Readonly<Record<string, unknown>>): ReportedTimes | null {
  // Most events tell nothing; k6's engine takes 3 us for each turn of the loop below.
  if (!OUTERMOST.some((name) => root[name] !== undefined)) return null;
  let times: ReportedTimes | null = null;
  for (const [path, fields] of BODY) {
    const holder = atPath(root, path);
    if (holder !== null) times = withFields(times, holder, fields);
  }
  return times;
}

/** What an answer's head tells; null when it tells nothing. */
export function readHeaderTimes(headers: Headers): ReportedTimes | null {
  let times: ReportedTimes | null = null;
  for (const name of Object.keys(HEADERS)) {
    const text = findHeader(headers, name);
    if (text !== null) times = withFields(times, { [name]: text }, HEADERS);
  }
  return times;
}

/** Part by part, the later word. */
export function mergeTimes(earlier: ReportedTimes | null, later: ReportedTimes | null): ReportedTimes | null {
  if (earlier === null || later === null) return later ?? earlier;
  return { ...earlier, ...later };
}

function atPath(
  root: Readonly<Record<string, unknown>>,
  path: readonly string[],
): Record<string, unknown> | null {
  let value: unknown = root;
  for (const key of path) value = isRecord(value) ? value[key] : undefined;
  return isRecord(value) ? value : null;
}

function withFields(
  before: ReportedTimes | null,
  holder: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Source>>,
): ReportedTimes | null {
  let times = before;
  for (const [field, [part, unitMs]] of Object.entries(fields)) {
    const value = toNumber(holder[field]);
    if (value !== null) times = { ...times, [part]: value * unitMs };
  }
  return times;
}

/** A finite number from 0, or its digits; `None`, a negative mark for "unknown" and the like are none. */
function toNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null;
}
