import type { AnswerPlan } from './answer-plan.ts';

/** Token counts as an answer tells them. */
export type ToldUsage = {
  /** All of the prompt, cached tokens included. */
  inputTokens: number;
  cachedInputTokens: number;
  /** All of the answer, of all choices, reasoning included. */
  outputTokens: number;
  reasoningTokens: number;
};

/** What every event of an answer carries. `model` is written into JSON as it is given, quotes included. */
export type AnswerIdentity = {
  id: string;
  modelJson: string;
  createdUnixSec: number;
};

/** A JSON error of a kind. */
export type MockError = {
  message: string;
  /** OpenAI's `error.type`, or Anthropic's `error.error.type`. */
  type: string;
  param?: string | null;
  code?: string | number | null;
};

/** What a stream's writer is made from. */
export type StreamSpec = { identity: AnswerIdentity; usage: ToldUsage | null; eol: string; plan: AnswerPlan };

/**
 * Renders the events of one stream, each with the empty line that ends it. Pieces need no JSON escapes; `choice` counts
 * from 0.
 */
export type StreamWriter = {
  /** What comes before the first token. Anthropic's tells the input's usage here. */
  open: () => string;
  text: (piece: string, choice: number) => string;
  reasoning: (piece: string, choice: number) => string;
  toolName: (name: string, choice: number) => string;
  /** A piece of the arguments' JSON, not escaped yet. */
  toolArguments: (piece: string, choice: number) => string;
  /** The finish reason, and the usage where the stream tells it. */
  finish: (reason: AnswerPlan['finish']) => string;
  /** The end mark, if there is one apart from the finish. */
  done: () => string;
  error: () => string;
  /** An event whose JSON breaks off. */
  malformed: () => string;
};

/** What a whole answer is written from. */
export type BodySpec = {
  identity: AnswerIdentity;
  usage: ToldUsage | null;
  plan: AnswerPlan;
  /** Items that it holds; 0 for text. */
  items: number;
  /** A field of the request. */
  field: (name: string) => unknown;
};

/** How the answers of a kind look. */
export type MockFormat = {
  /** Before the number, in the answer's `id`. */
  idPrefix: string;
  /** What of the usage a stream's first event tells already; null: nothing. */
  toldAtOpen: (usage: ToldUsage) => ToldUsage | null;
  /** What a whole answer tells of it: Anthropic has no count of reasoning. */
  toldAtEnd: (usage: ToldUsage) => ToldUsage;
  /** null: it cannot be streamed. */
  streamWriter: ((spec: StreamSpec) => StreamWriter) | null;
  /** A blocking answer's JSON. */
  blockingBody: (spec: BodySpec) => string;
  errorBody: (error: MockError) => string;
};
