import { sum } from '../../lib/numbers/mean.ts';
import { formatPercent } from '../../lib/text/format.ts';
import { shortUsd } from '../answers/short-usd.ts';
import type { MixCost } from './cost-forecast.ts';
import type { MeasuredRun } from './measured-run.ts';

/** Beyond what rounding makes of two ways to add. */
const SAME_RATIO = 1e-6;

/** What a forecast stands on, a sentence each: whose tokens, which prices, of which date, and what is not in it. */
export function restsOn(
  measured: MeasuredRun,
  {
    source,
    mixes,
    repriced,
    cutShort,
    ended,
  }: {
    /** `20 requests of results/a, begun 2026-11-28`. */
    source: string;
    mixes: readonly MixCost[];
    repriced: boolean;
    cutShort: number | null;
    /** Why the run is only a part of what was planned; null for a whole one. */
    ended: string | null;
  },
): string[] {
  const { whole, models } = measured;
  // What is counted as others are: of a model without any dollars, nothing is.
  const unknown = sum([...models.values()].map((one) => (one.usd === null ? 0 : one.unknown)));
  return [
    `tokens: ${source}, as the server told them${cachedWords(whole)}`,
    ...(ended === null
      ? []
      : [`that run is partial: ${ended}; what it would have asked later may be longer or shorter`]),
    ...warmWords(measured),
    ...priceWords(mixes),
    ...(repriced ? [] : chargedWords(whole)),
    ...(unknown === 0
      ? []
      : [
          `${unknown} of ${whole.attempts} attempts have no dollars (no tokens told, or no price): counted as the charged ones of their model are on average`,
        ]),
    ...otherWords(mixes, [...models.keys()]),
    ...(measured.bySingleRequests
      ? []
      : ['sums by model are all that is known of that run: tiers of prices are taken by the mean prompt']),
    ...((cutShort ?? 0) > 0
      ? [
          `${cutShort} requests were cut short at the end of that run: the provider bills them, no figure holds them`,
        ]
      : []),
  ];
}

function cachedWords({ inputTokens, cachedInputTokens, told }: MeasuredRun['whole']): string {
  if (told === 0) return ', which told none';
  if (cachedInputTokens === 0) return '; none of the input was cached';
  return `; ${formatPercent(cachedInputTokens / Math.max(1, inputTokens))} of the input was cached, and is expected to be`;
}

function warmWords({ warmedUp }: MeasuredRun): string[] {
  if (warmedUp === null) return [];
  const [cold, warm] = [warmedUp.coldRatio, warmedUp.warmRatio].map(formatPercent);
  return [
    `the run's first half filled the prompt cache (${cold} of the input cached, then ${warm}): the input of its second half is what counts`,
  ];
}

function priceWords(mixes: readonly MixCost[]): string[] {
  const told = new Map(mixes.flatMap(({ byModel }) => byModel.map(({ model, price }) => [model, price])));
  return [...told].map(([model, price]) =>
    price === null
      ? `price of ${model}: none in the table; LLM_PRICES adds one`
      : `price of ${model}: ${price}`,
  );
}

/** Where the run was charged otherwise than the table of now would. */
function chargedWords({ chargedUsd, tableUsd }: MeasuredRun['whole']): string[] {
  if (Math.abs(chargedUsd - tableUsd) <= SAME_RATIO * Math.max(chargedUsd, tableUsd)) return [];
  return [
    `the run was charged ${shortUsd(chargedUsd)} where the prices above say ${shortUsd(tableUsd)} (writes into a cache, a tier of service, or other prices then): what it was charged is what counts here; LLM_PRICES names prices that win`,
  ];
}

function otherWords(mixes: readonly MixCost[], known: readonly string[]): string[] {
  const others = new Set(
    mixes.flatMap(({ byModel }) => byModel.flatMap(({ model, measured }) => (measured ? [] : [model]))),
  );
  return [...others].map(
    (model) =>
      `${model} was not asked: it stands with the tokens of ${known.join(', ')}, at its own price; its answers may be longer or shorter`,
  );
}
