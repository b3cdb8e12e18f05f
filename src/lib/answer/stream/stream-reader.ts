import { readBlockingAnswer } from '../blocking-answer.ts';
import { AnswerState, type Channel } from '../answer-state.ts';
import { type DeltaTemplate, makeTemplate, spelledText } from './delta-template.ts';
import type { Headers } from '../headers/find-header.ts';
import { parseJson } from '../../parse/json-text.ts';
import { SseFramer } from './sse-framer.ts';
import { StreamClock, type StreamTimes, withoutTimes } from './stream-clock.ts';
import { brokenOff, concludeStream, type StreamClose } from './stream-ending.ts';
import type { StreamResult } from './stream-result.ts';
import { StreamWarnings } from './stream-warnings.ts';
import { readWireBody } from '../wire/wire-body.ts';

export type StreamOptions = {
  /** Keep answer, reasoning and tool calls: `answer` and `reasoning` of the result are null otherwise. */
  keepText?: boolean;
  /** Keep every gap between content events. */
  keepGaps?: boolean;
  /** false: the times given mean nothing (a body read whole, a capture without times), and none come out. */
  timed?: boolean;
  /** Turns what was fed into text, one event at a time; for binary strings, UTF-8 decoding. Default: as it is. */
  decode?: (raw: string) => string;
  /** Of the answer's head, for the message when the body is no stream at all. */
  headers?: Headers;
  /** Parse every event in full. The result is the same: for tests and for `explain`. */
  parseAll?: boolean;
};

/** Futile templates after which a stream is no longer tried: its events differ in more than their text. */
const MAX_FUTILE_TEMPLATES = 8;

/** `[DONE]`, with what white space may stand around it. */
const MAX_DONE_CHARS = 64;

/**
 * Reads one streamed answer of any wire, and says how it ended. Feed it text (`feed`) or events (`event`) with the
 * time of the read that brought them, then `end`. Never throws on any input.
 */
export class StreamReader {
  readonly #options: StreamOptions;
  readonly #state: AnswerState;
  readonly #clock: StreamClock;
  readonly #framer: SseFramer;
  readonly #warnings = new StreamWarnings();
  #atMs = 0;
  /** [DONE] came: nothing counts after it. */
  #done = false;
  #sawEvent = false;
  /** Pieces and channels that the event being read brought. */
  #pieces = 0;
  /** The last of these pieces. */
  #piece: { channel: Channel; key: string; choice: number } = { channel: 'answer', key: '', choice: 0 };
  #template: DeltaTemplate | null = null;
  #templateHits = 0;
  #futile = 0;
  /** The body, when it is no event stream but JSON or a page. */
  #body: string[] | null = null;
  #isBodyKnown = false;

