import { UNKNOWN_USAGE } from '../answer/attempt.ts';
import type { Load } from '../load/load.ts';
import { sumUsd } from './exact-usd.ts';
import { offeredRequests } from '../load/offered.ts';
import { chargeFor } from './price.ts';
import type { Pricing } from './pricing.ts';
import type { ForecastFigures } from '../summary/summary.ts';

/**
 * How much of its limit an answer is expected to use, where nothing else is known: a quarter. An assumption, not
 * a measurement, and told with every forecast; `LLM_OUTPUT_TOKENS` replaces it.
 */
export const TYPICAL_OUTPUT_RATIO = 0.25;

/** Requests of one kind. Tokens are means of one request, estimated. */
export type RequestGroup = {
  model: string;
  /** Need not be whole. */
  requests: number;
  inputTokens: number;
  /** If answers that later turns repeat are as long as their limit. */
  maxInputTokens: number;
  outputTokens: number;
  /** The limit that is sent: no answer is longer. */
  maxOutputTokens: number;
};

/** What a run is going to ask, as far as that is known before it. */
export type Demand = {
  groups: readonly RequestGroup[];
  /** A closed load's number of requests hangs on the expected latency. */
  hangsOnLatency: boolean;
  pricing: Pick<Pricing, 'priceOf'>;
};

/** What is expected of one model. Dollars are null when it has no price. */
export type ModelForecast = ForecastFigures & { model: string; worstCostUsd: number | null };

/** What a run is expected to ask, and to cost. Cached input tokens are not expected: the input costs its full price. */
export type Forecast = {
  /** Dollars of the models that have a price; null when none has. */
  figures: ForecastFigures;
  /** The same with every answer as long as its limit. */
  worstCostUsd: number | null;
  byModel: readonly ModelForecast[];
  unpricedModels: readonly string[];
  /** As in the demand. */
  hangsOnLatency: boolean;
};

/** The forecast of a run. Requests are whole, model by model, in the order in which models are first asked. */
export function forecast({ groups, hangsOnLatency, pricing }: Demand): Forecast {
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
    worstCostUsd: sumOfKnown(byModel.map(({ worstCostUsd }) => worstCostUsd)),
    byModel,
    unpricedModels: byModel.filter(({ costUsd }) => costUsd === null).map(({ model }) => model),
    hangsOnLatency,
  };
}

/**
 * Requests that a load makes: the integral of an open load's rate; for a closed one VU-seconds over the length of
 * an iteration (its requests at the expected latency, and the pause after them).
 */
export function requestsOf(load: Load, requestsPerIteration = 1): number {
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
      const iterationMs = load.expectedLatencyMs * requestsPerIteration + load.thinkTimeMeanMs;
      return iterationMs > 0 ? (vuMs / iterationMs) * requestsPerIteration : 0;
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
  const costOf = (
    tokensOf: (group: RequestGroup) => { inputTokens: number; outputTokens: number },
  ): number | null => {
    if (price === null) return null;
    let costUsd = 0;
    for (const group of groups) {
      const charge = chargeFor({ ...UNKNOWN_USAGE, ...tokensOf(group) }, price);
      if (charge === null) return null;
      costUsd += charge.costUsd * group.requests * whole;
    }
    return costUsd;
  };
  return {
    model,
    requests,
    inputTokens: Math.round(whole * total(({ inputTokens }) => inputTokens)),
    outputTokens: Math.round(whole * total(({ outputTokens }) => outputTokens)),
    costUsd: costOf(({ inputTokens, outputTokens }) => ({ inputTokens, outputTokens })),
    worstCostUsd: costOf((kind) => ({
      inputTokens: kind.maxInputTokens,
      outputTokens: kind.maxOutputTokens,
    })),
  };
}

function sumOfKnown(amountsUsd: readonly (number | null)[]): number | null {
  const known = amountsUsd.filter((amountUsd) => amountUsd !== null);
  return known.length === 0 ? null : sumUsd(known);
}
