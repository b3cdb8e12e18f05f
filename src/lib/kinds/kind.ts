import type { AnswerState } from '../answer/answer-state.ts';
import type { Message } from '../request/message.ts';
import type { Tool } from '../request/tool.ts';

/**
 * A kind of request, as whoever sends and reads one needs it: small, since a VU that sends it evaluates all of it. What
 * only the mock needs of a kind is in its folder's `mock.ts`, and what its tests expect of it in `expected.ts`.
 */
export type Kind = {
  /** As `LLM_KIND`, the tag and the reports have it. */
  name: string;
  /** The path of its requests under a base URL. */
  path: string;
  /** Headers that it demands beside the provider's own. */
  headers: Readonly<Record<string, string>>;
  /**
   * What its answers are. `text` is written token by token: it can be streamed, it has output tokens, their price and
   * their limit. `items` come whole, one for each input: there is no first token, and input tokens alone are paid for.
   */
  answers: 'text' | 'items';
  /** The field of the limit of output tokens; `by-model`: the one that the model or the preset takes; null: it has none. */
  limitField: string | null;
  /** A stream tells its token counts only if it is asked to (`stream_options`). */
  asksForUsage: boolean;
  /** Servers that write exactly as many tokens as wanted can be told so here (`min_tokens`, `ignore_eos`). */
  takesExactLength: boolean;
  /** Fields that hold what is asked: where the user's own body has one of them, ours are not sent. */
  askFields: readonly string[];
  /** What is asked, as fields of a JSON object without its braces. */
  encode: (messages: readonly Message[]) => string;
  /**
   * The same of messages that are more than text (pictures, calls of tools and their results), as they stand, `system` in front of
   * them; null: it knows text alone.
   */
  encodeRaw:
    | ((system: string | null, messages: readonly Readonly<Record<string, unknown>>[]) => string)
    | null;
  /** What the model may call, as its field `tools` has it. */
  encodeTools: (tools: readonly Tool[]) => readonly unknown[];
  /** What is asked before a run, where the run's own first prompt is not at hand: the shortest request that any server takes. */
  greeting: readonly Message[];
  /** How a picture stands beside a text (`LLM_IMAGES`); null: it takes none. */
  picture: PicturePart | null;
  /** Inputs of one request, where `LLM_INPUTS_PER_REQUEST` does not say: texts to embed, documents to rank; 0 for text. */
  defaultInputs: number;
  /** The first text of what is asked is a query, and no input. */
  hasQuery: boolean;
  /** What is paid for. A price of input tokens alone is then a whole one. */
  paysFor: 'input' | 'input and output';
  /** How many items an answer must hold, by the fields of a request; null for text, and where that cannot be told. */
  countItems: ((fields: Readonly<Record<string, unknown>>) => number | null) | null;
  /** Reads a whole answer, or an event, into the state; null: as text of whichever wire it turns out to be. */
  read: ReadAnswerBody | null;
};

/**
 * A picture as a part of a message: the JSON around the base64 of its PNG, and the `type` of a text beside it.
 */
export type PicturePart = { opening: string; closing: string; textType: string };

/** What was asked for, as far as whoever reads the answer must know. */
export type AskedFor = {
  kind: Pick<Kind, 'read' | 'answers'>;
  /** Items that the answer must hold; null: it is text, or that is not known. */
  items: number | null;
};

/** Reads one parsed body or event. `name` is the event's; empty for a body. */
export type ReadAnswerBody = (root: unknown, name: string, state: AnswerState) => void;

export const GREETING: readonly Message[] = [{ role: 'user', content: 'Say OK.' }];

/** What kinds of text have in common; nearly all is the same. */
export const TEXT_KIND = {
  headers: {},
  answers: 'text',
  paysFor: 'input and output',
  greeting: GREETING,
  encodeTools: (tools) => tools,
  takesExactLength: false,
  defaultInputs: 0,
  hasQuery: false,
  encodeRaw: null,
  picture: null,
  countItems: null,
  read: null,
} as const satisfies Partial<Kind>;

/** What kinds that answer with an item for each input have in common. */
export const ITEMS_KIND = {
  headers: {},
  answers: 'items',
  paysFor: 'input',
  greeting: GREETING,
  encodeTools: (tools) => tools,
  limitField: null,
  asksForUsage: false,
  takesExactLength: false,
  encodeRaw: null,
  picture: null,
} as const satisfies Partial<Kind>;
