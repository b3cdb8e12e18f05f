import type { Attempt } from '../../lib/answer/attempt.ts';
import type { Pricing } from '../../lib/money/pricing.ts';
import { tooSmallForOne, worstCaseUsd } from '../../lib/money/worst-case.ts';
import type { RequestFacts } from './front/request-facts.ts';

/** What a budget answers a request: sent with this much set aside for it, or refused. */
export type Reservation = { kind: 'reserved'; worstUsd: number } | { kind: 'refused'; reason: string };

/** A request that is over. */
export type Settled = {
  model: string;
  /** null: nobody waited for the end. */
  attempt: Attempt | null;
  /** It was written to a connection, so the server may have it. */
  written: boolean;
};

/** A budget's state, US dollars. `spentUsd + reservedUsd` never passes `limitUsd`. */
export type BudgetFigures = {
  limitUsd: number;
  spentUsd: number;
  reservedUsd: number;
  /** Requests refused because they might have passed it. */
  refused: number;
  /** Answers that did not say what they took, charged at their worst case. */
  chargedAtWorst: number;
};

/**
 * A hard limit on dollars. Each request's worst case is set aside before it is sent, and settled with what it
 * really took: so however many are in flight, together they cannot pass the limit.
 */
export class Budget {
  readonly #limitUsd: number;
  readonly #pricing: Pricing;
  #spentUsd = 0;
  #reservedUsd = 0;
  #refused = 0;
  #chargedAtWorst = 0;

  constructor(limitUsd: number, pricing: Pricing) {
    this.#limitUsd = limitUsd;
    this.#pricing = pricing;
  }

  get figures(): BudgetFigures {
    return {
      limitUsd: this.#limitUsd,
      spentUsd: this.#spentUsd,
      reservedUsd: this.#reservedUsd,
      refused: this.#refused,
      chargedAtWorst: this.#chargedAtWorst,
    };
  }

  /** Sets the request's worst case aside, or refuses it: it might pass the limit, or its cost has no bound. */
  reserve({ model, maxInputTokens, maxOutputTokens, asked }: RequestFacts): Reservation {
    const price = this.#pricing.priceOf(model)?.price;
    if (price === undefined) {
      return this.#refuse(`the budget cannot be held: model "${model}" has no price; give one in LLM_PRICES`);
    }
    if (maxOutputTokens === null) {
      return this.#refuse('the budget cannot be held: the request sets no limit of output tokens');
    }
    const worstUsd = worstCaseUsd(price, maxInputTokens, maxOutputTokens, asked);
    const leftUsd = this.#limitUsd - this.#spentUsd - this.#reservedUsd;
    if (worstUsd > leftUsd) {
      return this.#refuse(
        worstUsd > this.#limitUsd
          ? tooSmallForOne(this.#limitUsd, { model, worstUsd, maxInputTokens, maxOutputTokens })
          : `the budget of $${this.#limitUsd} might be passed: $${this.#spentUsd.toFixed(6)} spent, $${this.#reservedUsd.toFixed(6)} in flight, and this request may cost $${worstUsd.toFixed(6)}`,
      );
    }
    this.#reservedUsd += worstUsd;
    return { kind: 'reserved', worstUsd };
  }

  /**
   * Puts what a request really cost in place of its worst case. What was never written costs nothing, and so does a
   * refusal (3xx, 4xx) unless it reports a cost. Everything else is charged in full until its answer, whole, tells
   * its tokens: providers bill what they worked on, whether or not the answer came through.
   */
  settle(worstUsd: number, request: Settled): void {
    this.#reservedUsd = Math.max(0, this.#reservedUsd - worstUsd);
    this.#spentUsd += this.#costUsd(worstUsd, request);
  }

  #costUsd(worstUsd: number, { model, attempt, written }: Settled): number {
    if (!written) return 0;
    const cost = attempt === null || brokeOff(attempt) ? null : this.#pricing.costUsd({ ...attempt, model });
    // A relay's own figure is what it will ask for.
    if (cost?.kind === 'priced') return Math.max(cost.costUsd, attempt?.reportedCostUsd ?? 0);
    if (attempt !== null && isRefusal(attempt)) return attempt.reportedCostUsd ?? 0;
    this.#chargedAtWorst += 1;
    return worstUsd;
  }

  #refuse(reason: string): Reservation {
    this.#refused += 1;
    return { kind: 'refused', reason };
  }
}

/** The server said that it would not do it. 408 and 499 tell of time and clients, not of work left undone. */
function isRefusal({ status }: Attempt): boolean {
  return status >= 300 && status < 500 && status !== 408 && status !== 499;
}

/** What its usage says is what had been made when the connection went: the server may have gone on. */
function brokeOff({ outcome }: Attempt): boolean {
  return outcome.kind === 'failed' && ['network', 'truncated', 'timeout'].includes(outcome.error);
}
