import type { Attempt } from '../../lib/answer/attempt.ts';
import type { Pricing } from '../../lib/money/pricing.ts';
import { tooSmallForOne, worstCaseUsd } from '../../lib/money/worst-case.ts';
import type { RequestFacts } from './front/request-facts.ts';
import type { Ledger, LedgerEntry, LedgerFigures } from './ledger.ts';

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

/**
 * A hard limit on dollars. Each request's worst case is set aside before it is sent, and settled with what it
 * really took: so however many are in flight, together they cannot pass the limit.
 */
export class Budget {
  readonly #ledger: Ledger;
  readonly #pricing: Pricing;

  constructor(ledger: Ledger, pricing: Pricing) {
    this.#ledger = ledger;
    this.#pricing = pricing;
  }

  get figures(): LedgerFigures | null {
    return this.#ledger.figures;
  }

  /**
   * Sets the request's worst case aside, or refuses it: it might pass the limit, or its cost has no bound. At once where
   * the ledger is this process's own; a promise where other meters share it.
   */
  reserve(facts: RequestFacts): Reservation | Promise<Reservation> {
    const { model, maxInputTokens, maxOutputTokens, asked } = facts;
    const price = this.#pricing.priceOf(model)?.price;
    if (price === undefined) {
      return this.#refuse(`the budget cannot be held: model "${model}" has no price; give one in LLM_PRICES`);
    }
    if (maxOutputTokens === null) {
      return this.#refuse('the budget cannot be held: the request sets no limit of output tokens');
    }
    const request = {
      model,
      worstUsd: worstCaseUsd(price, maxInputTokens, maxOutputTokens, asked),
      maxInputTokens,
      maxOutputTokens,
    };
    const entry = this.#ledger.take(request.worstUsd);
    return entry instanceof Promise
      ? entry.then((taken) => reservationOf(taken, request))
      : reservationOf(entry, request);
  }

  /**
   * Puts what a request really cost in place of its worst case. What was never written costs nothing, and so does a
   * refusal (3xx, 4xx) unless it reports a cost. Everything else is charged in full until its answer, whole, tells
   * its tokens: providers bill what they worked on, whether or not the answer came through.
   */
  settle(worstUsd: number, request: Settled): void {
    const costUsd = this.#costUsd(request);
    this.#ledger.settle({ worstUsd, costUsd: costUsd ?? worstUsd, atWorst: costUsd === null });
  }

  /** null: not known, so its worst case counts. */
  #costUsd({ model, attempt, written }: Settled): number | null {
    if (!written) return 0;
    const cost = attempt === null || brokeOff(attempt) ? null : this.#pricing.costUsd({ ...attempt, model });
    // A relay's own figure is what it will ask for.
    if (cost?.kind === 'priced') return Math.max(cost.costUsd, attempt?.reportedCostUsd ?? 0);
    return attempt !== null && isRefusal(attempt) ? (attempt.reportedCostUsd ?? 0) : null;
  }

  #refuse(reason: string): Reservation {
    this.#ledger.refuse();
    return { kind: 'refused', reason };
  }
}

function reservationOf(
  { isTaken, figures }: LedgerEntry,
  request: Parameters<typeof tooSmallForOne>[1],
): Reservation {
  const { worstUsd } = request;
  if (isTaken) return { kind: 'reserved', worstUsd };
  const { limitUsd, spentUsd, reservedUsd } = figures;
  return {
    kind: 'refused',
    reason:
      worstUsd > limitUsd
        ? tooSmallForOne(limitUsd, request)
        : `the budget of $${limitUsd} might be passed: $${spentUsd.toFixed(6)} spent, $${reservedUsd.toFixed(6)} in flight, and this request may cost $${worstUsd.toFixed(6)}`,
  };
}

/** The server said that it would not do it. 408 and 499 tell of time and clients, not of work left undone. */
function isRefusal({ status }: Attempt): boolean {
  return status >= 300 && status < 500 && status !== 408 && status !== 499;
}

/** What its usage says is what had been made when the connection went: the server may have gone on. */
function brokeOff({ outcome }: Attempt): boolean {
  if (outcome.kind === 'aborted') return true;
  return outcome.kind === 'failed' && ['network', 'truncated', 'timeout'].includes(outcome.error);
}
