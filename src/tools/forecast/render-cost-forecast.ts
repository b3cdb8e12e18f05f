import { formatCount, formatPercent } from '../../lib/text/format.ts';
import { plainText } from '../../lib/text/plain-text.ts';
import { type Column, renderTable, wrap } from '../../lib/text/table.ts';
import { shortUsd } from '../answers/short-usd.ts';
import type { CostForecast, ModelCost } from './cost-forecast.ts';

const WIDTH = 80;

const numbers = (titles: readonly string[], width: number): Column[] =>
  titles.map((title) => ({ title, width, align: 'right' }));

/** The tables and what they rest on, each line within 80 columns. */
export function renderCostForecast(forecast: CostForecast): string {
  const { byModel, otherMixes, days, restsOn } = forecast;
  const columns: Column[] = [
    { title: 'a day', width: 17, align: 'left' },
    ...numbers(['requests', 'tokens in', 'out'], 9),
    ...numbers(['$/1,000', 'a day', `${days} d`], 8),
  ];
  const total = [
    'all',
    formatCount(forecast.requestsPerDay),
    ...totals(byModel),
    shortUsd(thousand(forecast.usdPerDay, forecast.requestsPerDay)),
    shortUsd(forecast.usdPerDay),
    shortUsd(forecast.usdPerMonth),
  ];
  const lines = [
    ...renderTable(columns, [...byModel.map(cellsOf), ...(byModel.length > 1 ? [total] : [])]),
    ...(otherMixes.length === 0 ? [] : ['', ...mixTable(forecast)]),
    '',
    'Rests on:',
    ...restsOn.flatMap((line) => wrap(line, WIDTH, '  ')),
  ];
  return plainText(lines.join('\n'));
}

function cellsOf(part: ModelCost): string[] {
  return [
    part.measured ? part.model : `${part.model} *`,
    formatCount(part.requestsPerDay),
    formatCount(part.inputTokensPerDay),
    formatCount(part.outputTokensPerDay),
    shortUsd(part.usdPerRequest === null ? null : part.usdPerRequest * 1000),
    shortUsd(part.usdPerDay),
    shortUsd(part.usdPerMonth),
  ];
}

function totals(byModel: readonly ModelCost[]): string[] {
  const sumOf = (of: (part: ModelCost) => number | null): string => {
    const known = byModel.map(of).filter((tokens) => tokens !== null);
    return formatCount(known.length === 0 ? null : known.reduce((sum, tokens) => sum + tokens, 0));
  };
  return [
    sumOf(({ inputTokensPerDay }) => inputTokensPerDay),
    sumOf(({ outputTokensPerDay }) => outputTokensPerDay),
  ];
}

function thousand(usdPerDay: number | null, requestsPerDay: number): number | null {
  return usdPerDay === null ? null : (usdPerDay / requestsPerDay) * 1000;
}

/** Mixes side by side. */
export function mixRows(forecast: CostForecast): string[][] {
  const { requestsPerDay, usdPerDay: mainUsdPerDay } = forecast;
  return [forecast, ...forecast.otherMixes].map(({ mix, usdPerDay, usdPerMonth }, index) => [
    mix,
    shortUsd(thousand(usdPerDay, requestsPerDay)),
    shortUsd(usdPerDay),
    shortUsd(usdPerMonth),
    index === 0 ? '' : changeOf(usdPerDay, mainUsdPerDay),
  ]);
}

function changeOf(usdPerDay: number | null, mainUsdPerDay: number | null): string {
  if (usdPerDay === null || mainUsdPerDay === null || mainUsdPerDay === 0) return '';
  const change = usdPerDay / mainUsdPerDay - 1;
  return `${change < 0 ? '-' : '+'}${formatPercent(Math.abs(Math.round(change * 1000) / 1000))}`;
}

function mixTable(forecast: CostForecast): string[] {
  const columns: Column[] = [
    { title: 'mix', width: 39, align: 'left' },
    ...numbers(['$/1,000', 'a day', `${forecast.days} d`, 'change'], 8),
  ];
  return renderTable(columns, mixRows(forecast));
}
