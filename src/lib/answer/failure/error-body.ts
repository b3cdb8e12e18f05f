import { isRecord } from '../../parse/json.ts';

/** An error as a server words it, whatever its wire. */
export type WireError = {
  /** `429`, `"insufficient_quota"`, a number as text too. */
  code: string | number | null;
  /** `"overloaded_error"`, Google's `status`, … */
  type: string | null;
  message: string | null;
};

/**
 * The error in a JSON answer, event or choice; null when it holds none. `"error": null`, `false`, `""` and `{}`
 * are no errors. Knows OpenAI's and Anthropic's form, a bare text, lists of errors, FastAPI's `detail`.
 */
export function findError(body: unknown): WireError | null {
  const root: unknown = Array.isArray(body) ? body[0] : body;
  if (!isRecord(root)) return null;
  const own = readError(root['error'], root);
  if (own !== null) return own;
  const { errors } = root;
  const listed = Array.isArray(errors) ? readError(errors[0], root) : null;
  if (listed !== null) return listed;
  if (root['type'] === 'error' || root['object'] === 'error') return fromRecord(root);
  return null;
}

/** What a body of a refused request says, also where it does not call it an error. */
export function describeBody(body: unknown): WireError | null {
  const found = findError(body);
  if (found !== null || !isRecord(body)) return found;
  const { detail, message, title } = body;
  const text = [detail, message, title].find((part) => typeof part === 'string' && part !== '');
  if (text !== undefined) return { ...fromRecord(body), message: String(text) };
  const [first]: unknown[] = Array.isArray(detail) ? detail : [];
  if (!isRecord(first)) return null;
  const place = Array.isArray(first['loc']) ? `${first['loc'].join('.')}: ` : '';
  return { code: null, type: textOf(first['type']), message: `${place}${textOf(first['msg']) ?? ''}` };
}

/** Any of these, and the object is (a part of) an answer, whatever else it says. */
const ANSWER_KEYS = [
  'choices',
  'content',
  'output',
  'delta',
  'message_start',
  'usage',
  'text',
  'response',
  'candidates',
];
const WORDS_KEYS = [
  'message',
  'msg',
  'detail',
  'error_msg',
  'errorMessage',
  'error_message',
  'err_msg',
  'reason',
];
const ERROR_CODE_KEYS = ['error_code', 'errorCode', 'err_code', 'errorType'];
const STATUS_KEYS = ['status_code', 'statusCode', 'status'];
/** Codes that say that all is well. */
const FINE = /^([01]\d{0,2}|2\d\d|ok|success|succeeded|completed|in_progress)$/i;
/** Of a code that calls itself an error's (Baidu's 17 is a spent day, its 110 a wrong token). */
const NO_ERROR = /^(0+|ok|none|null|success|succeeded)$/i;
/** A status may also tell that the request waits: one that is an error says so. */
const BAD_STATUS = /^[3-9]\d\d$|err|fail|invalid|denied|unauth|exceed|exhaust|unavail|timeout|overload/i;

/**
 * An error that does not call itself one, as relays and gateways write them in place of an answer: a code and words
 * (`{"code": "InvalidParameter", "message": …}`), `success: false`, Bedrock's `{"throttlingException": {…}}`,
 * MiniMax's `base_resp`, FastAPI's `detail`. null for anything that may be an answer.
 */
export function findBareError(root: Record<string, unknown>): WireError | null {
  const own = root['base_resp'];
  if (isRecord(own) && !FINE.test(String(own['status_code'] ?? 0))) {
    return { code: codeOf(own['status_code']), type: null, message: textOf(own['status_msg']) };
  }
  const isAnswer = ANSWER_KEYS.some((key) => root[key] !== undefined) || isRecord(root['data']);
  if (isAnswer || findError(root) !== null) return null;
  for (const [key, value] of Object.entries(root)) {
    if (!/(exception|error|fault)$/i.test(key) || !isRecord(value)) continue;
    return { ...fromRecord(value), type: key, message: wordsOf(value) };
  }
  const said = wordsOf(root);
  const plainCode = codeOf(root['code']);
  const errorCode = firstCode(root, ERROR_CODE_KEYS);
  const status = firstCode(root, STATUS_KEYS);
  const isRefused = root['success'] === false || root['ok'] === false;
  const isCoded =
    (plainCode !== null && !FINE.test(String(plainCode))) ||
    (errorCode !== null && !NO_ERROR.test(String(errorCode))) ||
    (status !== null && BAD_STATUS.test(String(status)));
  if (said === null || (!isRefused && !isCoded && root['detail'] === undefined)) return null;
  return { code: plainCode ?? errorCode ?? status, type: textOf(root['type']), message: said };
}

function firstCode(root: Record<string, unknown>, keys: readonly string[]): string | number | null {
  return keys.map((key) => codeOf(root[key])).find((found) => found !== null) ?? null;
}

function wordsOf(root: Record<string, unknown>): string | null {
  for (const key of WORDS_KEYS) {
    const words = textOf(root[key]) ?? (key === 'detail' ? (describeBody(root)?.message ?? null) : null);
    if (words !== null) return words;
  }
  return null;
}

function readError(error: unknown, around: Record<string, unknown>): WireError | null {
  if (typeof error === 'string' && error !== '') {
    const type = textOf(around['error_type']) ?? textOf(around['type']);
    return { code: codeOf(around['code']) ?? codeOf(around['status']), type, message: error };
  }
  if (error === true) return fromRecord(around);
  return isRecord(error) && Object.keys(error).length > 0 ? fromRecord(error) : null;
}

function fromRecord(error: Record<string, unknown>): WireError {
  const { code, type, message, status, detail, metadata } = error;
  // OpenRouter keeps the upstream's own words in metadata.raw.
  const raw = isRecord(metadata) ? textOf(metadata['raw']) : null;
  const said = textOf(message) ?? textOf(detail);
  return {
    code: codeOf(code) ?? codeOf(error['status_code']) ?? codeOf(error['http_code']) ?? codeOf(status),
    type: textOf(type) ?? textOf(status),
    message: raw === null ? said : `${said ?? ''} ${raw}`.trim(),
  };
}

function codeOf(value: unknown): string | number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return textOf(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
