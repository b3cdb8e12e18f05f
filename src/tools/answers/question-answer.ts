/**
 * What every command that answers a question leaves in `answer.json`. Each adds fields of its own;
 * `docs/answer.schema.json` describes them all.
 */
export type QuestionAnswer = {
  question: string;
  /** One sentence for whoever asked. */
  sentence: string;
  /** The command was interrupted: the rest of the answer is of what it had by then. */
  partial: boolean;
};
