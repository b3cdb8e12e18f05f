import type { ErrorKind, Usage } from '../answer/attempt.ts';

/** A body that a server sends for a kind, and what is to be read in it: the rows of each folder's `expected.ts`. */
export type ExpectedAnswer = {
  title: string;
  /** As it came; a stream's events, if it is one. */
  body: string;
  stream: boolean;
  /** Items asked for; null for text. */
  items: number | null;
  /** How the request ended. */
  outcome: 'ok' | ErrorKind;
  usage: Pick<Usage, 'inputTokens' | 'outputTokens'>;
  model: string | null;
  /** The text; null where there is none to compare. */
  text: string | null;
};