  constructor(options: StreamOptions = {}) {
    this.#options = options;
    this.#clock = new StreamClock(options.keepGaps === true);
    this.#framer = new SseFramer((name, data) => this.#onEvent(name, data));
    this.#state = new AnswerState({
      keepText: options.keepText === true,
      onOutput: (channel, key, choice) => this.#onOutput(channel, key, choice),
    });
    if (options.parseAll === true) this.#futile = MAX_FUTILE_TEMPLATES;
  }

  /** Content events so far. */
  get chunks(): number {
    return this.#clock.chunks;
  }

  /** An end mark has come: nothing is missing but the connection's end. */
  get isComplete(): boolean {
    return this.#done || this.#state.stopped || this.#state.everyChoiceFinished;
  }

  /** What one read brought, and when, in ms from the moment the request was issued. */
  feed(chunk: string, atMs: number): void {
    this.#atMs = atMs;
    if (!this.#isBodyKnown) this.#lookAtStart(chunk);
    if (this.#body === null) this.#framer.feed(chunk);
    else this.#body.push(chunk);
  }

  /** An event as xk6-sse hands it over: names may end in CR, comments have no data. */
  event(name: string, data: string, atMs: number): void {
    this.#atMs = atMs;
    this.#onEvent(name.endsWith('\r') ? name.slice(0, -1) : name, data);
  }

  /** The answer is over: how, and what it was. */
  end(close: StreamClose): StreamResult {
    if (this.#body !== null) return this.#endOfBody(this.#body.join(''), close);
    const hadPartial = this.#framer.hasPartialEvent;
    this.#framer.end();
    const state = this.#state;
    const { chunks } = this.#clock;
    const reading = state.readUsage(chunks > 0);
    const outcome = concludeStream({
      state,
      close,
      done: this.#done,
      hasOutput: chunks > 0,
      outputTokens: reading.usage.outputTokens,
      sawAnything: this.#sawEvent || hadPartial,
    });
    return {
      outcome,
      ...this.#times(),
      chunks,
      ...reading,
      answeredModel: state.model,
      finishReason: state.finishReason,
      errorCode: state.error?.code ?? null,
      done: this.#done,
      toolCalls: state.toolCalls,
      answer: state.text('answer'),
      reasoning: state.text('reasoning'),
      warnings: [...this.#warnings.list(), ...reading.warnings],
    };
  }

  #times(): StreamTimes {
    return this.#options.timed === false ? withoutTimes() : this.#clock.times();
  }

  #onEvent(name: string, data: string): void {
    if (data === '') return;
    if (this.#done) {
      this.#warnings.add('an event after [DONE] was not counted');
      return;
    }
    this.#sawEvent = true;
    const template = this.#template;
    const spelled = template === null ? null : spelledText(template, name, data);
    if (template === null || spelled === null) this.#readEvent(name, data);
    else this.#addPlain(template, spelled);
  }

  /** An event that is the template's but for its text. */
  #addPlain({ channel, choice }: DeltaTemplate, spelled: string): void {
    this.#templateHits += 1;
    this.#clock.content(channel, this.#atMs);
    if (this.#options.keepText !== true || channel === 'tool') return;
    const json = (this.#options.decode ?? identity)(spelled);
    const text = json.includes('\\') ? parseJson(`"${json}"`) : json;
    this.#state.keepText(channel, choice, String(text));
  }

  #readEvent(name: string, data: string): void {
    if (data.length < MAX_DONE_CHARS && data.trim() === '[DONE]') {
      this.#done = true;
      return;
    }
    const decode = this.#options.decode ?? identity;
    const text = decode(data);
    const body = parseJson(text);
    if (body === undefined && name !== 'error') {
      if (text.trim() !== '') this.#warnings.add('an event that is not JSON was skipped', text);
      return;
    }
    this.#pieces = 0;
    const { marks } = this.#state;
    readWireBody(body ?? text, name, this.#state);
    if (this.#pieces === 1 && this.#state.marks === marks) this.#learn({ name, data });
  }

  #onOutput(channel: Channel, key: string, choice: number): void {
    if (this.#pieces === 0) this.#clock.content(channel, this.#atMs);
    else this.#clock.alsoOn(channel, this.#atMs);
    this.#pieces += 1;
    this.#piece = { channel, key, choice };
  }

  /** Keeps the event just read as a pattern for those that differ in their text alone. */
  #learn(event: { name: string; data: string }): void {
    if (this.#futile >= MAX_FUTILE_TEMPLATES) return;
    this.#futile = this.#templateHits === 0 ? this.#futile + 1 : 0;
    this.#templateHits = 0;
    this.#template = makeTemplate(event, this.#piece);
  }

  /** An event stream never starts with a brace or a tag; JSON and pages do. */
  #lookAtStart(chunk: string): void {
    const first = chunk.replace(BLANK_START, '').charAt(0);
    if (first === '') return;
    this.#isBodyKnown = true;
    if (first === '{' || first === '[' || first === '<') this.#body = [];
  }

  #endOfBody(raw: string, close: StreamClose): StreamResult {
    const bodyText = (this.#options.decode ?? identity)(raw);
    const { answer, reasoning, ...read } = readBlockingAnswer({
      status: 200,
      headers: this.#options.headers ?? {},
      bodyText,
    });
    const keeps = this.#options.keepText === true;
    const outcome =
      close !== 'clean' && read.outcome.kind === 'failed' && read.outcome.error === 'invalid'
        ? brokenOff(close, { partialOutput: false })
        : read.outcome;
    return {
      ...read,
      ...withoutTimes(),
      outcome,
      chunks: 0,
      done: false,
      answer: keeps ? answer : null,
      reasoning: keeps ? reasoning : null,
      warnings: ['the answer is no event stream: read as a blocking answer', ...read.warnings],
    };
  }
}

/** White space and a BOM, as a character or as bytes. */
const BLANK_START = /^[\s\uFEFF\u00EF\u00BB\u00BF]+/;

function identity(raw: string): string {
  return raw;
}
