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
  if (isErrorName(name)) {
    state.addError(errorOf(root));
    return;
  }
  if (isRecord(root)) {
    // Errors look alike whatever was asked for.
    const error = findBareError(root) ?? findError(root);
    if (error !== null) state.addError(error);
    if (own === null) ANSWER_FORMS.find(({ isOf }) => isOf(root))?.read(root, state);
    state.addReported(root);
  }
  own?.(body, name, state);
}

/** `error`, and what others call it: `stream_error`, Bedrock's `throttlingException`. */
export function isErrorName(name: string): boolean {
  return /error|exception|^fatal$/i.test(name);
}

/** Whatever an event named `error` holds is its error. */
function errorOf(root: unknown): WireError {
  if (root === '') return WORDLESS;
  if (!isRecord(root)) return { code: null, type: null, message: String(root).slice(0, MAX_ERROR_CHARS) };
  return findError(root) ?? findError({ error: root }) ?? WORDLESS;
}

const MAX_ERROR_CHARS = 500;

const WORDLESS: WireError = { code: null, type: null, message: 'an error without words' };
