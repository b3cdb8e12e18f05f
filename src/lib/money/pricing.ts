import type { Usage } from '../answer/attempt.ts';
import { priceNames } from './price-names.ts';
import { chargeFor, type Price } from './price.ts';
import type { PriceFile, PriceTable } from './price-file.ts';

/** A price, and the name in the table under which it stands. */
export type PricedModel = { name: string; price: Price };

/** What one request cost. */
export type Cost =
  | {
      kind: 'priced';
      costUsd: number;
      /** It cost this much at most: cached tokens without a price of their own. */
      upperBound: boolean;
      /** The name in the table. */
      model: string;
    }
  /** The model has no price: counted in `ai_unpriced`, never free. */
  | { kind: 'unpriced' }
  /** The answer did not say how many tokens it took: counted in `ai_usage_missing`. */
  | { kind: 'usage-missing' };

export type Pricing = {
  /** What looks like a slip in the user's prices, one line each. */
  warnings: readonly string[];
  /** The price of a model by its name; null when no table has it. Remembered, so cheap to ask again. */
  priceOf(model: string): PricedModel | null;
  /** The user's own price of a model (`LLM_PRICES`); null when he gave none. */
  ownPriceOf(model: string): PricedModel | null;
  /**
   * What a request cost, failed ones included. The name in the answer wins over the one asked for, where it has a
   * price: a router may have chosen another model.
   */
  costUsd(request: { usage: Usage; model: string; answeredModel: string | null }): Cost;
};

export type PricingOptions = {
  builtIn: PriceFile;
  /** The user's own prices (`LLM_PRICES`): they win over every built-in one. */
  override?: PriceFile | null;
  /** The provider's name, `holysheep`. */
  provider: string;
  /** Host of the base URL: a provider without a table of its own may be known by it. */
  host?: string | null;
};

const UNPRICED: Cost = { kind: 'unpriced' };
const USAGE_MISSING: Cost = { kind: 'usage-missing' };

/** Servers choose the names in answers, so only so many are remembered. */
const MAX_REMEMBERED = 1000;

/**
 * Looks prices up by provider, then among those that hold anywhere, the user's tables before the built-in ones.
 * In each table a model is sought under all of `priceNames`, so never by a prefix of its name.
 */
export function createPricing(options: PricingOptions): Pricing {
  const tables = tablesOf(options);
  const own = options.override ?? null;
  const ownTables = own === null ? [] : tablesOf({ ...options, builtIn: own, override: null });
  const remembered = new Map<string, PricedModel | null>();
  const priceOf = (model: string): PricedModel | null => {
    const known = remembered.get(model);
    if (known !== undefined) return known;
    const found = find(tables, model);
    if (remembered.size < MAX_REMEMBERED) remembered.set(model, found);
    return found;
  };
  return {
    warnings: options.override?.warnings ?? [],
    priceOf,
    ownPriceOf: (model) => find(ownTables, model),
    costUsd({ usage, model, answeredModel }) {
      if (usage.inputTokens === null || usage.outputTokens === null) return USAGE_MISSING;
      const found = (answeredModel === null ? null : priceOf(answeredModel)) ?? priceOf(model);
      if (found === null) return UNPRICED;
      const charge = chargeFor(usage, found.price);
      return charge === null ? USAGE_MISSING : { kind: 'priced', ...charge, model: found.name };
    },
  };
}

function tablesOf({ builtIn, override = null, provider, host = null }: PricingOptions): PriceTable[] {
  const tables: PriceTable[] = [];
  for (const file of override === null ? [builtIn] : [override, builtIn]) {
    const byHost = host === null ? undefined : file.providerByHost.get(host);
    const own =
      file.providers.get(provider) ?? (byHost === undefined ? undefined : file.providers.get(byHost));
    if (own !== undefined) tables.push(own);
    tables.push(file.models);
  }
  return tables;
}

function find(tables: readonly PriceTable[], model: string): PricedModel | null {
  const names = priceNames(model);
  for (const table of tables) {
    for (const name of names) {
      const price = table.get(name);
      if (price !== null) return { name, price };
    }
  }
  return null;
}
