import type { WireError } from './failure/error-body.ts';
import { type Finish, isFinishFailure, readFinish } from './failure/finish-reason.ts';
import { mergeTimes, readBodyTimes, type ReportedTimes } from './reported-times.ts';
import { type ToolCall, ToolCalls, type ToolCallPiece } from './tool-calls.ts';
import { callRate, tierRate } from './usage/own-rates.ts';
import { UsageReader, type UsageReading } from './usage/usage-reader.ts';
import { BOUNDS, excessOf } from './bounds.ts';
import { plainName } from '../text/plain-text.ts';

/** What an event adds to: what the user reads, the reasoning before it, a tool call. */
export type Channel = 'answer' | 'reasoning' | 'tool';

/** Hears of each non-empty piece of output: its channel, the JSON key that held it, its choice. */
export type OnOutput = (channel: Channel, key: string, choice: number) => void;

/** Hears of each text of the first choice. */
export type OnText = (channel: 'answer' | 'reasoning', text: string) => void;

/** What a wire's reader finds in an event or a body goes here, in order. */
export class AnswerState {
  readonly #usage = new UsageReader();
  readonly #toolCalls = new ToolCalls();
  /** Finish by choice; null while it is open. */
  readonly choices = new Map<number, Finish | null>();
  /** A choice has its finish reason. */
  anyChoiceFinished = false;
  /** By choice: the last whole `message` that was read, or `deltas` where its pieces come as such. */
  readonly messages = new Map<number, Record<string, unknown> | 'deltas'>();
  /** What there was too much of: the rest of it is not kept. */
  excess: string | null = null;
  #keptChars = 0;
  /** The first error found. */
  error: WireError | null = null;
  /** The first name that is not empty: preambles carry an empty one. */
  model: string | null = null;
  /** A mark that ends the whole answer, whatever its choices: `message_stop`, `response.completed`. */
  stopped = false;
  /** What the server says of the time that it took. */
  reported: ReportedTimes | null = null;
  /** Vectors, scores: items of an answer that is no text. */
  items = 0;
  /** Something that counts as output came. */
  hasOutput = false;
  hasReasoning = false;
  /** Reasoning came as text of its own, not as a summary of it alone. */
  hasWholeReasoning = false;
  /** Reasoning came that nobody can read: an encrypted blob, a signature. */
  hasHiddenReasoning = false;
  /** Output came behind a choice's finish reason: this server's reasons end nothing. */
  #goesOnAfterFinish = false;
  /**
   * Grows with whatever depends on what came before, or changes what comes after: everything but plain text. An
   * event that leaves it as it was and brought one piece of text would do just that again.
   */
  marks = 0;
  /** Anthropic's and the Responses API's reason, which ends no stream by itself. */
  #finish: Finish | null = null;
  /** Texts by choice; kept only with `keepText`. */
  readonly #texts = new Map<number, { answer: string[]; reasoning: string[] }>();
  readonly #keepText: boolean;
  readonly #onOutput: OnOutput;
  readonly #onText: OnText;

  constructor({
    keepText,
    onOutput,
    onText = () => {},
  }: {
    keepText: boolean;
    onOutput: OnOutput;
    onText?: OnText;
  }) {
    this.#keepText = keepText;
    this.#onOutput = onOutput;
    this.#onText = onText;
  }

