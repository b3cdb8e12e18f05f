import { isRecord } from '../../../lib/parse/json.ts';
import type { Ledger, LedgerEntry, LedgerFigures, LedgerSettlement } from '../ledger.ts';
import type { Handlers, Peer } from './peer.ts';

const [TAKE, SETTLE, REFUSE] = ['ledger-take', 'ledger-settle', 'ledger-refuse'];

/** The ledger of several meters, seen from one of them: each entry is made in the process that keeps it. */
export class SharedLedger implements Ledger {
  readonly #keeper: Peer;
  #figures: LedgerFigures | null = null;

  constructor(keeper: Peer) {
    this.#keeper = keeper;
  }

  get figures(): LedgerFigures | null {
    return this.#figures;
  }

  async take(worstUsd: number): Promise<LedgerEntry> {
    const entry = readEntry(await this.#keeper.ask(TAKE, worstUsd));
    this.#figures = entry.figures;
    return entry;
  }

  settle(settlement: LedgerSettlement): void {
    this.#keeper.tell(SETTLE, settlement);
  }

  refuse(): void {
    this.#keeper.tell(REFUSE);
  }
}

/** What the process that keeps the ledger does with what its meters ask. */
export function ledgerHandlers(ledger: Ledger): Handlers {
  return new Map<string, (value: unknown) => unknown>([
    [TAKE, (worstUsd) => ledger.take(amount(worstUsd))],
    [SETTLE, (settlement) => ledger.settle(readSettlement(settlement))],
    [REFUSE, () => ledger.refuse()],
  ]);
}

function readEntry(value: unknown): LedgerEntry {
  const { isTaken, figures } = record(value);
  const read = record(figures);
  return {
    isTaken: isTaken === true,
    figures: {
      limitUsd: amount(read['limitUsd']),
      spentUsd: amount(read['spentUsd']),
      reservedUsd: amount(read['reservedUsd']),
      refused: amount(read['refused']),
      chargedAtWorst: amount(read['chargedAtWorst']),
    },
  };
}

function readSettlement(value: unknown): LedgerSettlement {
  const { worstUsd, costUsd, atWorst } = record(value);
  return { worstUsd: amount(worstUsd), costUsd: amount(costUsd), atWorst: atWorst === true };
}

function record(value: unknown): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new TypeError('a message between meters is no record');
}

function amount(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError('a message between meters holds no number where one belongs');
}
