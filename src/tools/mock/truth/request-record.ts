import type { ErrorKind } from '../../../lib/answer/attempt.ts';
import type { MessageShape } from '../chat/mock-ask.ts';
import type { FaultName } from '../faults/faults.ts';
import type { ToldUsage } from '../../../lib/kinds/mock/mock-format.ts';

/** How an answer ended: whole, broken off by a fault of that name, or left by the client. */
export type AnswerEnd = 'whole' | 'aborted' | FaultName;

/**
 * One request as the mock saw it. All times are ms since the mock's start or last reset; null: it did not come
 * to that. Writes are stamped just before the bytes are handed to the kernel.
 */
export type RequestRecord = {
  /** From 1, in order of arrival; `x-request-id: mock-<id>` in the answer. */
  id: number;
  /** null for a body that could not be read. */
  model: string | null;
  /** Of request, `chat`. */
  kind: string;
  stream: boolean;
  mark: string | null;
  /** The request's head was read. */
  requestHeadersAtMs: number;
  /** The request was there, whole: its times count from here, or from its slot if it had to wait for one. */
  arrivalMs: number;
  /** A slot was free. */
  startMs: number | null;
  /** Of the first token; for a blocking answer, of the answer. */
  firstWriteAtMs: number | null;
  lastTokenAtMs: number | null;
  endMs: number | null;
  plannedTtftMs: number | null;
  plannedTpotMs: number | null;
  plannedOutputTokens: number | null;
  /** Tokens whose text was written. */
  tokensWritten: number;
  /** What the client was told; null: nothing. */
  usage: ToldUsage | null;
  status: number | null;
  faults: FaultName[];
  end: AnswerEnd | null;
  /** What a right client counts; null for a success, and while the client has not got its answer. */
  errorKind: ErrorKind | null;
  messages: readonly MessageShape[];
};

/** Keeps the last `limit` values. */
export class LastOf<T> {
  readonly #limit: number;
  #values: T[] = [];
  #next = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(value: T): void {
    if (this.#values.length < this.#limit) this.#values.push(value);
    else this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % this.#limit;
  }

  /** Oldest first. */
  read(): T[] {
    if (this.#values.length < this.#limit) return [...this.#values];
    return [...this.#values.slice(this.#next), ...this.#values.slice(0, this.#next)];
  }

  clear(): void {
    this.#values = [];
    this.#next = 0;
  }
}