  /** Non-empty text of a choice. */
  addText(channel: 'answer' | 'reasoning', piece: { choice: number; key: string; text: string }): void {
    if (channel === 'reasoning') this.#seeReasoning(piece.key);
    if (this.#keepText) this.keepText(channel, piece.choice, piece.text);
    if (piece.choice === 0) this.#onText(channel, piece.text);
    this.#output(channel, piece.key, piece.choice);
  }

  /** Keeps a piece whose place in time is counted already. */
  keepText(channel: 'answer' | 'reasoning', choice: number, text: string): void {
    this.#keptChars += text.length;
    if (this.#keptChars > BOUNDS.keptChars) {
      this.#exceed('keptChars');
      return;
    }
    if (!this.#texts.has(choice) && this.#texts.size >= BOUNDS.choices) return;
    this.#textsOf(choice)[channel].push(text);
  }

  /** Output without text of its own: sound, a picture. */
  addOutput(channel: Channel, choice: number): void {
    this.marks += 1;
    this.#output(channel, '', choice);
  }

  /** An encrypted blob: nothing that a reader could read, so it is no output and starts no time. */
  addHiddenReasoning(): void {
    this.marks += 1;
    this.hasReasoning = true;
    this.hasHiddenReasoning = true;
  }

  /** False: there are too many already, and this one is none. */
  seeChoice(index: number): boolean {
    if (this.choices.has(index)) return true;
    if (this.choices.size >= BOUNDS.choices) return this.#exceed('choices');
    this.choices.set(index, null);
    return true;
  }

  /** A choice's finish reason, in any shape; one that says that the answer goes on is none. */
  finishChoice(index: number, raw: unknown): void {
    const finish = readFinish(raw);
    if (finish === null) return;
    this.marks += 1;
    if (!this.seeChoice(index)) return;
    // A failure is not taken back by a `stop` that follows it.
    const before = this.choices.get(index) ?? null;
    if (before === null || !isFinishFailure(before.kind)) this.choices.set(index, finish);
    this.anyChoiceFinished = true;
  }

  /** The whole answer has come. */
  stop(): void {
    this.marks += 1;
    this.stopped = true;
  }

  setReason(raw: unknown): void {
    const finish = readFinish(raw);
    if (finish === null) return;
    this.marks += 1;
    this.#finish = finish;
  }

  addError(error: WireError): void {
    this.marks += 1;
    this.error ??= error;
  }

  /** The tier that the answer says it was served in, which may have a price of its own. */
  addServiceTier(tier: unknown): void {
    this.#usage.addRate(tierRate(tier));
  }

  /** A call in the answer, of this type, which may be billed by itself. */
  addCallRate(type: string): void {
    this.#usage.addRate(callRate(type));
  }

  /** The server's own times, wherever an event or a body holds them. */
  addReported(root: Readonly<Record<string, unknown>>): void {
    const times = readBodyTimes(root);
    if (times === null) return;
    this.marks += 1;
    this.reported = mergeTimes(this.reported, times);
  }

  /** The usage of this server is known to be of all choices. */
  countAllChoices(): void {
    this.#usage.countAllChoices();
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
    this.#keptChars += piece.name.length + piece.arguments.length;
    if (this.#keptChars > BOUNDS.keptChars) {
      this.#exceed('keptChars');
      return;
    }
    if (this.#toolCalls.size >= BOUNDS.toolCalls) this.#exceed('toolCalls');
    else if (this.#toolCalls.add(piece)) this.#output('tool', key, piece.choice);
  }

  addModel(name: unknown): void {
    if (this.model === null && typeof name === 'string' && name !== '') this.model = plainName(name);
  }

  /** Another model took over: the one that was named before did not answer. */
  replaceModel(name: unknown): void {
    if (typeof name === 'string' && name !== '') this.model = plainName(name);
  }

  /** Every choice seen has its finish reason, and none went on after it. */
  get everyChoiceFinished(): boolean {
    if (this.choices.size === 0 || this.#goesOnAfterFinish) return false;
    for (const finish of this.choices.values()) if (finish === null) return false;
    return true;
  }

  /** The finish of the first choice that has one; a failure of any choice comes first, then what nobody knows. */
  get finish(): Finish | null {
    const all = this.#finish === null ? [] : [this.#finish];
    this.choices.forEach((finish) => {
      if (finish !== null) all.push(finish);
    });
    return (
      all.find(({ kind }) => isFinishFailure(kind)) ??
      all.find(({ kind }) => kind === 'unknown') ??
      all[0] ??
      null
    );
  }

  get finishReason(): string | null {
    return this.finish?.reason ?? null;
  }

  /** The calls in the order in which they began. */
  get toolCalls(): readonly ToolCall[] {
    return this.#toolCalls.list();
  }

  /** The token counts, as all of the answer tells them. */
  readUsage(hasOutput: boolean, isStream: boolean): UsageReading {
    return this.#usage.settle({
      hasOutput,
      hasReasoning: this.hasReasoning,
      hasHiddenReasoning: this.hasHiddenReasoning && !this.hasWholeReasoning,
      hasWholeReasoning: this.hasWholeReasoning,
      choices: this.choices.size,
      isStream,
    });
  }

  /** The text of the first choice; null when it was not kept. */
  text(channel: 'answer' | 'reasoning'): string | null {
    if (!this.#keepText) return null;
    const first = Math.min(...this.#texts.keys());
    return this.#texts.get(first)?.[channel].join('') ?? '';
  }

  #exceed(bound: keyof typeof BOUNDS): false {
    this.excess ??= excessOf(bound);
    return false;
  }

  #output(channel: Channel, key: string, choice: number): void {
    if (!this.#goesOnAfterFinish && (this.choices.get(choice) ?? null) !== null) {
      this.#goesOnAfterFinish = true;
      this.marks += 1;
    }
    this.hasOutput = true;
    this.#onOutput(channel, key, choice);
  }

  #seeReasoning(key: string): void {
    this.hasReasoning = true;
    if (key !== SUMMARY_KEY) this.hasWholeReasoning = true;
  }

  #textsOf(choice: number): { answer: string[]; reasoning: string[] } {
    const known = this.#texts.get(choice);
    if (known !== undefined) return known;
    const made = { answer: [], reasoning: [] };
    this.#texts.set(choice, made);
    return made;
  }
}

/** The key under which a summary of reasoning stands. */
export const SUMMARY_KEY = 'summary';
