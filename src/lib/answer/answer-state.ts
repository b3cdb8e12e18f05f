import type { WireError } from './failure/error-body.ts';
import { type ToolCall, ToolCalls, type ToolCallPiece } from './tool-calls.ts';
import { UsageReader, type UsageReading } from './usage/usage-reader.ts';

/** What an event adds to: what the user reads, the reasoning before it, a tool call. */
export type Channel = 'answer' | 'reasoning' | 'tool';

/** Hears of each non-empty piece of output: its channel, the JSON key that held it, its choice. */
export type OnOutput = (channel: Channel, key: string, choice: number) => void;

/** What a wire's reader finds in an event or a body goes here, in order. */
export class AnswerState {
  readonly #usage = new UsageReader();
  readonly #toolCalls = new ToolCalls();
  /** Finish reason by choice; null while it is open. */
  readonly choices = new Map<number, string | null>();
  /** The first error found. */
  error: WireError | null = null;
  /** The first name that is not empty: preambles carry an empty one. */
  model: string | null = null;
  /** A mark that ends the whole answer, whatever its choices: `message_stop`, `response.completed`. */
  stopped = false;
  hasReasoning = false;
  /**
   * Grows with whatever depends on what came before, or changes what comes after: everything but plain text. An
   * event that leaves it as it was and brought one piece of text would do just that again.
   */
  marks = 0;
  /** Anthropic's and the Responses API's reason, which ends no stream by itself. */
  #reason: string | null = null;
  /** Texts by choice; kept only with `keepText`. */
  readonly #texts = new Map<number, { answer: string[]; reasoning: string[] }>();
  readonly #keepText: boolean;
  readonly #onOutput: OnOutput;

  constructor({ keepText, onOutput }: { keepText: boolean; onOutput: OnOutput }) {
    this.#keepText = keepText;
    this.#onOutput = onOutput;
  }

  /** Non-empty text of a choice. */
  addText(channel: 'answer' | 'reasoning', piece: { choice: number; key: string; text: string }): void {
    if (channel === 'reasoning') this.hasReasoning = true;
    if (this.#keepText) this.keepText(channel, piece.choice, piece.text);
    this.#onOutput(channel, piece.key, piece.choice);
  }

  /** Keeps a piece whose place in time is counted already. */
  keepText(channel: 'answer' | 'reasoning', choice: number, text: string): void {
    this.#textsOf(choice)[channel].push(text);
  }

  /** Output without text of its own: sound, reasoning that is hidden. */
  addOutput(channel: Channel, key: string): void {
    this.marks += 1;
    if (channel === 'reasoning') this.hasReasoning = true;
    this.#onOutput(channel, key, 0);
  }

  seeChoice(index: number): void {
    if (!this.choices.has(index)) this.choices.set(index, null);
  }

  finishChoice(index: number, reason: string): void {
    this.marks += 1;
    this.choices.set(index, reason);
  }

  /** The whole answer has come. */
  stop(): void {
    this.marks += 1;
    this.stopped = true;
  }

  setReason(reason: string): void {
    this.marks += 1;
    this.#reason = reason;
  }

  addError(error: WireError): void {
    this.marks += 1;
    this.error ??= error;
  }

  /** `alone`: its event had a list of choices, and it was empty. */
  addUsage(raw: unknown, alone = false): void {
    if (raw === undefined || raw === null) return;
    this.marks += 1;
    this.#usage.add(raw, alone);
  }

  /** A piece of a tool call, under the JSON key `key`. */
  addToolCall(piece: ToolCallPiece, key: string): void {
    this.marks += 1;
    if (this.#toolCalls.add(piece)) this.#onOutput('tool', key, piece.choice);
  }

  addModel(name: unknown): void {
    if (this.model === null && typeof name === 'string' && name !== '') this.model = name;
  }

  /** Every choice seen has its finish reason. */
  get everyChoiceFinished(): boolean {
    if (this.choices.size === 0) return false;
    for (const reason of this.choices.values()) if (reason === null) return false;
    return true;
  }

  /** The reason of the first choice that has one; an error or a filter of any choice comes first. */
  get finishReason(): string | null {
    const reasons = [...this.choices.values()].filter((reason) => reason !== null);
    return reasons.find(isErrorOrFilter) ?? this.#reason ?? reasons[0] ?? null;
  }

  /** The calls in the order in which they began. */
  get toolCalls(): readonly ToolCall[] {
    return this.#toolCalls.list();
  }

  /** The token counts, as all of the answer tells them. */
  readUsage(hasOutput: boolean): UsageReading {
    return this.#usage.settle({ hasOutput, hasReasoning: this.hasReasoning, choices: this.choices.size });
  }

  /** The text of the first choice; null when it was not kept. */
  text(channel: 'answer' | 'reasoning'): string | null {
    if (!this.#keepText) return null;
    const first = Math.min(...this.#texts.keys());
    return this.#texts.get(first)?.[channel].join('') ?? '';
  }

  #textsOf(choice: number): { answer: string[]; reasoning: string[] } {
    const known = this.#texts.get(choice);
    if (known !== undefined) return known;
    const made = { answer: [], reasoning: [] };
    this.#texts.set(choice, made);
    return made;
  }
}

/** A provider's filter ended the answer: OpenAI and Azure, Gemini's compatible API, Anthropic. */
export function isFilterReason(reason: string): boolean {
  return /^(content[-_]filter(ed)?|safety|prohibited_content|blocklist|recitation|refusal)$/i.test(reason);
}

function isErrorOrFilter(reason: string): boolean {
  return reason === 'error' || isFilterReason(reason);
}
