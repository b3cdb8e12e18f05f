import type { AnswerState } from './answer-state.ts';
import { isRecord } from './is-record.ts';
import { findError } from './error-body.ts';
import { readAnthropic } from './wire-anthropic.ts';
import { readOpenAi } from './wire-openai.ts';
import { readResponse, readResponsesEvent } from './wire-responses.ts';

/**
 * Reads one parsed event, or one parsed body, by its shape: `choices` is OpenAI's, a `type` Anthropic's or the
 * Responses API's. So one reader serves every wire, and a relay that mixes them. False: nothing known in it.
 *
 * @param name the event's name; `error` makes it an error whatever it holds.
 */
export function readWireBody(body: unknown, name: string, state: AnswerState): boolean {
  const root: unknown = Array.isArray(body) ? body[0] : body;
  if (!isRecord(root)) {
    if (name === 'error') state.addError({ code: null, type: null, message: String(body).slice(0, 500) });
    return name === 'error';
  }
  if (name === 'error') {
    state.addError(
      findError(root) ?? findError({ error: root }) ?? { code: null, type: null, message: null },
    );
    return true;
  }
  const { type } = root;
  if (root['choices'] !== undefined || typeof type !== 'string') {
    readOpenAi(root, state);
    return root['choices'] !== undefined || root['usage'] !== undefined || findError(root) !== null;
  }
  if (type.startsWith('response.')) readResponsesEvent(root, state);
  else if (root['object'] === 'response') readResponse(root, state);
  else readAnthropic(root, state);
  if (type !== 'error') {
    const error = findError(root);
    if (error !== null) state.addError(error);
  }
  return true;
}
