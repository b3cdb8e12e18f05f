import type { ErrorKind, Usage } from '../answer/attempt.ts';
import type { ToolCall } from '../answer/tool-calls.ts';
import type { RequestFigures } from '../figures/request-figures.ts';
import type { KindName } from '../kinds/kinds.ts';
import type { Task } from '../prompts/tasks.ts';
import type { Message } from '../request/message.ts';
import type { Tool } from '../request/tool.ts';

/** What a user does in one iteration. */
export type Behaviour<Prepared> = (user: User<Prepared>) => void | Promise<void>;

/** One user of the load, in one iteration: what a scenario's function is given. All of it waits until it is done. */
export type User<Prepared = undefined> = {
  /** The VU's number in the run, from 1. */
  readonly id: number;
  /** What the scenario's `prepare` returned. */
  readonly prepared: Prepared;
  /** Number of this iteration in its part of the run, from 0, over all users. */
  iteration: () => number;
  /** The model of the mix whose turn this iteration is. */
  model: () => string;
  /**
   * Asks a model once. Without `prompt` and `messages` it asks the run's next prompt. The request is counted, priced,
   * timed and retried as in every scenario.
   */
  ask: (question?: Question) => Reply;
  /** Begins a conversation. */
  chat: (options?: ChatOptions) => Chat;
  /**
   * Pauses as long as a user does (`LLM_THINK_TIME`; in loads of `users` only), or as long as is said: `2s`, `1s-3s`.
   */
  pause: (span?: string) => void;
  /** Times what the function does, as `ai_step_ms{name:…}`. HTTP requests within it carry the tag `name`, too. */
  step: <Result>(name: string, work: () => Result) => Result;
  /** One of a list, by the run's seed, the iteration and how many were picked in it before. */
  pick: <Item>(list: readonly Item[]) => Item;
  /** The next of the scenario's `tasks`, by weight, ready to be asked. */
  task: () => TaskQuestion;
};

/** What is asked; what is left out is as the run's settings say. */
export type Question = Omit<OwnQuestion, 'messages'> & {
  /** What the user says, after the system message. */
  prompt?: string;
  /** The system message in place of the run's; null: none. */
  system?: string | null;
  /** The whole conversation instead, sent as it is. */
  messages?: readonly QuestionMessage[];
};

/** A message as the server takes it. */
export type QuestionMessage = Message | ({ role: string } & Readonly<Record<string, unknown>>);

/** How a conversation begins; what is left out is as the run's settings say. */
export type ChatOptions = { model?: string; system?: string | null };

/** A kind of request that is drawn by weight, with one of its prompts. */
export type TaskQuestion = { model: string; messages: readonly Message[] } & Pick<
  Task,
  'kind' | 'maxTokens' | 'temperature' | 'stream' | 'name'
>;

/** A question of the scenario's own; what it leaves out is as the run's settings say. */
export type OwnQuestion = {
  /** @default what the mix, the part or `LLM_KIND` says */
  kind?: KindName;
  model?: string;
  messages: readonly Message[];
  maxTokens?: number;
  temperature?: number | null;
  stream?: boolean;
  /** What the model may call, as OpenAI spells it; Anthropic's spelling is made from it. */
  tools?: readonly Tool[];
  /** Further fields of the request's body, as the server spells them. */
  body?: Readonly<Record<string, unknown>>;
};

/** A user's conversation with one model. */
export type Chat = {
  /**
   * Says the next turn of the run's own conversation (`LLM_TURNS`, a data set, synthetic prompts).
   *
   * @returns null when it is over.
   */
  next: () => Reply | null;
  /** Says words of one's own. The model sees all that was said and answered before; a turn that failed is left out. */
  ask: (question: string | ChatQuestion) => Reply;
  /** All that was said and answered. */
  messages: () => readonly Message[];
};

/** What one turn may ask beside its words. */
export type ChatQuestion = { prompt: string; maxTokens?: number };

/** What a question came to: an answer, or one named failure. It is counted, priced and timed already. */
export type Reply = GoodReply | FailedReply;

export type GoodReply = ReplyFacts & {
  ok: true;
  /** Empty where the model called tools instead. */
  text: string;
  toolCalls: readonly ToolCall[];
  /** `stop`, `length`, `tool_calls`, …, as the server writes it; null when it says none. */
  finishReason: string | null;
};

export type FailedReply = ReplyFacts & {
  ok: false;
  /** `aborted`: its user left (`LLM_ABORT`). */
  error: ErrorKind | 'aborted';
  /** One line for people. */
  message: string;
  /** What of the answer came before it failed. */
  text: string;
  /** The wait that the server asked for, ms; null: none. */
  retryAfterMs: number | null;
};

/** null is unknown. */
type ReplyFacts = {
  /** As asked for. */
  model: string;
  /** HTTP status; 0 when no answer came. */
  status: number;
  usage: Usage;
  /** Of the last attempt, where `LLM_RETRIES` made several. Which times there are depends on the transport (docs/streaming.md). */
  times: RequestFigures;
  /** By the server's usage and the price table. */
  costUsd: number | null;
};
