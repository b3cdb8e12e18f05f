import { readBlockingAnswer } from '../blocking-answer.ts';
import { AnswerState, type Channel } from '../answer-state.ts';
import { BodyBeforeEvents } from './body-before-events.ts';
import type { DeltaTemplate } from './delta-template.ts';
import { NO_TIMES, type StreamTimes } from '../attempt.ts';
import type { Headers } from '../headers/find-header.ts';
import type { AskedFor, ReadAnswerBody } from '../../kinds/kind.ts';
import { isRecord, parseJson } from '../../parse/json.ts';
import { splitJson } from '../../parse/split-json.ts';
import { type OutputPiece, PlainEvents } from './plain-events.ts';
import { RepeatedText } from './repeated-text.ts';
import { SseFramer } from './sse-framer.ts';
import { StreamClock } from './stream-clock.ts';
import { brokenOff, concludeStream, type StreamClose } from './stream-ending.ts';
import type { StreamResult } from './stream-result.ts';
import { isDoneMark, isMessage, strayField } from './stray-text.ts';
import type { UsageReading } from '../usage/usage-reader.ts';
import { type AnswerWarning, AnswerWarnings, warning } from '../answer-warnings.ts';
import { isErrorName, readWireBody } from '../wire/wire-body.ts';
import { BOUNDS, excessOf } from '../bounds.ts';

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

