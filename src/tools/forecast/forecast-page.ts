import { formatCount, formatPercent } from '../../lib/text/format.ts';
import type { AnswerPage } from '../answers/answer-page.ts';
import { shortUsd } from '../answers/short-usd.ts';
import type { DataTable } from '../report/html/data-table.ts';
import type { PlotSpec } from '../report/html/plot-spec.ts';
import type { CostForecast, MixCost } from './cost-forecast.ts';
import { mixRows } from './render-cost-forecast.ts';

/** The page of a forecast: dollars of a month against requests a day, a line a mix. */
export function forecastPage(forecast: CostForecast): AnswerPage {
  const { usdPerMonth, requestsPerDay, days, otherMixes } = forecast;
  return {
    command: 'forecast',
    tone: usdPerMonth === null ? 'doubtful' : 'plain',
    short: usdPerMonth === null ? 'Nobody knows' : `${shortUsd(usdPerMonth)} in ${days} days`,
    facts: [`${formatCount(requestsPerDay)} requests a day`, `mix ${forecast.mix}`],
    plots: usdPerMonth === null ? [] : [volumePlot(forecast)],
    tables: [modelTable(forecast), ...(otherMixes.length === 0 ? [] : [mixesTable(forecast)])],
    notes: forecast.restsOn,
  };
}

/** What a plot has colours for. */
const MOST_LINES = 6;
const POINTS = 5;

function volumePlot(forecast: CostForecast): PlotSpec {
  const { requestsPerDay, days } = forecast;
  const mixes = [forecast, ...forecast.otherMixes].filter((mix) => mix.usdPerMonth !== null);
  const shown = mixes.slice(0, MOST_LINES);
  const volumes = Array.from({ length: POINTS }, (_, at) => (requestsPerDay * at) / 2);
  const usdAt = ({ usdPerMonth }: MixCost, volume: number): number =>
    ((usdPerMonth ?? 0) * volume) / requestsPerDay;
  return {
    id: 'volume',
    title: `Dollars in ${days} days`,
    caption: 'Across: requests a day. A line for each mix.',
    lines: shown.map((mix, index) => ({
      name: mix.mix,
      colour: index + 1,
      dash: 'solid',
      points: volumes.map((volume) => [volume, usdAt(mix, volume)]),
    })),
    // A unit at each number would leave room for one number alone.
    x: { kind: 'value', unit: '' },
    y: { unit: '$', isShare: false },
    stacked: false,
    planned: [],
    limits: [],
    marks: [{ x: requestsPerDay, label: 'asked for' }],
    table: {
      columns: ['requests a day', ...shown.map(({ mix }) => mix)],
      rows: volumes.map((volume) => [
        formatCount(volume),
        ...shown.map((mix) => shortUsd(usdAt(mix, volume))),
      ]),
    },
    readings: null,
  };
}

function modelTable({ byModel, days }: CostForecast): DataTable {
  return {
    caption: 'By model, a day',
    columns: [
      { title: 'model' },
      { title: 'share' },
      { title: 'requests' },
      { title: 'tokens in' },
      { title: 'of them cached' },
      { title: 'tokens out' },
      { title: 'per 1,000 requests' },
      { title: 'a day' },
      { title: `${days} days` },
    ],
    rows: byModel.map((part) => [
      part.model,
      formatPercent(part.shareRatio),
      formatCount(part.requestsPerDay),
      formatCount(part.inputTokensPerDay),
      formatCount(part.cachedInputTokensPerDay),
      formatCount(part.outputTokensPerDay),
      shortUsd(part.usdPerRequest === null ? null : part.usdPerRequest * 1000),
      shortUsd(part.usdPerDay),
      shortUsd(part.usdPerMonth),
    ]),
  };
}

function mixesTable(forecast: CostForecast): DataTable {
  return {
    caption: 'Mixes side by side',
    columns: [
      { title: 'mix' },
      { title: 'per 1,000 requests' },
      { title: 'a day' },
      { title: `${forecast.days} days` },
      { title: 'against the first' },
    ],
    rows: mixRows(forecast),
  };
}
