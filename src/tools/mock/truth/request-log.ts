import type { ErrorKind } from '../../../lib/answer/attempt.ts';
import type { MockAsk } from '../chat/mock-ask.ts';
import type { Counts } from './counts.ts';
import type { FaultName } from '../faults/faults.ts';
import type { MockRequest } from '../server/mock-request.ts';
import type { AnswerPlan } from '../../../lib/kinds/mock/answer-plan.ts';
import type { AnswerEnd, RequestRecord } from './request-record.ts';
import { addUsage, type ModelTally } from './model-tally.ts';
import type { ToldUsage } from '../../../lib/kinds/mock/mock-format.ts';

/** What happens to one request, told to its record and to the counts as it happens. */
export class RequestLog {
  readonly id: number;
  readonly #record: RequestRecord;
  readonly #counts: Counts;

  constructor(counts: Counts, request: MockRequest, kind: string) {
    this.#counts = counts;
    this.id = counts.requests.started + 1;
    this.#record = {
      id: this.id,
      model: null,
      kind,
      stream: false,
      mark: null,
      requestHeadersAtMs: counts.sinceStartMs(request.headersAtMs),
      arrivalMs: counts.sinceStartMs(request.arrivalMs),
      startMs: null,
      firstWriteAtMs: null,
      lastTokenAtMs: null,
      endMs: null,
      plannedTtftMs: null,
      plannedTpotMs: null,
      plannedOutputTokens: null,
      tokensWritten: 0,
      usage: null,
      status: null,
      faults: [],
      end: null,
      errorKind: null,
      messages: [],
    };
    counts.add(this.#record, request.body);
  }

  /** The body could be read. Returns how many requests for the same model came before. */
  understood(ask: MockAsk): number {
    const record = this.#record;
    record.model = ask.model;
    record.stream = ask.stream;
    record.mark = ask.mark;
    record.messages = ask.messages;
    for (const tally of this.#tallies(ask.model)) tally.requests += 1;
    return this.#counts.tallyOf(ask.model).requests - 1;
  }

  /** A fault takes effect. */
  faulted(fault: FaultName): void {
    const { faults } = this.#counts;
    this.#record.faults.push(fault);
    faults[fault] = (faults[fault] ?? 0) + 1;
  }

  /** A slot is there and the answer begins. */
  started(plan: AnswerPlan, startMs: number): void {
    const record = this.#record;
    record.startMs = this.#counts.sinceStartMs(startMs);
    this.#counts.queueTimes.add(record.startMs - record.arrivalMs);
    record.plannedTtftMs = plan.ttftMs;
    record.plannedTpotMs = plan.tpotMs;
    record.plannedOutputTokens = plan.outputTokens;
  }

  /** The status line goes out. */
  answering(status: number): void {
    const { statuses } = this.#counts;
    this.#record.status = status;
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (this.#isStream()) this.#countStream('started');
  }

  /** A token's event, or a whole answer, goes out, so late after it was due. */
  wrote(write: { atMs: number; lateMs: number; tokens: number }): void {
    const record = this.#record;
    const { firstWrites, laterWrites, wholeAnswers } = this.#counts;
    record.lastTokenAtMs = this.#counts.sinceStartMs(write.atMs);
    record.tokensWritten += write.tokens;
    if (!record.stream) wholeAnswers.add(write.lateMs);
    else (record.firstWriteAtMs === null ? firstWrites : laterWrites).add(write.lateMs);
    if (record.firstWriteAtMs === null) {
      record.firstWriteAtMs = record.lastTokenAtMs;
      this.#counts.firstTokens.add(record.firstWriteAtMs - record.arrivalMs);
    }
  }

  /** The client is told these counts, in place of any it was told before for the same answer. */
  told(usage: ToldUsage): void {
    const record = this.#record;
    for (const tally of this.#tallies(record.model)) addUsage(tally, record.usage, usage);
    record.usage = usage;
  }

  /** The request is over; only the first call counts. */
  ended(end: AnswerEnd, errorKind: ErrorKind | null): void {
    const record = this.#record;
    if (record.end !== null) return;
    const { requests, errors } = this.#counts;
    record.end = end;
    record.errorKind = errorKind;
    record.endMs = this.#counts.sinceStartMs(this.#counts.now());
    requests.inFlight -= 1;
    requests[end === 'whole' ? 'answered' : end === 'aborted' ? 'aborted' : 'broken'] += 1;
    if (this.#isStream()) this.#countStream(end === 'whole' ? 'finished' : end);
    if (errorKind !== null) errors[errorKind] = (errors[errorKind] ?? 0) + 1;
    const how = errorKind !== null ? 'failed' : end === 'aborted' ? 'aborted' : 'succeeded';
    for (const tally of this.#tallies(record.model)) tally[how] += 1;
  }

  /** What its model and its kind have done; nothing of a body that could not be read. */
  #tallies(model: string | null): ModelTally[] {
    if (model === null) return [];
    return [this.#counts.tallyOf(model), this.#counts.tallyOfKind(this.#record.kind)];
  }

  /** An answer that comes in events, not an error in place of one. */
  #isStream(): boolean {
    return this.#record.stream && this.#record.startMs !== null && this.#record.status === 200;
  }

  #countStream(what: string): void {
    const { streams } = this.#counts;
    streams[what] = (streams[what] ?? 0) + 1;
  }
}
