/** A budget's state, US dollars. `spentUsd + reservedUsd` never passes `limitUsd`. */
export type LedgerFigures = {
  limitUsd: number;
  spentUsd: number;
  reservedUsd: number;
  /** Requests refused because they might have passed it. */
  refused: number;
  /** Answers that did not say what they took, charged at their worst case. */
  chargedAtWorst: number;
};

/** Whether there was room for one more request, and the state that says so. */
export type LedgerEntry = { isTaken: boolean; figures: LedgerFigures };

/** What a request that is over gives back, and what it really cost, US dollars. */
export type LedgerSettlement = { worstUsd: number; costUsd: number; atWorst: boolean };

/** Keeps the sums of a budget: in this process, or where several meters share one. */
export type Ledger = {
  /** Sets `worstUsd` aside where that passes no limit. */
  take: (worstUsd: number) => LedgerEntry | Promise<LedgerEntry>;
  settle: (settlement: LedgerSettlement) => void;
  /** Counts a request that was refused for what it is, whatever is left. */
  refuse: () => void;
  /** As far as it is known here. */
  readonly figures: LedgerFigures | null;
};

/** The ledger itself, in the one process that keeps it. */
export class OwnLedger implements Ledger {
  readonly #figures: LedgerFigures;

  constructor(limitUsd: number) {
    this.#figures = { limitUsd, spentUsd: 0, reservedUsd: 0, refused: 0, chargedAtWorst: 0 };
  }

  get figures(): LedgerFigures {
    return { ...this.#figures };
  }

  take(worstUsd: number): LedgerEntry {
    const { limitUsd, spentUsd, reservedUsd } = this.#figures;
    const isTaken = worstUsd <= limitUsd - spentUsd - reservedUsd;
    if (isTaken) this.#figures.reservedUsd += worstUsd;
    else this.refuse();
    return { isTaken, figures: this.figures };
  }

  settle({ worstUsd, costUsd, atWorst }: LedgerSettlement): void {
    this.#figures.reservedUsd = Math.max(0, this.#figures.reservedUsd - worstUsd);
    this.#figures.spentUsd += costUsd;
    if (atWorst) this.#figures.chargedAtWorst += 1;
  }

  refuse(): void {
    this.#figures.refused += 1;
  }
}
