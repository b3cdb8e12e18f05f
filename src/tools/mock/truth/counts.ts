import type { Now } from '../time/scheduler.ts';
import { LatenessHistogram } from './lateness.ts';
import { PageHistogram } from './mock-metrics-page.ts';
import { LastOf, type RequestRecord } from './request-record.ts';
import { emptyTally, sumTallies, type ModelTally } from './model-tally.ts';
import { MAX_ARRIVALS, MAX_BODIES, MAX_RECORDS, type Truth } from './truth.ts';

/** Models beyond these share one tally, so that no client can fill the memory with names. */
const MAX_MODELS = 1_000;
const OTHER_MODELS = '(other models)';

/** What the truth is read from, between two resets. A request of before a reset goes on in the old one. */
export class Counts {
  readonly now: Now;
  readonly requests = { started: 0, answered: 0, broken: 0, aborted: 0, inFlight: 0 };
  readonly faults: Truth['faults'] = {};
  readonly errors: Truth['errors'] = {};
  readonly statuses: Truth['statuses'] = {};
  readonly streams: Truth['streams'] = {};
  readonly firstWrites = new LatenessHistogram();
  readonly laterWrites = new LatenessHistogram();
  readonly wholeAnswers = new LatenessHistogram();
  /** From arrival to the first write, and to the start: as a server's metrics page tells them. */
  readonly firstTokens = new PageHistogram();
  readonly queueTimes = new PageHistogram();
  droppedConnections = 0;
  readonly #seed: number;
  readonly #keepBodies: boolean;
  readonly #originMs: number;
  readonly #startedAt = new Date().toISOString();
  readonly #models = new Map<string, ModelTally>();
  readonly #kinds = new Map<string, ModelTally>();
  readonly #arrivalsMs: number[] = [];
  readonly #records = new LastOf<RequestRecord>(MAX_RECORDS);
  readonly #bodies = new LastOf<{ id: number; body: string }>(MAX_BODIES);

  constructor(options: { seed: number; now: Now; keepBodies: boolean }) {
    this.now = options.now;
    this.#seed = options.seed;
    this.#keepBodies = options.keepBodies;
    this.#originMs = options.now();
  }

  /** A time of the mock's clock as one of the truth: since start, in whole microseconds. */
  sinceStartMs(atMs: number): number {
    return Math.round((atMs - this.#originMs) * 1000) / 1000;
  }

  /** One more request. `record` is kept, and changes as the request goes on. */
  add(record: RequestRecord, body: string): void {
    this.requests.started += 1;
    this.requests.inFlight += 1;
    if (this.#arrivalsMs.length < MAX_ARRIVALS) this.#arrivalsMs.push(record.arrivalMs);
    this.#records.add(record);
    if (this.#keepBodies) this.#bodies.add({ id: record.id, body });
  }

  tallyOf(model: string): ModelTally {
    const name = this.#models.has(model) || this.#models.size < MAX_MODELS ? model : OTHER_MODELS;
    let tally = this.#models.get(name);
    if (tally === undefined) {
      tally = emptyTally();
      this.#models.set(name, tally);
    }
    return tally;
  }

  /** Kinds are few, and no client makes them. */
  tallyOfKind(kind: string): ModelTally {
    const tally = this.#kinds.get(kind) ?? emptyTally();
    this.#kinds.set(kind, tally);
    return tally;
  }

  read(
    peaks: { maxConcurrent: number; maxQueued: number },
    also: { requests: boolean; bodies: boolean },
  ): Truth {
    return {
      seed: this.#seed,
      startedAt: this.#startedAt,
      requests: { ...this.requests },
      models: Object.fromEntries([...this.#models].map(([name, tally]) => [name, { ...tally }])),
      kinds: Object.fromEntries([...this.#kinds].map(([name, tally]) => [name, { ...tally }])),
      totals: sumTallies(this.#models.values()),
      faults: { ...this.faults },
      errors: { ...this.errors },
      statuses: { ...this.statuses },
      arrivalsMs: [...this.#arrivalsMs],
      ...peaks,
      firstWriteLateMs: this.firstWrites.read(),
      tokenWriteLateMs: this.laterWrites.read(),
      answerWriteLateMs: this.wholeAnswers.read(),
      streams: { ...this.streams },
      droppedConnections: this.droppedConnections,
      ...(also.requests ? { requestRecords: this.#records.read().map((record) => ({ ...record })) } : {}),
      ...(also.bodies ? { bodies: this.#bodies.read() } : {}),
    };
  }
}
