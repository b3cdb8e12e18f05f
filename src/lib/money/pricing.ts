import type { Usage } from '../answer/attempt.ts';
import { type OwnRate, NO_RATES } from '../answer/usage/own-rates.ts';
import { isSameModel, priceNames } from './price-names.ts';
import { chargeFor, isUnpricedOutput, type Price } from './price.ts';
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
      /** Rates that the answer names for itself and that have no price here. */
      unknownRates: readonly string[];
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
  /** The price of a model as it is asked for; null when no table has it. Remembered, so cheap to ask again. */
  priceOf(model: string): PricedModel | null;
  /**
   * The price of an answer, by the name asked for and the one answered with; the forecast and the charge go by it.
   * The user's own price wins, under the name answered with and then under the one asked for. A built-in price holds
   * for the model that answered; for the one asked for only when the answer names no other.
   */
  priceFor(asked: string, answered: string | null): PricedModel | null;
  /** Another model answered, at another price, or one of the two has none: to be told. */
  isOtherPrice(asked: string, answered: string | null): boolean;
  /** What a request cost, failed ones included. */
  costUsd(request: PricedRequest): Cost;
};

/** What a price is asked for. */
export type PricedRequest = {
  usage: Usage;
  rates?: readonly OwnRate[];
  model: string;
  answeredModel: string | null;
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
  const { builtIn, override = null } = options;
  const ownOf = remembering(override === null ? [] : tablesOf(override, options));
  const builtInOf = remembering(tablesOf(builtIn, options));
  const priceFor = (asked: string, answered: string | null): PricedModel | null => {
    if (answered === null) return ownOf(asked) ?? builtInOf(asked);
    const known = ownOf(answered) ?? ownOf(asked) ?? builtInOf(answered);
    return known ?? (isSameModel(asked, answered) ? builtInOf(asked) : null);
  };
  const priceOf = (model: string): PricedModel | null => priceFor(model, null);
  return {
    warnings: override?.warnings ?? [],
    priceOf,
    priceFor,
    isOtherPrice(asked, answered) {
      if (answered === null || isSameModel(asked, answered)) return false;
      return !isSamePrice(priceOf(asked), priceOf(answered));
    },
    costUsd({ usage, rates = NO_RATES, model, answeredModel }) {
      if (usage.inputTokens === null || usage.outputTokens === null) return USAGE_MISSING;
      const found = priceFor(model, answeredModel);
      if (found === null) return UNPRICED;
      const charge = chargeFor(usage, found.price, rates);
      if (charge === null) return isUnpricedOutput(usage, found.price) ? UNPRICED : USAGE_MISSING;
      return { kind: 'priced', ...charge, model: found.name };
    },
  };
}

/** Two unknown prices are no difference that anybody could tell. */
function isSamePrice(one: PricedModel | null, other: PricedModel | null): boolean {
  if (one === null || other === null) return one === other;
  return one.price.input === other.price.input && one.price.output === other.price.output;
}

function remembering(tables: readonly PriceTable[]): (model: string) => PricedModel | null {
  const remembered = new Map<string, PricedModel | null>();
  return (model) => {
    const known = remembered.get(model);
    if (known !== undefined) return known;
    const found = find(tables, model);
    if (remembered.size < MAX_REMEMBERED) remembered.set(model, found);
    return found;
  };
}

function tablesOf(file: PriceFile, { provider, host = null }: PricingOptions): PriceTable[] {
  const own = file.providers.get(provider) ?? file.providers.get(file.providerByHost.get(host ?? '') ?? '');
  return own === undefined ? [file.models] : [own, file.models];
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
