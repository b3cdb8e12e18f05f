/**
 * How a number grows: the sum of a Counter, the hits of a Rate (its trials are counted beside them), the
 * largest value of a Gauge, or a Gauge whose values on several machines add up, as VUs do (`level`).
 */
export type TallyKind = 'sum' | 'rate' | 'largest' | 'level';

export class Tally {
  total = 0;
  /** How many values went in: the trials of a Rate. */
  count = 0;
  readonly kind: TallyKind;

  constructor(kind: TallyKind) {
    this.kind = kind;
  }

  put(value: number): void {
    this.count += 1;
    if (this.kind === 'sum' || this.kind === 'rate') this.total += value;
    else if (value > this.total) this.total = value;
  }

  /** Adds what another machine counted in the same time. */
  add(other: Tally): void {
    this.count += other.count;
    this.total = this.kind === 'largest' ? Math.max(this.total, other.total) : this.total + other.total;
  }

  /** This and what the same machine counted next. */
  joinedInTime(next: Tally): Tally {
    const joined = new Tally(this.kind);
    joined.count = this.count + next.count;
    const adds = this.kind === 'sum' || this.kind === 'rate';
    joined.total = adds ? this.total + next.total : Math.max(this.total, next.total);
    return joined;
  }

  /** Hits of trials, 0 to 1; null without trials. */
  ratio(): number | null {
    return this.count === 0 ? null : this.total / this.count;
  }

  /** `TOTAL/COUNT`; `decodeTally` reads it back. */
  encode(): string {
    return `${this.total}/${this.count}`;
  }
}

/**
 * A tally from its text.
 *
 * @throws Error when the text was not written by `encode`.
 */
export function decodeTally(text: string, kind: TallyKind): Tally {
  const [total, count] = text.split('/').map(Number);
  if (total === undefined || count === undefined || !Number.isFinite(total) || !Number.isFinite(count)) {
    throw new Error(`not a tally: "${text.slice(0, 40)}"`);
  }
  const tally = new Tally(kind);
  [tally.total, tally.count] = [total, count];
  return tally;
}
