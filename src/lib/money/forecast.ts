import { UNKNOWN_USAGE } from '../answer/attempt.ts';
import { type Load, offeredRequests } from '../load/load.ts';
import { sumUsd } from './sum-usd.ts';
import { chargeFor, type Price } from './price.ts';
import { worstCaseUsd } from './worst-case.ts';
import { sum as total } from '../numbers/mean.ts';
import type { Pricing } from './pricing.ts';
import type { ForecastFigures } from '../summary/summary.ts';

/**
 * How much of its limit an answer is expected to use, where nothing else is known: a quarter. An assumption, not
 * a measurement, and told with every forecast; `LLM_OUTPUT_TOKENS` replaces it.
 */
export const TYPICAL_OUTPUT_RATIO = 0.25;

/** Requests of one kind. Tokens are means of one request, estimated. */
export type RequestGroup = {
  /** Of request, `embeddings`. */
  kind: string;
  model: string;
  /** Need not be whole. */
  requests: number;
  /** As few and as many as they may be. */
  leastRequests: number;
  mostRequests: number;
  inputTokens: number;
  /** If as little of them is counted as may be. */
  minInputTokens: number;
  /** If answers that later turns repeat are as long as their limit, and as much is counted as may be. */
  maxInputTokens: number;
  outputTokens: number;
  /** The limit that is sent: no answer is longer. */
  maxOutputTokens: number;
};

/** What a run is going to ask, as far as that is known before it. */
export type Demand = {
  groups: readonly RequestGroup[];
  /** A closed load's number of requests hangs on this latency. */
  latency: LatencyGuess | null;
  pricing: Pick<Pricing, 'priceOf'>;
  preflight?: PreflightCost;
};

/** How long an answer may take, ms, and who says so; the three are one where nothing was measured. */
export type LatencyGuess = { leastMs: number; likelyMs: number; mostMs: number; measured: boolean };

/** What is expected of one model. Dollars are null when it has no price. */
export type ModelForecast = ForecastFigures & {
  model: string;
  leastCostUsd: number | null;
  worstCostUsd: number | null;
};

/** What a run is expected to ask, and to cost. Cached input tokens are not expected: the input costs its full price. */
export type Forecast = {
  /** Dollars of the models that have a price; null when none has. */
  figures: ForecastFigures;
  /** As few requests as may be, their answers next to nothing, input at its cheapest. */
  leastCostUsd: number | null;
  /** As many requests as may be, every answer as long as its limit, input at its dearest. */
  worstCostUsd: number | null;
  leastRequests: number;
  mostRequests: number;
  byModel: readonly ModelForecast[];
  unpricedModels: readonly string[];
  /** As in the demand. */
  latency: LatencyGuess | null;
  /** In none of the above, and in all that is told of dollars. */
  preflight: PreflightCost;
};

/** What the requests before the load cost, with a price: as is likely, and at most; what they did cost once they are over. */
export type PreflightCost = { likelyUsd: number; mostUsd: number };

export const FREE_PREFLIGHT: PreflightCost = { likelyUsd: 0, mostUsd: 0 };

/** The forecast of a run. Requests are whole, model by model, in the order in which models are first asked. */
export function forecast({ groups, latency, pricing, preflight = FREE_PREFLIGHT }: Demand): Forecast {
  const models = [...new Set(groups.map(({ model }) => model))];
  const byModel = models.map((model) =>
    modelForecast(
      model,
      groups.filter((kind) => kind.model === model),
      pricing,
    ),
  );
  const sum = (of: (part: ModelForecast) => number): number =>
    byModel.reduce((total, part) => total + of(part), 0);
  return {
    figures: {
      requests: sum((part) => part.requests),
      inputTokens: sum((part) => part.inputTokens),
      outputTokens: sum((part) => part.outputTokens),
      costUsd: sumOfKnown(byModel.map(({ costUsd }) => costUsd)),
    },
    leastCostUsd: sumOfKnown(byModel.map(({ leastCostUsd }) => leastCostUsd)),
    worstCostUsd: sumOfKnown(byModel.map(({ worstCostUsd }) => worstCostUsd)),
    leastRequests: Math.floor(total(groups.map((kind) => kind.leastRequests))),
    mostRequests: Math.ceil(total(groups.map((kind) => kind.mostRequests))),
    byModel,
    unpricedModels: byModel.filter(({ costUsd }) => costUsd === null).map(({ model }) => model),
    latency,
    preflight,
  };
}

