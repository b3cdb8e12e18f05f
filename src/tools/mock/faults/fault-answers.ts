import type { ErrorKind } from '../../../lib/answer/attempt.ts';
import type { FaultName, FaultSet } from './faults.ts';
import type { MockAnswer } from '../server/mock-exchange.ts';
import type { MockError, MockFormat } from '../../../lib/kinds/mock/mock-format.ts';

/** An answer in place of the one asked for, and what a right client counts for it. */
export type ErrorAnswer = { answer: MockAnswer; kind: ErrorKind };

const HTML_PAGE =
  '<!DOCTYPE html>\n<html>\n<head><title>502 Bad Gateway</title></head>\n' +
  '<body>\n<h1>Bad Gateway</h1>\n<p>The mock proxy got no answer from its upstream.</p>\n</body>\n</html>\n';

/** A JSON error of a wire as an answer. */
export function errorAnswer(
  format: Pick<MockFormat, 'errorBody'>,
  spec: { status: number; kind: ErrorKind; error: MockError; headers?: Readonly<Record<string, string>> },
): ErrorAnswer {
  const { status, kind, error, headers = {} } = spec;
  return { kind, answer: { status, type: 'application/json', headers, body: format.errorBody(error) } };
}

/** 429 for too many requests, with or without a wait. */
export function rateLimitAnswer(format: MockFormat, retryAfter: string | null): ErrorAnswer {
  return errorAnswer(format, {
    status: 429,
    kind: 'rate_limited',
    error: {
      message: 'too many requests for the mock, try again later',
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
    },
    headers: retryAfter === null ? {} : { 'retry-after': retryAfter },
  });
}

/** 401 for a key that is missing or wrong. */
export function authAnswer(format: MockFormat): ErrorAnswer {
  return errorAnswer(format, {
    status: 401,
    kind: 'auth',
    error: { message: 'the API key is not accepted', type: 'authentication_error', code: 'invalid_api_key' },
  });
}

/** The answer of the `answer` fault among `faults` that takes the place of a generation; null: none does. */
export function faultAnswer(
  faults: FaultSet,
  context: { format: MockFormat; unixNowMs: number },
): (ErrorAnswer & { name: FaultName }) | null {
  for (const [name, param] of faults) {
    const answer = answerFor(name, param, context);
    if (answer !== null) return { name, ...answer };
  }
  return null;
}

function answerFor(
  name: FaultName,
  param: number,
  { format, unixNowMs }: { format: MockFormat; unixNowMs: number },
): ErrorAnswer | null {
  const failed = (status: number, kind: ErrorKind, error: MockError): ErrorAnswer =>
    errorAnswer(format, { status, kind, error });
  switch (name) {
    case 'rate_limit_seconds':
      return rateLimitAnswer(format, String(param));
    case 'rate_limit_date':
      return rateLimitAnswer(format, new Date(unixNowMs + param * 1000).toUTCString());
    case 'rate_limit_absent':
      return rateLimitAnswer(format, null);
    case 'insufficient_quota':
      return failed(429, 'quota', {
        message: 'the mock account has no credit left, see its plan and billing',
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      });
    case 'auth_401':
      return authAnswer(format);
    case 'server_500':
      return failed(500, 'server', { message: 'the mock engine failed', type: 'server_error', code: 500 });
    case 'unavailable_503':
      return { kind: 'server', answer: { status: 503, type: 'text/plain', body: '' } };
    case 'overloaded_529':
      return {
        kind: 'overloaded',
        answer: {
          status: 529,
          type: 'application/json',
          body: '{"type":"error","error":{"type":"overloaded_error","message":"the mock is overloaded"}}',
        },
      };
    case 'error_in_200':
      return failed(200, kindOfCode(param), {
        message: 'the mock engine failed after the head was sent',
        type: param === 429 ? 'rate_limit_error' : 'server_error',
        code: param,
      });
    case 'html':
      return { kind: 'server', answer: { status: 502, type: 'text/html', body: HTML_PAGE } };
    case 'html_200':
      return { kind: 'invalid', answer: { status: 200, type: 'text/html', body: HTML_PAGE } };
    default:
      return null;
  }
}

function kindOfCode(code: number): ErrorKind {
  if (code === 429) return 'rate_limited';
  return code === 529 ? 'overloaded' : 'server';
}

const REFUSED_FIELDS: Readonly<Partial<Record<FaultName, string>>> = {
  refuse_stream_options: 'stream_options',
  refuse_max_tokens: 'max_tokens',
  refuse_temperature: 'temperature',
};

/** The refusal of a request that holds a field which one of `faults` does not take; null: all is taken. */
export function refusalAnswer(
  faults: FaultSet,
  context: { format: MockFormat; has: (field: string) => boolean },
): (ErrorAnswer & { name: FaultName }) | null {
  for (const [name, status] of faults) {
    const field = REFUSED_FIELDS[name];
    if (field === undefined || !context.has(field)) continue;
    if (status === 422) return { name, kind: 'bad_request', answer: pydanticRefusal(field) };
    const code = field === 'temperature' ? 'unsupported_value' : 'unsupported_parameter';
    const error = {
      message: `this model does not take ${field}`,
      type: 'invalid_request_error',
      param: field,
      code,
    };
    return { name, ...errorAnswer(context.format, { status: 400, kind: 'bad_request', error }) };
  }
  return null;
}

/** As servers built on pydantic say it. */
function pydanticRefusal(field: string): MockAnswer {
  const detail = [{ type: 'extra_forbidden', loc: ['body', field], msg: 'this field is not allowed' }];
  return { status: 422, type: 'application/json', body: JSON.stringify({ detail }) };
}
