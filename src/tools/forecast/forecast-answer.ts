import { formatCount, formatPercent } from '../../lib/text/format.ts';
import { interruptedText } from '../../lib/summary/interruption.ts';
import type { Mix } from '../../lib/prompts/mix.ts';
import { shortUsd } from '../answers/short-usd.ts';
import type { QuestionAnswer } from '../answers/question-answer.ts';
import type { RunData } from '../results/read/run-data.ts';
import { type CostForecast, costOfMix, measuredMix, type MixCost } from './cost-forecast.ts';
import type { DailyVolume } from './daily-volume.ts';
import { measureRun } from './measured-run.ts';
import { restsOn } from './rests-on.ts';
import { runPricing } from './run-pricing.ts';

export const FORECAST_QUESTION = 'What will it cost?';

/** null: nothing was measured. */
export type ForecastAnswer = QuestionAnswer & { forecast: CostForecast | null };

export type ForecastRequest = {
  volume: DailyVolume;
  /** Of a month. */
  days: number;
  /** null: as it was measured. */
  mix: Mix | null;
  otherMixes: readonly Mix[];
  /** `LLM_PRICES`; null without one. */
  pricesFile: string | null;
};

/**
 * What a volume of requests costs, by those that a run measured.
 *
 * @param isSample the run was made for this.
 * @throws UsageError for a run without a finished request, ConfigError for prices that cannot be used.
 */
export async function answerForecast(
  run: RunData,
  { volume, days, mix, otherMixes, pricesFile }: ForecastRequest,
  { isSample, isPartial }: { isSample: boolean; isPartial: boolean },
): Promise<ForecastAnswer> {
  const pricing = runPricing(run.summary, pricesFile);
  const repriced = pricesFile !== null;
  const models = [mix ?? [], ...otherMixes].flatMap((one) => one.map(({ model }) => model));
  const measured = await measureRun(run, { pricing, models: [...new Set(models)], repriced });
  const perDay = { requestsPerDay: volume.requestsPerDay, days };
  const cost = (one: Mix): MixCost => costOfMix(one, { measured, pricing, volume: perDay });
  const main = cost(mix ?? measuredMix(measured));
  const others = otherMixes.map(cost);
  const source = `${measured.whole.requests} requests of ${isSample ? 'a sample taken' : `${run.label}, begun`} ${dateOf(run)}`;
  const forecast: CostForecast = {
    ...main,
    ...perDay,
    restsOn: [
      `volume: ${volume.words}`,
      ...restsOn(measured, {
        source,
        mixes: [main, ...others],
        repriced,
        cutShort: run.summary.totals.cutShort,
        // Of a sample, the answer itself says that it is partial.
        ended: isSample ? null : earlyEnd(run.summary),
      }),
    ],
    otherMixes: others,
  };
  return {
    question: FORECAST_QUESTION,
    sentence: sentenceOf(forecast, { restsOnPart: !isSample && earlyEnd(run.summary) !== null }),
    partial: isPartial,
    forecast,
  };
}

function dateOf({ summary }: RunData): string {
  return summary.startedAt === null ? 'at an unknown time' : `on ${summary.startedAt.slice(0, 10)}`;
}

/** Why a run is only a part of what was planned; null for a whole one. */
function earlyEnd(summary: RunData['summary']): string | null {
  const interrupted = interruptedText(summary);
  if (interrupted !== null) return interrupted.replace('INTERRUPTED', 'it was interrupted');
  return summary.stopped === null ? null : `it was stopped (${summary.stopped})`;
}

/** What a manager reads. */
function sentenceOf(forecast: CostForecast, { restsOnPart }: { restsOnPart: boolean }): string {
  const { requestsPerDay, days, usdPerDay, usdPerMonth, usdPerDayLow, usdPerDayHigh, byModel } = forecast;
  const requests = `${formatCount(requestsPerDay)} requests a day`;
  const unpriced = byModel.filter((part) => part.usdPerDay === null).map(({ model }) => model);
  if (usdPerDay === null) {
    return `Nobody knows what ${requests} cost: ${unpriced.join(', ')} has no price; LLM_PRICES names one.`;
  }
  const spread =
    usdPerDayLow === null ? '' : ` (${shortUsd(usdPerDayLow)} to ${shortUsd(usdPerDayHigh)} a day)`;
  const without = unpriced.length === 0 ? '' : `, without ${unpriced.join(', ')}, which has no price`;
  const others = forecast.otherMixes.map((other) => againstMain(other, usdPerDay));
  return `${requests} cost about ${shortUsd(usdPerDay)} a day, ${shortUsd(usdPerMonth)} in ${days} days${spread}${without}${others.map((words) => `; ${words}`).join('')}${restsOnPart ? '; the run that tells it is partial' : ''}.`;
}

function againstMain({ mix, usdPerDay }: MixCost, mainUsdPerDay: number): string {
  if (usdPerDay === null) return `what ${mix} would cost nobody knows, as it has no price`;
  const change = mainUsdPerDay > 0 ? usdPerDay / mainUsdPerDay - 1 : 0;
  const words =
    Math.abs(change) < 0.005
      ? 'about the same'
      : `${formatPercent(Math.round(Math.abs(change) * 1000) / 1000)} ${change < 0 ? 'less' : 'more'}`;
  return `${mix} would cost ${shortUsd(usdPerDay)} a day, ${words}`;
}
