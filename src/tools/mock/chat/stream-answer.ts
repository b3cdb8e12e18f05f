import type { Timed } from '../time/scheduler.ts';
import { RESET_DELAY_MS, afterAnswer, endGeneration, errorKindOf, type Generation } from './generation.ts';
import { endingOf, paceStream, type AnswerEnding, type Pacing } from './pacing.ts';
import { answerText, toolCallText, reasoningText } from '../../../lib/kinds/mock/answer-plan.ts';
import type { StreamWriter } from '../../../lib/kinds/mock/mock-format.ts';

/** A comment comes before every so many events. */
const COMMENT_EVERY = 8;
const COMMENT = ': ping';

/** Writes one stream, each event when it is due. Events due together go out in one write, a chunk each. */
export class StreamAnswer implements Timed {
  dueMs: number;
  heapIndex = -1;
  readonly #generation: Generation;
  readonly #writer: StreamWriter;
  readonly #choices: readonly number[];
  readonly #pacing: Pacing;
  readonly #eol: string;
  /** The next content event. */
  #next = 0;
  #opened = false;
  /** The answer breaks off when this is run again. */
  #breaking = false;

  constructor(generation: Generation) {
    const { faults, plan, format, identity, usage, startMs } = generation;
    this.#generation = generation;
    this.#eol = faults.has('crlf') ? '\r\n' : '\n';
    if (format.streamWriter === null) throw new Error('answers of this kind cannot be streamed');
    this.#writer = format.streamWriter({ identity, usage, eol: this.#eol, plan });
    this.#choices = Array.from({ length: plan.choices }, (_, choice) => choice);
    this.#pacing = paceStream(plan, faults, startMs);
    this.dueMs = this.#pacing.dueMs(0);
  }

  start(): void {
    const { scheduler, exchange, faults } = this.#generation;
    exchange.onClientLeft(() => {
      scheduler.cancel(this);
      endGeneration(this.#generation, 'aborted', null);
    });
    const comments = faults.has('comments');
    if (faults.has('role_only') || comments) exchange.push(this.#open(comments ? this.#comment() : ''));
    scheduler.schedule(this);
  }

  run(nowMs: number): void {
    if (this.#breaking) {
      this.#breakOff();
      return;
    }
    const { events, breakBefore, dueMs } = this.#pacing;
    let out = '';
    for (; this.#next < events && this.#next !== breakBefore; this.#next += 1) {
      const eventDueMs = dueMs(this.#next);
      if (eventDueMs > nowMs) break;
      out += this.#opened ? this.#event(this.#next) : this.#open() + this.#event(this.#next);
      const tokens = this.#tokenRange(this.#next);
      this.#generation.log.wrote({
        atMs: nowMs,
        lateMs: nowMs - eventDueMs,
        tokens: (tokens.to - tokens.from) * this.#choices.length,
      });
    }
    if (this.#next === breakBefore) this.#prepareBreak(out, nowMs);
    else if (this.#next === events) this.#finish(out);
    else this.#continueAt(dueMs(this.#next), out);
  }

  #continueAt(dueMs: number, out: string): void {
    this.#generation.exchange.push(out);
    if (this.#generation.exchange.over) return;
    this.dueMs = dueMs;
    this.#generation.scheduler.schedule(this);
  }

  /** Head and opening events; `before` goes between them. */
  #open(before = ''): string {
    const { exchange, headers, log, format, usage } = this.#generation;
    this.#opened = true;
    log.answering(200);
    const told = usage === null ? null : format.toldAtOpen(usage);
    if (told !== null) log.told(told);
    return exchange.renderStreamHead(headers) + before + exchange.piece(this.#writer.open());
  }

  #event(index: number): string {
    const { exchange, faults } = this.#generation;
    let out = '';
    if (faults.has('comments') && index % COMMENT_EVERY === 0 && index > 0) out += this.#comment();
    if (faults.has('malformed_event') && index === this.#pacing.middle) {
      out += exchange.piece(this.#writer.malformed());
    }
    for (const choice of this.#choices) out += exchange.piece(this.#content(index, choice));
    return out;
  }

  #comment(): string {
    return this.#generation.exchange.piece(COMMENT + this.#eol + this.#eol);
  }

  /** The events for the tokens of content event `index`: more than one only where reasoning ends within it. */
  #content(index: number, choice = 0): string {
    const { plan } = this.#generation;
    const { from, to } = this.#tokenRange(index);
    const { reasoningTokens, tool } = plan;
    let out = '';
    if (from < reasoningTokens) {
      out = this.#writer.reasoning(reasoningText(plan, from, Math.min(to, reasoningTokens)), choice);
      if (to <= reasoningTokens) return out;
    }
    const start = Math.max(from, reasoningTokens);
    if (tool === null) return out + this.#writer.text(answerText(plan, start, to, choice), choice);
    if (start === reasoningTokens) out += this.#writer.toolName(tool, choice);
    const pieces = toolCallText(plan, start, to);
    return pieces === '' ? out : out + this.#writer.toolArguments(pieces, choice);
  }

  #tokenRange(index: number): { from: number; to: number } {
    const from = index * this.#pacing.tokensPerEvent;
    return { from, to: Math.min(from + this.#pacing.tokensPerEvent, this.#generation.plan.outputTokens) };
  }

  #finish(before: string): void {
    const { exchange, log, format, plan, faults, usage } = this.#generation;
    let out = this.#opened ? before : before + this.#open();
    out += exchange.piece(
      this.#writer.finish(plan.finish) + (faults.has('no_done') ? '' : this.#writer.done()),
    );
    if (usage !== null) log.told(format.toldAtEnd(usage));
    exchange.finish(out, afterAnswer(faults));
    endGeneration(this.#generation, 'whole', errorKindOf(faults, true));
  }

  /** What came so far goes out; the break itself waits for the time of the event that does not come. */
  #prepareBreak(out: string, nowMs: number): void {
    this.#breaking = true;
    this.#continueAt(Math.max(this.#pacing.dueMs(this.#next), nowMs + RESET_DELAY_MS), out);
  }

  #breakOff(): void {
    const { faults } = this.#generation;
    const ending = endingOf(faults) ?? 'cut';
    const opening = this.#opened || (ending === 'reset' && this.#next === 0) ? '' : this.#open();
    this.#writeEnding(ending, opening);
    const nothingCame = ending === 'reset' && !this.#opened;
    endGeneration(this.#generation, ending, nothingCame ? 'network' : errorKindOf(faults, true));
  }

  #writeEnding(ending: AnswerEnding, opening: string): void {
    const { exchange } = this.#generation;
    switch (ending) {
      case 'reset':
        exchange.breakOff('rst', opening);
        return;
      case 'cut':
        exchange.finish(opening);
        return;
      case 'truncated_chunk': {
        const whole = exchange.piece(this.#content(Math.min(this.#next, this.#pacing.events - 1)));
        exchange.breakOff('fin', opening + whole.slice(0, whole.length >> 1));
        return;
      }
      case 'interrupted':
        exchange.breakOff('fin', opening + exchange.piece(this.#writer.done()));
        return;
      case 'error_event':
        exchange.finish(opening + exchange.piece(this.#writer.error() + this.#writer.done()));
        return;
      default:
        return unreachable(ending);
    }
  }
}

function unreachable(value: never): never {
  throw new Error(`unknown ending ${String(value)}`);
}
