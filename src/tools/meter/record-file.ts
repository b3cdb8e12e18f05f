import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Attempt } from '../../lib/answer/attempt.ts';
import { hideSecrets } from '../../lib/answer/failure/secrets.ts';
import type { ReadMark } from './answer-collector.ts';
import { plainName } from '../../lib/text/plain-text.ts';

/** One finished request, for the record. Never a text, a prompt or a key. */
export type CarriedRequest = {
  /** Wall clock at which k6's request came, ms since 1970. */
  startedAtMs: number;
  model: string;
  stream: boolean;
  attempt: Attempt;
  servedMs: number;
  retriedConnection: boolean;
  overBudget: boolean;
  reads: readonly ReadMark[];
};

export type RecordOptions = {
  file: string;
  /** Every read too. */
  events: boolean;
  /** Blotted out wherever they stand. */
  secrets: readonly string[];
};

const MS_DIGITS = 3;

/** Appends one JSON line a request to a file. */
export class RecordFile {
  readonly #file: WriteStream;
  readonly #events: boolean;
  readonly #secrets: readonly string[];
  #problem: string | null = null;

  private constructor(file: WriteStream, { events, secrets }: Pick<RecordOptions, 'events' | 'secrets'>) {
    this.#file = file;
    this.#events = events;
    this.#secrets = secrets;
    // A full disk must not end the run: the record stops, and says so.
    file.on('error', ({ message }) => {
      this.#problem ??= message;
    });
  }

  /** Why the record is not whole; null when it is. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Rejects with the system's error when the file cannot be written. */
  static async open({ file, ...options }: RecordOptions): Promise<RecordFile> {
    const stream = createWriteStream(file, { flags: 'a' });
    await once(stream, 'open');
    return new RecordFile(stream, options);
  }

  write(recorded: CarriedRequest): void {
    if (this.#problem !== null) return;
    // A server may repeat the key anywhere: as its model's name, as a finish reason.
    const hide = (_key: string, value: unknown): unknown =>
      typeof value === 'string' ? plainName(hideSecrets(value, this.#secrets)) : value;
    this.#file.write(`${JSON.stringify(lineOf(recorded, this.#events), hide)}\n`);
  }

  /** Resolves when everything is in the file, or never will be. */
  async close(): Promise<void> {
    if (this.#file.closed) return;
    const closed = new Promise<void>((resolve) => this.#file.once('close', () => resolve()));
    this.#file.end();
    await closed;
  }
}

function lineOf(recorded: CarriedRequest, events: boolean): object {
  const { startedAtMs, model, stream, attempt, servedMs, retriedConnection, overBudget, reads } = recorded;
  const { outcome, usage } = attempt;
  return {
    at: new Date(startedAtMs).toISOString(),
    model,
    answeredModel: attempt.answeredModel,
    stream,
    status: attempt.status,
    outcome: outcome.kind === 'failed' ? outcome.error : outcome.kind,
    ttfbMs: round(attempt.ttfbMs),
    ttftMs: round(attempt.ttftMs),
    ttfoMs: round(attempt.ttfoMs),
    lastOutputMs: round(attempt.lastOutputMs),
    endMs: round(attempt.endMs),
    stallMs: round(attempt.stallMs),
    connectMs: round(attempt.connectMs),
    servedMs: round(servedMs),
    chunks: attempt.chunks,
    ...usage,
    finishReason: attempt.finishReason,
    reportedCostUsd: attempt.reportedCostUsd,
    reported: attempt.reported,
    bufferedByProxy: attempt.bufferedByProxy,
    pace: attempt.pace,
    retriedConnection,
    overBudget,
    ...(events ? { events: reads.map(eventOf) } : {}),
  };
}

/**
 * A read that completed no content event brought something else: a role, usage, a comment, a part of an event.
 * `choices` counts its events with choices, content or none, since some tools time those.
 */
function eventOf([atMs, contentEvents, choices]: ReadMark): object {
  return contentEvents > 0
    ? { ms: round(atMs), kind: 'content', events: contentEvents, choices }
    : { ms: round(atMs), kind: 'other', choices };
}

/** To the microsecond. */
function round(ms: number | null): number | null {
  return ms === null ? null : Number(ms.toFixed(MS_DIGITS));
}
