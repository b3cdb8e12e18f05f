import type { ErrorKind, Failure } from '../attempt.ts';
import { type Finish, isFinishFailure } from './finish-reason.ts';
import { describeBody, type WireError } from './error-body.ts';
import {
  isKeyWording,
  isOverloadWording,
  isQuotaWording,
  kindOfStatus,
  kindOfWording,
  kindOfWords,
  statusOfCode,
} from './error-wording.ts';
import { findHeader, type Headers } from '../headers/find-header.ts';
import { parseJson } from '../../parse/json.ts';
import { describeRedirect } from './redirect.ts';
import { redact, snippetOf } from './snippet.ts';
import { plainName } from '../../text/plain-text.ts';

/** Whether the same request may succeed if sent again, as long as nothing of the answer had come. */
const RETRYABLE: Readonly<Record<ErrorKind, boolean>> = {
  rate_limited: true,
  quota: false,
  auth: false,
  bad_request: false,
  server: true,
  overloaded: true,
  timeout: true,
  network: true,
  stream_error: true,
  truncated: true,
  empty: true,
  invalid: false,
  content_filter: false,
};

/** Builds a failure. One that had brought part of an answer is never retryable: it would be paid twice. */
export function failureOf(error: ErrorKind, message: string, partialOutput = false): Failure {
  return { kind: 'failed', error, message, retryable: RETRYABLE[error] && !partialOutput, partialOutput };
}

/** A head and a body, as any transport has them. */
export type HttpBody = { status: number; headers: Headers; bodyText: string };

/** Classifies an answer whose status is not 2xx, by its status, refined by what the body says. */
export function classifyRefusal({ status, headers, bodyText }: HttpBody): Failure {
  const redirect = describeRedirect(status, headers);
  if (redirect !== null) return failureOf('bad_request', `status ${status}: ${redirect}`);
  const body = parseJson(bodyText);
  const error = describeBody(body);
  const said = error?.message ?? snippetOf(bodyText);
  const kind = refine(kindOfStatus(status), { error, said });
  const failure = failureOf(
    kind,
    headline(status, headers, error === null ? bodyText : describeError(error)),
  );
  return status === 501 || status === 505 ? { ...failure, retryable: false } : failure;
}

/** Names the answer for people: `status 502 (text/html): Bad gateway`. */
export function headline(status: number, headers: Headers, text: string): string {
  const type = findHeader(headers, 'content-type')?.split(';')[0]?.trim() ?? '';
  const snippet = snippetOf(text);
  return (
    redact(`status ${status}${type === '' ? '' : ` (${plainName(type.slice(0, 40))})`}`) +
    (snippet === '' ? '' : `: ${snippet}`)
  );
}

function refine(kind: ErrorKind, { error, said }: { error: WireError | null; said: string }): ErrorKind {
  const word = error === null ? null : kindOfWords(error);
  if (kind === 'invalid') return kind;
  if (word === 'quota' || word === 'content_filter' || word === 'overloaded') return word;
  if (kind === 'rate_limited') return word !== 'rate_limited' && isQuotaWording(said) ? 'quota' : kind;
  if (kind === 'bad_request' || kind === 'auth') {
    if (/credit balance is too low/i.test(said)) return 'quota';
    // Some servers refuse a key with 400: Google's, LiteLLM's without a database.
    return word === 'auth' || isKeyWording(said) ? 'auth' : kind;
  }
  return kind === 'server' && isOverloadWording(said) ? 'overloaded' : kind;
}

/**
 * Classifies an error found inside an answer of status 200: by its numeric code as that status would be, by the
 * words of its code or type, by its wording. In a stream, a failing server is `stream_error`: what had come is
 * lost, and status and latency looked well.
 */
export function classifyInBody(
  error: WireError,
  { where, partialOutput }: { where: 'body' | 'stream'; partialOutput: boolean },
): Failure {
  const status = statusOfCode(error);
  const said = error.message ?? '';
  const byStatus = status === null || status < 300 ? null : refine(kindOfStatus(status), { error, said });
  const kind = byStatus ?? kindOfWords(error) ?? kindOfWording(said) ?? 'server';
  const place = where === 'stream' ? 'error in the stream' : 'status 200 with an error';
  const message = `${place}: ${snippetOf(describeError(error))}`;
  return failureOf(where === 'stream' && kind === 'server' ? 'stream_error' : kind, message, partialOutput);
}

/**
 * The failure that a finish reason names; null when it names none. What broke behind the answer is `stream_error` in
 * a stream and `server` elsewhere.
 */
export function classifyFinish(
  { reason, kind }: Finish,
  { where, partialOutput }: { where: 'body' | 'stream'; partialOutput: boolean },
): Failure | null {
  if (!isFinishFailure(kind)) return null;
  if (kind === 'content_filter') {
    return failureOf(kind, `the answer was filtered: ${snippetOf(reason)}`, partialOutput);
  }
  const error = kind === 'server' && where === 'stream' ? 'stream_error' : kind;
  return failureOf(error, `finish_reason is ${snippetOf(reason)}`, partialOutput);
}

function describeError({ code, type, message }: WireError): string {
  const names = [code, type].filter((part) => part !== null && part !== '');
  const named = names.join(' ');
  if (message === null) return named;
  return named === '' ? message : `${named}: ${message}`;
}

/** A request that got no whole answer: what k6 or a socket says of it. */
export type TransportError = {
  /** k6's `error_code`; 0 where there is none. */
  errorCode: number;
  errorText: string;
  /** The head of an answer had come. */
  answerBegan?: boolean;
  /** Content had come. */
  partialOutput?: boolean;
};

/** k6: the request's own time-out (docs: k6 error codes). */
const K6_TIMEOUT = 1050;

/** Classifies a request that ended in an error of the connection: `timeout`, `truncated` once an answer had begun, else `network`. */
export function classifyTransport(error: TransportError): Failure {
  const { errorCode, errorText, answerBegan = false, partialOutput = false } = error;
  const text = snippetOf(errorText);
  const timedOut =
    errorCode === K6_TIMEOUT || (errorCode === 0 && /time.?out|timed out|deadline exceeded/i.test(errorText));
  const code = errorCode === 0 ? '' : ` (${errorCode})`;
  if (timedOut) return failureOf('timeout', `timed out${code}: ${text}`, partialOutput);
  if (answerBegan) return failureOf('truncated', `the answer broke off${code}: ${text}`, partialOutput);
  return failureOf('network', `no answer${code}: ${text}`, partialOutput);
}
