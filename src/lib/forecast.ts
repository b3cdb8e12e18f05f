import { UNKNOWN_USAGE } from './attempt.ts';
import type { Load } from './load.ts';
import { sumUsd } from './money.ts';
import { offeredRequests } from './offered.ts';
import { chargeFor } from './price.ts';
import type { Pricing } from './pricing.ts';
import type { ForecastFigures } from './summary/summary.ts';

/**
 * How much of its limit an answer is expected to use, where nothing else is known: a quarter. An assumption, not
 * a measurement, and told with every forecast; `LLM_OUTPUT_TOKENS` replaces it.
 */
export const TYPICAL_OUTPUT_RATIO = 0.25;

/** What a run is going to ask, as far as that is known before it. */
export type Demand = {
  loads: readonly Load[];
  /** Turns of a conversation, or the providers of `ab`; 1 for most. */
  requestsPerIteration: number;
  models: readonly { model: string; shareRatio: number }[];
  /** Mean of the prompts, estimated. */
  inputTokensPerRequest: number;
  /** Mean of the answers, estimated. */
  outputTokensPerRequest: number;
  /** Mean of the limits sent: no answer is longer. */
  maxOutputTokensPerRequest: number;
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
  /** For closed loads the number of requests hangs on the expected latency. */
  hangsOnLatency: boolean;
};

/** The forecast of a run. Requests are whole, model by model, in the proportions of the mix. */
export function forecast(demand: Demand): Forecast {
  const requests = demand.loads.reduce((sum, load) => sum + requestsOf(load, demand.requestsPerIteration), 0);
  const byModel = demand.models.map(({ model, shareRatio }) =>
    modelForecast(model, requests * shareRatio, demand),
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
    hangsOnLatency: demand.loads.some(({ kind }) => kind === 'closed'),
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

function modelForecast(model: string, exactRequests: number, demand: Demand): ModelForecast {
  const requests = Math.round(exactRequests);
  const { inputTokensPerRequest, outputTokensPerRequest, maxOutputTokensPerRequest } = demand;
  const price = demand.pricing.priceOf(model)?.price ?? null;
  const costOf = (outputTokens: number): number | null => {
    const usage = { ...UNKNOWN_USAGE, inputTokens: inputTokensPerRequest, outputTokens };
    const charge = price === null ? null : chargeFor(usage, price);
    return charge === null ? null : charge.costUsd * requests;
  };
  return {
    model,
    requests,
    inputTokens: Math.round(requests * inputTokensPerRequest),
    outputTokens: Math.round(requests * outputTokensPerRequest),
    costUsd: costOf(outputTokensPerRequest),
    worstCostUsd: costOf(maxOutputTokensPerRequest),
  };
}

function sumOfKnown(amountsUsd: readonly (number | null)[]): number | null {
  const known = amountsUsd.filter((amountUsd) => amountUsd !== null);
  return known.length === 0 ? null : sumUsd(known);
}
