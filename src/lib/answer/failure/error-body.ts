import { isRecord } from '../../parse/is-record.ts';

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
  const [first]: unknown[] = Array.isArray(root['errors']) ? root['errors'] : [];
  const listed = readError(first, root);
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
