import { readBlockingAnswer } from '../blocking-answer.ts';
import { AnswerState, type Channel } from '../answer-state.ts';
import { type DeltaTemplate, makeTemplate, spelledText } from './delta-template.ts';
import { type AnswerReading, NO_TIMES, type StreamTimes } from '../attempt.ts';
import type { Headers } from '../headers/find-header.ts';
import type { AskedFor, ReadAnswerBody } from '../../kinds/kind.ts';
import { isRecord, parseJson } from '../../parse/json.ts';
import { splitJson } from '../../parse/split-json.ts';
import { RepeatedText } from './repeated-text.ts';
import { SseFramer } from './sse-framer.ts';
import { StreamClock } from './stream-clock.ts';
import { brokenOff, concludeStream, type StreamClose } from './stream-ending.ts';
import type { UsageReading } from '../usage/usage-reader.ts';
import { type AnswerWarning, AnswerWarnings, warning } from '../answer-warnings.ts';
import { isErrorName, readWireBody } from '../wire/wire-body.ts';
import { BOUNDS, excessOf } from '../bounds.ts';
import type { ToolCall } from '../tool-calls.ts';

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
  /** null: text, of whichever wire it turns out to be. */
  asked?: AskedFor | null;
  /** Parse every event in full. The result is the same: for tests and for `explain`. */
  parseAll?: boolean;
};

/** What one streamed answer told. Times are ms from the moment the request was issued. */
export type StreamResult = AnswerReading & {
  /** The code of the error in the stream, as the server wrote it. */
  errorCode: string | number | null;
  /** [DONE] came. */
  done: boolean;
  toolCalls: readonly ToolCall[];
  /** The first choice's text, refusals included; null without `keepText`. */
  answer: string | null;
  reasoning: string | null;
};

/** Futile templates after which a stream is no longer tried: its events differ in more than their text. */
const MAX_FUTILE_TEMPLATES = 8;

/** `[DONE]`, with what white space may stand around it. */
const MAX_DONE_CHARS = 64;
/** As OpenAI writes it, in quotes, or without its brackets. */
const DONE = /^[\s"]*\[?DONE\]?[\s"]*$/;

