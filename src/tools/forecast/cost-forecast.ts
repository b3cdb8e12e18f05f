import { describePrice } from '../../lib/money/price.ts';
import type { Pricing } from '../../lib/money/pricing.ts';
import { type Mix, nameInMix } from '../../lib/prompts/mix.ts';
import { sum } from '../../lib/numbers/mean.ts';
import { studentQuantile } from '../statistics/long-run.ts';
import type { MeasuredModel, MeasuredRun, Spread } from './measured-run.ts';

/** One model of a mix. What is not known is null. */
export type ModelCost = {
  model: string;
  shareRatio: number;
  requestsPerDay: number;
  inputTokensPerDay: number | null;
  cachedInputTokensPerDay: number | null;
  outputTokensPerDay: number | null;
  usdPerRequest: number | null;
  usdPerDay: number | null;
  usdPerMonth: number | null;
  /** As the price table has it, with its source and date. */
  price: string | null;
  /** Whether its own answers were measured; else the tokens are those of all models that were. */
  measured: boolean;
};

/** What a mix costs. Dollars are those of the models that have a price; null: none has. */
export type MixCost = {
  mix: string;
  usdPerDay: number | null;
  usdPerMonth: number | null;
  /** Where the dollars of a day lie with 95 % confidence, by how requests differ; null: too few of them. */
  usdPerDayLow: number | null;
  usdPerDayHigh: number | null;
  byModel: readonly ModelCost[];
};

export type CostForecast = MixCost & {
  requestsPerDay: number;
  /** Of a month. */
  days: number;
  /** Whose tokens, which prices, of which date. */
  restsOn: readonly string[];
  /** The same requests with other mixes. */
  otherMixes: readonly MixCost[];
};

export type Volume = { requestsPerDay: number; days: number };

/** The mix as it was measured. */
export function measuredMix({ models, whole }: MeasuredRun): Mix {
  return [...models].map(([model, { requests }]) => ({
    model,
    weight: requests,
    shareRatio: requests / whole.requests,
    kind: null,
  }));
}

/** What a mix costs at a volume, by what was measured. */
export function costOfMix(
  mix: Mix,
  { measured, pricing, volume }: { measured: MeasuredRun; pricing: Pricing; volume: Volume },
): MixCost {
  const parts = mix.map(({ model, shareRatio }) => ({
    model,
    shareRatio,
    ...meansOf(measured, model),
    priced: pricing.priceOf(model),
  }));
  const byModel = parts.map(({ model, shareRatio, means, usd, isOwn, priced }): ModelCost => {
    const requestsPerDay = volume.requestsPerDay * shareRatio;
    const perDay = (mean: number | null): number | null => (mean === null ? null : mean * requestsPerDay);
    const usdPerDay = perDay(usd?.mean ?? null);
    return {
      model,
      shareRatio,
      requestsPerDay,
      inputTokensPerDay: perDay(means?.inputTokens ?? null),
      cachedInputTokensPerDay: perDay(means?.cachedInputTokens ?? null),
      outputTokensPerDay: perDay(means?.outputTokens ?? null),
      usdPerRequest: usd?.mean ?? null,
      usdPerDay,
      usdPerMonth: usdPerDay === null ? null : usdPerDay * volume.days,
      price:
        priced === null
          ? null
          : `${describePrice(priced.price)}; ${priced.price.source}, ${priced.price.date}`,
      measured: isOwn,
    };
  });
  const known = byModel.flatMap(({ usdPerDay }) => (usdPerDay === null ? [] : [usdPerDay]));
  const usdPerDay = known.length === 0 ? null : sum(known);
  const half = halfWidth(parts.flatMap(({ shareRatio, usd }) => (usd === null ? [] : [{ shareRatio, usd }])));
  const away = half === null || usdPerDay === null ? null : half * volume.requestsPerDay;
  return {
    mix: mixText(mix),
    usdPerDay,
    usdPerMonth: usdPerDay === null ? null : usdPerDay * volume.days,
    usdPerDayLow: away === null || usdPerDay === null ? null : Math.max(0, usdPerDay - away),
    usdPerDayHigh: away === null || usdPerDay === null ? null : usdPerDay + away,
    byModel,
  };
}

/** As `LLM_MIX` is written. */
function mixText(mix: Mix): string {
  return mix
    .map((entry) => {
      const { weight } = entry;
      return weight === 1 ? nameInMix(entry) : `${nameInMix(entry)}=${Number(weight.toPrecision(6))}`;
    })
    .join(',');
}

type Means = { inputTokens: number; cachedInputTokens: number; outputTokens: number };

/** Dollars of one request: the mean, and its variance by how requests differ; null where single ones are not known. */
type RequestUsd = { mean: number; variance: number | null; count: number };

function meansOf(
  { models, others, whole }: MeasuredRun,
  model: string,
): { means: Means | null; usd: RequestUsd | null; isOwn: boolean } {
  const own = models.get(model);
  const tokensOf = own ?? whole;
  const spread = own === undefined ? (others.get(model) ?? null) : own.usd;
  const perRequest = tokensOf.attempts / Math.max(1, tokensOf.requests);
  return {
    means: tokensOf.told === 0 ? null : tokenMeans(tokensOf, perRequest),
    usd: spread === null ? null : usdOf(spread, perRequest),
    isOwn: own !== undefined,
  };
}

function tokenMeans(measured: MeasuredModel, perRequest: number): Means {
  const mean = (tokens: number): number => (tokens / measured.told) * perRequest;
  return {
    inputTokens: mean(measured.inputTokens),
    cachedInputTokens: mean(measured.cachedInputTokens),
    outputTokens: mean(measured.outputTokens),
  };
}

function usdOf({ count, sum: total, squares }: Spread, perRequest: number): RequestUsd {
  const mean = total / count;
  const variance =
    squares === null || count < 2 ? null : Math.max(0, (squares - count * mean ** 2) / (count - 1)) / count;
  return {
    mean: mean * perRequest,
    variance: variance === null ? null : variance * perRequest ** 2,
    count,
  };
}

/** With fewer, a few long answers decide the spread. */
const FEWEST = 8;

/** Half the interval of the mean dollars of a request of a mix, single requests taken for independent. */
function halfWidth(parts: readonly { shareRatio: number; usd: RequestUsd }[]): number | null {
  let variance = 0;
  let fewest = Infinity;
  for (const { shareRatio, usd } of parts) {
    if (usd.variance === null) return null;
    variance += shareRatio ** 2 * usd.variance;
    fewest = Math.min(fewest, usd.count);
  }
  if (fewest < FEWEST || parts.length === 0) return null;
  return studentQuantile(0.975, fewest - 1) * Math.sqrt(variance);
}
