import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import type { SampleHeader } from '../../lib/samples/sample-header.ts';
import { Figures } from '../results/figures/figures.ts';
import { type RecordTimes, SamplesReading } from '../results/read/read-samples.ts';
import { RecentFigures } from './recent-figures.ts';
import { type JudgedSoFar, RunEvents } from './run-events.ts';
import { plannedEndMs } from './asked-load.ts';

/** A run as far as its k6s have told it, all of them in one. */
export class RunProgress {
  readonly figures = new Figures();
  readonly recent = new RecentFigures();
  readonly events: RunEvents;
  /** Users at work, by k6. */
  readonly #users = new Map<number, number>();
  readonly #readings: SamplesReading[] = [];
  /** The clock stands still from here on, ms from the beginning of the load. */
  #endedAtMs: number | null = null;
  readonly #wallClock: () => number;

  constructor({ budgetUsd, wallClock = Date.now }: { budgetUsd: number | null; wallClock?: () => number }) {
    this.#wallClock = wallClock;
    this.events = new RunEvents(budgetUsd);
  }

  /** Takes the lines of one more k6. */
  follow(): (line: string) => void {
    const part = this.#readings.length;
    const reading = new SamplesReading({
      figures: this.figures,
      onRecord: (record, at) => this.#take(part, record, at),
    });
    this.#readings.push(reading);
    return (line) => reading.line(line);
  }

  #take(part: number, record: SampleRecord, { endsAtMs }: RecordTimes): SampleRecord {
    this.recent.add(record, endsAtMs);
    this.events.addRecord(record, endsAtMs);
    if (record.vus === null) return record;
    this.#users.set(part, record.vus);
    // Each k6 knows of its own.
    return { ...record, vus: this.users() };
  }

  /** What the k6s said of the run: the first of them for all; null until the load begins. */
  get header(): SampleHeader | null {
    return this.#readings.find(({ header }) => header !== null)?.header ?? null;
  }

  /** Users at work, as of the last request of each k6. */
  users(): number {
    return [...this.#users.values()].reduce((sum, users) => sum + users, 0);
  }

  get requests(): number {
    return this.figures.total('ai_requests_finished');
  }

  /** null where nothing has a price. */
  get spentUsd(): number | null {
    return this.figures.metrics.has('ai_cost_dollars') ? this.figures.total('ai_cost_dollars') : null;
  }

  /** ms since the load began; null before. */
  elapsedMs(): number | null {
    if (this.#endedAtMs !== null) return this.#endedAtMs;
    const starts = this.#readings.flatMap(({ header }) =>
      header === null ? [] : [header.zeroWallClockMs + header.loadStartsAtMs],
    );
    return starts.length === 0 ? null : Math.max(0, this.#wallClock() - Math.min(...starts));
  }

  /** ms that the load is to last; null where nobody knows. */
  plannedMs(): number | null {
    return plannedEndMs(this.header?.stages ?? []);
  }

  /** Thresholds so far; tells of those that break. */
  judge(): JudgedSoFar[] {
    const nowMs = this.elapsedMs() ?? 0;
    return this.events.check(this.figures, { nowMs, thresholds: this.header?.thresholds ?? [] });
  }

  /** No line comes any more. */
  end(): void {
    this.#endedAtMs ??= this.elapsedMs();
  }
}