/**
 * What preflight costs of the models that a run asks: one small answer each is likely, of each kind that it is asked for; each
 * may be asked as often as it may refuse fields.
 */
export function preflightCost(
  groups: readonly RequestGroup[],
  { pricing, maxTokens, mostTries }: { pricing: Demand['pricing']; maxTokens: number; mostTries: number },
): PreflightCost {
  const firsts = new Map<string, RequestGroup>();
  for (const group of groups) {
    const asked = JSON.stringify([group.kind, group.model]);
    if (!firsts.has(asked)) firsts.set(asked, group);
  }
  let [likelyUsd, mostUsd] = [0, 0];
  for (const { model, inputTokens, maxInputTokens, maxOutputTokens } of firsts.values()) {
    const price = pricing.priceOf(model)?.price;
    if (price === undefined) continue;
    const outputTokens = Math.min(maxTokens, maxOutputTokens);
    const charge = chargeFor({ ...UNKNOWN_USAGE, inputTokens, outputTokens }, price);
    if (charge === null) continue;
    likelyUsd += charge.costUsd;
    mostUsd += mostTries * worstCaseUsd(price, maxInputTokens, outputTokens);
  }
  return { likelyUsd, mostUsd };
}

/**
 * Requests that a load makes: the integral of an open load's rate; for a closed one VU-seconds over the time
 * of a request (at a latency, the expected one where none is given) and of the pause after it.
 */
export function requestsOf(load: Load, requestsPerIteration = 1, latencyMs: number | null = null): number {
  switch (load.kind) {
    case 'iterations':
      return load.count * requestsPerIteration;
    case 'open':
      return offeredRequests(load.stages) * requestsPerIteration;
    case 'closed': {
      const vuMs = load.stages.reduce(
        (sum, { durationMs, fromVus, toVus }) => sum + ((fromVus + toVus) / 2) * durationMs,
        0,
      );
      // A user pauses after each answer, also within a conversation.
      const requestMs = (latencyMs ?? load.expectedLatencyMs) + load.thinkTimeMeanMs;
      return requestMs > 0 ? vuMs / requestMs : 0;
    }
  }
}

function modelForecast(
  model: string,
  groups: readonly RequestGroup[],
  pricing: Demand['pricing'],
): ModelForecast {
  const total = (of: (group: RequestGroup) => number): number =>
    groups.reduce((sum, group) => sum + group.requests * of(group), 0);
  const exactRequests = total(() => 1);
  const requests = Math.round(exactRequests);
  const whole = exactRequests === 0 ? 0 : requests / exactRequests;
  const price = pricing.priceOf(model)?.price ?? null;
  const costOf = (usdOf: (kind: RequestGroup, price: Price) => number | null): number | null => {
    if (price === null) return null;
    let costUsd = 0;
    for (const kind of groups) {
      const usd = usdOf(kind, price);
      if (usd === null) return null;
      costUsd += usd;
    }
    return costUsd;
  };
  return {
    model,
    requests,
    inputTokens: Math.round(whole * total(({ inputTokens }) => inputTokens)),
    outputTokens: Math.round(whole * total(({ outputTokens }) => outputTokens)),
    costUsd: costOf(({ requests: count, inputTokens, outputTokens }, at) => {
      const charge = chargeFor({ ...UNKNOWN_USAGE, inputTokens, outputTokens }, at);
      return charge === null ? null : charge.costUsd * count * whole;
    }),
    leastCostUsd: costOf(({ leastRequests, minInputTokens: inputTokens, maxOutputTokens }, at) => {
      const outputTokens = Math.min(1, maxOutputTokens);
      const usage = { ...UNKNOWN_USAGE, inputTokens, cachedInputTokens: inputTokens, outputTokens };
      const charge = chargeFor(usage, at);
      return charge === null ? null : charge.costUsd * Math.floor(leastRequests);
    }),
    worstCostUsd: costOf(({ mostRequests, maxInputTokens, maxOutputTokens }, at) => {
      const usd = worstCaseUsd(at, maxInputTokens, maxOutputTokens);
      return usd < Infinity ? usd * Math.ceil(mostRequests) : null;
    }),
  };
}

function sumOfKnown(amountsUsd: readonly (number | null)[]): number | null {
  const known = amountsUsd.filter((amountUsd) => amountUsd !== null);
  return known.length === 0 ? null : sumUsd(known);
}
