import type { JsonRecord } from '../parse/json.ts';
import type { AnswerState } from '../answer/answer-state.ts';

/**
 * A form in which answers of text come, whole and as a stream's events: each wire's stands in the folder of its kind, as
 * `NAME-answer.ts`, behind the lazy door. Answers are known by what they look like and not by what was asked, since relays
 * mix wires.
 */
export type AnswerForm = {
  /** Whether a body, or an event's, is of this form. */
  isOf: (body: JsonRecord) => boolean;
  /** Reads it into the state. An error that the body itself holds is there already. */
  read: (body: Record<string, unknown>, state: AnswerState) => void;
  /** Whether a body has the place where the text of a whole answer stands, whatever stands there. */
  hasPlace: (body: JsonRecord) => boolean;
};