/** `name: text`, where a server writes a field that no standard knows. */
const FIELD = /^([\w .-]{1,40}?)\s*:\s*([\s\S]*)$/;
/** A text that is no message: a relay's comment, an end mark of its own, JSON that was cut. */
const NO_WORDS = /^([:{[]|\W*$|\[?done\]?$|null$)/i;

/**
 * Reads one streamed answer of any wire, and says how it ended. Feed it text (`feed`) or events (`event`) with the
 * time of the read that brought them, then `end`. Never throws on any input.
 */
export class StreamReader {
  readonly #options: StreamOptions;
  readonly #state: AnswerState;
  readonly #clock: StreamClock;
  readonly #framer: SseFramer;
  readonly #warnings = new AnswerWarnings();
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
  /** The template has choices, and so has each event that is like it. */
  #templateHasChoices = false;
  #choiceEvents = 0;
  #futile = 0;
  /** What the server wrote where an event should have been: the reason, should the stream fail. */
  #words: string | null = null;
  readonly #repeated = { answer: new RepeatedText(), reasoning: new RepeatedText() };
  #events = 0;
  #excess: string | null = null;
  #bodyChars = 0;
  /** The body, when it is no event stream but JSON or a page, and when its pieces came. */
  #body: { chunk: string; atMs: number }[] | null = null;
  #isBodyKnown = false;

  constructor(options: StreamOptions = {}) {
    this.#options = options;
    this.#clock = new StreamClock(options.keepGaps === true);
    this.#framer = new SseFramer(
      (name, data) => this.#onEvent(name, data),
      (text) => this.#onStray(text),
    );
    this.#state = new AnswerState({
      keepText: options.keepText === true,
      onOutput: (channel, key, choice) => this.#onOutput(channel, key, choice),
      onText: (channel, text) => this.#repeated[channel].add(text),
    });
    if (options.parseAll === true) this.#futile = MAX_FUTILE_TEMPLATES;
  }

  /** Content events so far. */
  get chunks(): number {
    return this.#clock.chunks;
  }

  /**
   * Events with `choices` that are not empty, content or none, so far; not those of several objects. Other tools time
   * some of these.
   */
  get choiceEvents(): number {
    return this.#choiceEvents;
  }

  /** Nothing that may still come can change the result: the connection need not be waited for. */
  get isOver(): boolean {
    const { stopped, everyChoiceFinished, error } = this.#state;
    return stopped || (this.#done && (everyChoiceFinished || error !== null));
  }

  /** [DONE] came: nothing counts after it, though how the connection ends may tell that it was no end. */
  get isDone(): boolean {
    return this.#done;
  }

  /** What the answer has too much of; null: nothing. There is no use in reading on. */
  get excess(): string | null {
    return this.#excess ?? this.#state.excess ?? (this.#framer.isExceeded ? excessOf('lineChars') : null);
  }

  /** Characters that are kept until a line, an event or a body ends. */
  get heldChars(): number {
    return this.#bodyChars + this.#framer.heldChars;
  }

  /** What one read brought, and when, in ms from the moment the request was issued. */
  feed(chunk: string, atMs: number): void {
    if (this.#excess !== null) return;
    this.#atMs = atMs;
    if (!this.#isBodyKnown) this.#lookAtStart(chunk);
    if (this.#body === null) this.#framer.feed(chunk);
    else this.#keepBody(this.#body, chunk, atMs);
  }

  #keepBody(body: { chunk: string; atMs: number }[], chunk: string, atMs: number): void {
    this.#bodyChars += chunk.length;
    if (this.#bodyChars > BOUNDS.bodyChars) {
      this.#excess ??= excessOf('bodyChars');
      this.#bodyChars = 0;
      body.length = 0;
    } else body.push({ chunk, atMs });
  }

  /** A line that is no event, as xk6-sse hands it over: without its end. */
  line(text: string, atMs: number): void {
    this.feed(`${text}\n`, atMs);
  }

  /** An event as xk6-sse hands it over: names may end in CR, comments have no data. */
  event(name: string, data: string, atMs: number): void {
    this.#isBodyKnown = true;
    this.#takeLinesBefore();
    this.#atMs = atMs;
    this.#onEvent(name.endsWith('\r') ? name.slice(0, -1) : name, data);
  }

  /** Lines that came before an event, whatever they looked like, stood in a stream. */
  #takeLinesBefore(): void {
    const body = this.#body;
    this.#body = null;
    if (body !== null) this.#frame(body);
    if (this.#framer.hasPartialEvent) this.#framer.end();
  }

  #frame(pieces: readonly { chunk: string; atMs: number }[]): void {
    for (const { chunk, atMs } of pieces) {
      this.#atMs = atMs;
      this.#framer.feed(chunk);
    }
  }

  /** The answer is over: how, and what it was. */
  end(close: StreamClose): StreamResult {
    const body = this.#body;
    if (body !== null && this.#excess === null) {
      const text = body.map(({ chunk }) => chunk).join('');
      if (!this.#isStreamAfterAll(text)) return this.#endOfBody(text, close);
      this.#frame(body);
    }
    const hadPartial = this.#framer.hasPartialEvent;
    this.#framer.end();
    const state = this.#state;
    const { chunks } = this.#clock;
    const reading = state.readUsage(chunks > 0, true);
    const outcome = concludeStream({
      state,
      close,
      done: this.#done,
      hasOutput: chunks > 0,
      outputTokens: reading.usage.outputTokens,
      sawAnything: this.#sawEvent || hadPartial,
      words: this.#words,
      excess: this.excess,
    });
    const times = this.#times();
    return {
      outcome,
      ...times,
      ...reading,
      answeredModel: state.model,
      finishReason: state.finishReason,
      reported: state.reported,
      errorCode: state.error?.code ?? null,
      done: this.#done,
      toolCalls: state.toolCalls,
      answer: this.#text('answer'),
      reasoning: this.#text('reasoning'),
      warnings: this.#allWarnings(reading, {
        close,
        held: times.bufferedByProxy,
        isOk: outcome.kind === 'ok',
      }),
    };
  }

  #allWarnings(
    reading: UsageReading,
    { close, held, isOk }: { close: StreamClose; held: boolean; isOk: boolean },
  ): AnswerWarning[] {
    const { finish } = this.#state;
    const { answer, reasoning } = this.#repeated;
    return [
      ...this.#warnings.list(),
      ...(held ? [warning('held_back')] : []),
      ...(answer.whole === null && reasoning.whole === null ? [] : [warning('cumulative')]),
      ...(isOk && close === 'timeout' ? [warning('left_open')] : []),
      ...(finish?.kind === 'unknown' ? [warning('unknown_finish', finish.reason)] : []),
      ...reading.warnings,
    ];
  }

  /** The first choice's text; of a server that repeats it all each time, the last of it. */
  #text(channel: 'answer' | 'reasoning'): string | null {
    const text = this.#state.text(channel);
    return text === null ? null : (this.#repeated[channel].whole ?? text);
  }

  #times(): StreamTimes {
    return this.#options.timed === false ? { ...NO_TIMES, chunks: this.chunks } : this.#clock.times();
  }

  #onEvent(name: string, data: string): void {
    if (data === '' && !isErrorName(name)) return;
    if (this.#done) {
      this.#warnings.add('after_done');
      return;
    }
    this.#sawEvent = true;
    this.#events += 1;
    if (this.#events > BOUNDS.events) {
      this.#excess ??= excessOf('events');
      return;
    }
    const template = this.#template;
    const spelled = template === null ? null : spelledText(template, name, data);
    if (template === null || spelled === null) this.#readEvent(name, data);
    else this.#addPlain(template, spelled);
  }

  /** An event that is the template's but for its text. */
  #addPlain({ channel, choice }: DeltaTemplate, spelled: string): void {
    this.#templateHits += 1;
    if (this.#templateHasChoices) this.#choiceEvents += 1;
    this.#clock.content(channel, this.#atMs);
    if (channel === 'tool') return;
    const isWatched = choice === 0 && this.#repeated[channel].isPossible;
    if (this.#options.keepText !== true && !isWatched) return;
    const json = (this.#options.decode ?? identity)(spelled);
    const text = String(json.includes('\\') ? parseJson(`"${json}"`) : json);
    if (isWatched) this.#repeated[channel].add(text);
    if (this.#options.keepText === true) this.#state.keepText(channel, choice, text);
  }

  #readEvent(name: string, data: string): void {
    if (isDoneMark(data)) {
      this.#done = true;
      return;
    }
    const decode = this.#options.decode ?? identity;
    const text = decode(data);
    const body = parseJson(text);
    const isJson = typeof body === 'object' && body !== null;
    if (!isJson && !isErrorName(name)) {
      this.#readOddEvent(name, text);
      return;
    }
    this.#pieces = 0;
    const { marks } = this.#state;
    const isChoice = hasChoices(body);
    if (isChoice) this.#choiceEvents += 1;
    readWireBody(body ?? text, name, this.#state, this.#ownReader);
    // Behind a finish reason every event is read in full: output there tells that the reason was no end.
    if (this.#state.anyChoiceFinished) this.#template = null;
    else if (this.#pieces === 1 && this.#state.marks === marks) this.#learn({ name, data }, isChoice);
  }

  /** An event that is no JSON object: several in one, or text. */
  #readOddEvent(name: string, text: string): void {
    const bodies = splitJson(text);
    if (bodies === null) {
      if (text.trim() === '') return;
      this.#warnings.add('dropped_event', text);
      this.#addWords(text);
      return;
    }
    this.#warnings.add('joined_objects');
    this.#readBodies(bodies, name);
  }

  /** Objects that came at one moment: together they are one event. */
  #readBodies(bodies: readonly unknown[], name: string): void {
    this.#pieces = 0;
    for (const body of bodies) readWireBody(body, name, this.#state, this.#ownReader);
  }

  /** What stands where an event should be: `error: {…}` (llama.cpp), an object without `data:`, a page, plain words. */
  #onStray(raw: string): void {
    const text = (this.#options.decode ?? identity)(raw).trim();
    if (text === '') return;
    if (this.#done) {
      this.#warnings.add('after_done');
      return;
    }
    const [, field = '', value = ''] = FIELD.exec(text) ?? [];
    if (isErrorName(field)) {
      this.#sawEvent = true;
      readWireBody(parseJson(value) ?? value, 'error', this.#state);
      return;
    }
    const bodies = splitJson(/^data$/i.test(field) ? value : text);
    // A field that nobody knows has no meaning (WHATWG HTML, 9.2.6), unless the stream fails.
    if (bodies !== null || !/^[\w-]+$/.test(field)) this.#warnings.add('stray_text', text);
    if (bodies === null) this.#addWords(text);
    else {
      this.#sawEvent = true;
      this.#readBodies(bodies, '');
    }
  }

  #addWords(text: string): void {
    if (!NO_WORDS.test(text.trim())) this.#words ??= text;
  }

  get #ownReader(): ReadAnswerBody | null {
    return this.#options.asked?.kind.read ?? null;
  }

  #onOutput(channel: Channel, key: string, choice: number): void {
    if (this.#pieces === 0) this.#clock.content(channel, this.#atMs);
    else this.#clock.alsoOn(channel, this.#atMs);
    this.#pieces += 1;
    this.#piece = { channel, key, choice };
  }

  /** Keeps the event just read as a pattern for those that differ in their text alone. */
  #learn(event: { name: string; data: string }, isChoice: boolean): void {
    if (this.#futile >= MAX_FUTILE_TEMPLATES) return;
    this.#futile = this.#templateHits === 0 ? this.#futile + 1 : 0;
    this.#templateHits = 0;
    this.#template = makeTemplate(event, this.#piece);
    this.#templateHasChoices = isChoice;
  }

  /** An event stream never starts with a brace or a tag; JSON and pages do. */
  #lookAtStart(chunk: string): void {
    const first = chunk.replace(BLANK_START, '').charAt(0);
    if (first === '') return;
    this.#isBodyKnown = true;
    if (first === '{' || first === '[' || first === '<') this.#body = [];
  }

  /** Events follow what looked like a body: an error in bare JSON before [DONE], say. */
  #isStreamAfterAll(raw: string): boolean {
    return /^(data|event):/m.test(raw) && parseJson(raw) === undefined;
  }

  #endOfBody(raw: string, close: StreamClose): StreamResult {
    const bodyText = (this.#options.decode ?? identity)(raw);
    const { asked = null, headers = {} } = this.#options;
    const { answer, reasoning, ...read } = readBlockingAnswer({ status: 200, headers, bodyText }, asked);
    const keeps = this.#options.keepText === true;
    const outcome =
      close !== 'clean' && read.outcome.kind === 'failed' && read.outcome.error === 'invalid'
        ? brokenOff(close, { partialOutput: false })
        : read.outcome;
    return {
      ...read,
      outcome,
      done: false,
      answer: keeps ? answer : null,
      reasoning: keeps ? reasoning : null,
      warnings: [warning('not_streamed'), ...read.warnings],
    };
  }
}

/** Whether an event's data say that nothing more comes. */
export function isDoneMark(data: string): boolean {
  return data.length < MAX_DONE_CHARS && DONE.test(data);
}

function hasChoices(body: unknown): boolean {
  const choices = isRecord(body) ? body['choices'] : null;
  return Array.isArray(choices) && choices.length > 0;
}

/** White space and a BOM, as a character or as bytes. */
const BLANK_START = /^[\s\uFEFF\u00EF\u00BB\u00BF]+/;

function identity(raw: string): string {
  return raw;
}
