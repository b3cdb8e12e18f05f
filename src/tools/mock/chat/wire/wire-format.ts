import type { AnswerPlan } from '../plan-answer.ts';

/** Token counts as an answer tells them. */
export type ToldUsage = {
  /** All of the prompt, cached tokens included. */
  inputTokens: number;
  cachedInputTokens: number;
  /** All of the answer, reasoning included. */
  outputTokens: number;
  reasoningTokens: number;
};

/** What every event of an answer carries. `model` is written into JSON as it is given, quotes included. */
export type AnswerIdentity = {
  id: string;
  modelJson: string;
  createdUnixSec: number;
};

/** A JSON error of a wire. */
export type MockError = {
  message: string;
  /** OpenAI's `error.type`, or Anthropic's `error.error.type`. */
  type: string;
  param?: string | null;
  code?: string | number | null;
};

/** Renders the events of one stream, each with the empty line that ends it. Pieces need no JSON escapes. */
export type StreamWriter = {
  /** What comes before the first token. Anthropic's tells the input's usage here. */
  open: () => string;
  text: (piece: string) => string;
  reasoning: (piece: string) => string;
  toolName: (name: string) => string;
  /** A piece of the arguments' JSON, not escaped yet. */
  toolArguments: (piece: string) => string;
  /** The finish reason, and the usage where the stream tells it. */
  finish: (reason: AnswerPlan['finish']) => string;
  /** The end mark, if the wire has one apart from the finish. */
  done: () => string;
  error: () => string;
  /** An event whose JSON breaks off. */
  malformed: () => string;
};

/** How answers look on one wire. */
export type WireFormat = {
  /** What of the usage a stream's first event tells already; null: nothing. */
  toldAtOpen: (usage: ToldUsage) => ToldUsage | null;
  /** What a whole answer tells of it: Anthropic has no count of reasoning. */
  toldAtEnd: (usage: ToldUsage) => ToldUsage;
  streamWriter: (spec: { identity: AnswerIdentity; usage: ToldUsage | null; eol: string }) => StreamWriter;
  /** A blocking answer's JSON. */
  blockingBody: (spec: { identity: AnswerIdentity; usage: ToldUsage | null; plan: AnswerPlan }) => string;
  errorBody: (error: MockError) => string;
};