/** Events that wait to be read, and how long one may be. */
const MAX_WAITING = 32;
const MAX_WAITING_CHARS = 4096;

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
  #piece: OutputPiece = { channel: 'answer', key: '', choice: 0 };
  readonly #plain = new PlainEvents();
  #choiceEvents = 0;
  /** What the server wrote where an event should have been: the reason, should the stream fail. */
  #words: string | null = null;
  readonly #repeated = { answer: new RepeatedText(), reasoning: new RepeatedText() };
  /** Events that are not read yet: their names, their data, when they came. */
  readonly #waiting: { readonly names: string[]; readonly events: string[]; readonly timesMs: number[] } = {
    names: [],
    events: [],
    timesMs: [],
  };
  #events = 0;
  #excess: string | null = null;
  readonly #body = new BodyBeforeEvents();

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
    if (options.parseAll === true) this.#plain.stop();
  }

  /** Content events so far. */
  get chunks(): number {
    this.#readWaiting();
    return this.#clock.chunks;
  }

  /**
   * Events with `choices` that are not empty, content or none, so far; not those of several objects. Other tools time
   * some of these.
   */
  get choiceEvents(): number {
    this.#readWaiting();
    return this.#choiceEvents;
  }

  /** Nothing that may still come can change the result: the connection need not be waited for. */
  get isOver(): boolean {
    const state = this.#state;
    return state.stopped || (this.#done && (state.error !== null || state.everyChoiceFinished));
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
    return this.#body.chars + this.#framer.heldChars;
  }

  /** What one read brought, and when, in ms from the moment the request was issued. */
  feed(chunk: string, atMs: number): void {
    this.#readWaiting();
    if (this.#excess !== null) return;
    this.#atMs = atMs;
    const taken = this.#body.take(chunk, atMs);
    if (taken === 'stream') this.#framer.feed(chunk);
    else if (taken === 'exceeded') this.#excess = excessOf('bodyChars');
  }

  /** A line that is no event, as xk6-sse hands it over: without its end. */
  line(text: string, atMs: number): void {
    this.feed(`${text}\n`, atMs);
  }

  /**
   * An event as xk6-sse hands it over: names may end in CR, comments have no data. Those that cannot be the answer's end
   * are read some at a time: that halves what each takes of k6's engine, and leaves the processor to the users whose
   * first token comes at the same moment.
   *
   * @returns whether the answer is over (`isOver`).
   */
  event(name: string, data: string, atMs: number): boolean {
    const { names, events, timesMs } = this.#waiting;
    names.push(name);
    events.push(data);
    timesMs.push(atMs);
    if (events.length < MAX_WAITING && this.#endsNothing(name, data)) return false;
    this.#readWaiting();
    return this.isOver;
  }

  /** Where there are choices, [DONE] is the end; another wire's content is known by what it begins with. */
  #endsNothing(name: string, data: string): boolean {
    if (data.length > MAX_WAITING_CHARS) return false;
    return data.includes('"choices"') || this.#plain.beginsAlike(name, data);
  }

  #readWaiting(): void {
    const { names, events, timesMs } = this.#waiting;
    const { length } = events;
    if (length === 0) return;
    if (this.#body.isPossible()) this.#frameBody();
    if (this.#framer.hasPartialEvent()) this.#framer.end();
    // Once: to join what is left again for each event would cost more than it saves.
    let hasTried = false;
    for (let at = 0; at < length; at += 1) {
      const { template } = this.#plain;
      if (!hasTried && template !== null && !this.#looksAtText(template)) {
        hasTried = true;
        if (this.#readAlike(template, at)) break;
      }
      const name = names[at] ?? '';
      this.#atMs = timesMs[at] ?? 0;
      this.#onEvent(name.endsWith('\r') ? name.slice(0, -1) : name, events[at] ?? '');
    }
    names.length = 0;
    events.length = 0;
    timesMs.length = 0;
  }

  /** Reads all that wait from there on, when they are the template's but for texts that nobody looks at. */
  #readAlike(template: DeltaTemplate, from: number): boolean {
    const { names, events, timesMs } = this.#waiting;
    const count = events.length - from;
    if (this.#done || this.#events + count > BOUNDS.events) return false;
    for (let at = from; at < names.length; at += 1) if (names[at] !== template.name) return false;
    if (!this.#plain.matchAll(from === 0 ? events : events.slice(from))) return false;
    this.#events += count;
    if (this.#plain.hasChoices) this.#choiceEvents += count;
    for (let at = from; at < timesMs.length; at += 1) this.#clock.content(template.channel, timesMs[at] ?? 0);
    return true;
  }

  #looksAtText({ channel, choice }: DeltaTemplate): boolean {
    if (channel === 'tool') return false;
    return this.#options.keepText === true || (choice === 0 && this.#repeated[channel].isPossible);
  }

  /** Lines that looked like a body stand in a stream. */
  #frameBody(): void {
    for (const { chunk, atMs } of this.#body.giveUp()) {
      this.#atMs = atMs;
      this.#framer.feed(chunk);
    }
  }

  /** The answer is over: how, and what it was. */
  end(close: StreamClose): StreamResult {
    this.#readWaiting();
    if (this.#excess === null) {
      const body = this.#body.text;
      if (body !== null) return this.#endOfBody(body, close);
      this.#frameBody();
    }
    const hadPartial = this.#framer.hasPartialEvent();
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
    const plain = this.#plain;
    const spelled = plain.match(name, data);
    const { template } = plain;
    if (template === null || spelled === null) this.#readEvent(name, data);
    else this.#addPlain(template, spelled);
  }

  /** An event that is the template's but for its text. */
  #addPlain(template: DeltaTemplate, spelled: string): void {
    const { channel, choice } = template;
    if (this.#plain.hasChoices) this.#choiceEvents += 1;
    this.#clock.content(channel, this.#atMs);
    if (channel === 'tool' || !this.#looksAtText(template)) return;
    const json = (this.#options.decode ?? identity)(spelled);
    const text = String(json.includes('\\') ? parseJson(`"${json}"`) : json);
    if (choice === 0 && this.#repeated[channel].isPossible) this.#repeated[channel].add(text);
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
    if (this.#state.anyChoiceFinished) this.#plain.forget();
    else if (this.#pieces === 1 && this.#state.marks === marks) {
      this.#plain.learn({ name, data }, { piece: this.#piece, hasChoices: isChoice });
    }
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
    const { field, value } = strayField(text);
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
    if (isMessage(text)) this.#words ??= text;
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

function hasChoices(body: unknown): boolean {
  const choices = isRecord(body) ? body['choices'] : null;
  return Array.isArray(choices) && choices.length > 0;
}

function identity(raw: string): string {
  return raw;
}
