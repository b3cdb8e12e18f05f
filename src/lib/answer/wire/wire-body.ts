import { ANSWER_FORMS } from '../../kinds/answer-forms.ts';
import type { ReadAnswerBody } from '../../kinds/kind.ts';
import type { AnswerState } from '../answer-state.ts';
import { isRecord } from '../../parse/json.ts';
import { findBareError, findError, type WireError } from '../failure/error-body.ts';

/**
 * Reads one parsed event, or one parsed body, by its form. So one reader serves every wire, and a relay that mixes them.
 * What is unknown is passed over.
 *
 * @param name the event's name; one that speaks of an error makes it one whatever it holds.
 * @param own the reader of the kind that was asked for, where it has one.
 */
export function readWireBody(
  body: unknown,
  name: string,
  state: AnswerState,
  own: ReadAnswerBody | null = null,
): void {
  const root: unknown = Array.isArray(body) ? body[0] : body;
  if (isErrorName(name)) state.addError(errorOf(root));
  else if (own !== null) readOwn(body, name, { state, own });
  else if (isRecord(root)) {
    readByForm(root, state);
    state.addReported(root);
  }
}

/** Errors look alike whatever was asked for. */
function readOwn(
  body: unknown,
  name: string,
  { state, own }: { state: AnswerState; own: ReadAnswerBody },
): void {
  if (isRecord(body)) {
    const error = findBareError(body) ?? findError(body);
    if (error !== null) state.addError(error);
    state.addReported(body);
  }
  own(body, name, state);
}

/** `error`, and what others call it: `stream_error`, Bedrock's `throttlingException`. */
export function isErrorName(name: string): boolean {
  return name !== '' && /error|exception|^fatal$/i.test(name);
}

/** Whatever an event named `error` holds is its error. */
function errorOf(root: unknown): WireError {
  if (root === '') return WORDLESS;
  if (!isRecord(root)) return { code: null, type: null, message: String(root).slice(0, MAX_ERROR_CHARS) };
  return findError(root) ?? findError({ error: root }) ?? WORDLESS;
}

const MAX_ERROR_CHARS = 500;

const WORDLESS: WireError = { code: null, type: null, message: 'an error without words' };

function readByForm(root: Record<string, unknown>, state: AnswerState): void {
  const bare = findBareError(root);
  if (bare !== null) state.addError(bare);
  ANSWER_FORMS.find(({ isOf }) => isOf(root))?.read(root, state);
}
