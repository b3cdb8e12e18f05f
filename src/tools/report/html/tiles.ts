import { formatCount, formatMs, formatPercent, formatRate } from '../../../lib/text/format.ts';
import { smallestCountFor, wilsonInterval } from '../../../lib/numbers/quantiles.ts';
import { cumulate, intervalOf } from '../../results/histogram.ts';
import type { RunData } from '../../results/run-data.ts';
import { wholeBlock } from '../../results/stats-csv.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { shortUsd } from './verdict.ts';

type Tile = { title: string; value: string; unit: string; range: string };

/** The figures that people look for first, each with how far it can be trusted. */
export function tiles(run: RunData): Markup {
  const items = [...countTiles(run), ...percentileTiles(run), ...paceTiles(run)].map(
    ({ title, value, unit, range }) =>
      html`<div class="tile">
        <dt>${title}</dt>
        <dd>
          ${value}${unit === '' ? NOTHING : html` <small>${unit}</small>`}${range === '' ? NOTHING : html`<span class="range">${range}</span>`}
        </dd>
      </div>`,
  );
  return html`<dl class="tiles">${items}</dl>`;
}

function countTiles({ summary: { totals } }: RunData): Tile[] {
  const { low, high } = wilsonInterval(totals.failed, totals.requestsFinished);
  const range = low === null ? '' : `95 % CI ${formatPercent(low)} to ${formatPercent(high)}`;
  const tiles: Tile[] = [
    {
      title: 'Requests',
      value: formatCount(totals.requestsFinished),
      unit: '',
      range: `${formatRate(totals.requestsPerSec)} per second`,
    },
    { title: 'Failed', value: formatPercent(totals.errorRatio), unit: '', range },
  ];
  if (totals.goodputRatio !== null)
    tiles.push({
      title: 'Goodput',
      value: formatPercent(totals.goodputRatio),
      unit: '',
      range: 'requests that met every SLO',
    });
  return tiles;
}

function percentileTiles(run: RunData): Tile[] {
  const block = wholeBlock(run.summary, run.figures);
  const tiles: Tile[] = [];
  for (const [metric, name, stats] of [
    ['ai_latency_ms', 'Latency', block.latencyMs],
    ['ai_ttft_ms', 'TTFT', block.ttftMs],
  ] as const) {
    if (stats.count === 0 && metric !== 'ai_latency_ms') continue;
    for (const [label, q, value] of [
      ['p50', 0.5, stats.p50],
      ['p95', 0.95, stats.p95],
      ['p99', 0.99, stats.p99],
    ] as const) {
      const range = value === null ? '' : rangeOf(run, { metric, q, count: stats.count });
      tiles.push({
        title: `${name} ${label}`,
        value: formatMs(value),
        unit: value === null ? '' : 'ms',
        range,
      });
    }
  }
  return tiles;
}

/** The interval of a percentile, or that the sample cannot carry it. */
function rangeOf(run: RunData, { metric, q, count }: { metric: string; q: number; count: number }): string {
  const needed = smallestCountFor(q);
  if (count < needed)
    return `not to be relied on: ${count} ${count === 1 ? 'sample' : 'samples'}, needs ${needed}`;
  if (run.figures === null) return '';
  const { low, high } = intervalOf(cumulate(run.figures.trend(metric)), q);
  return low === null || high === null ? '' : `95 % CI ${formatMs(low)} to ${formatMs(high)}`;
}

function paceTiles({ summary, figures }: RunData): Tile[] {
  const { totals } = summary;
  // By its number: k6 itself gives an empty Trend a median of 0.
  const tpot = wholeBlock(summary, figures).tpotMs;
  const tiles: Tile[] = [];
  if (tpot.count > 0)
    tiles.push({ title: 'TPOT p50', value: formatMs(tpot.p50), unit: 'ms', range: 'a token' });
  tiles.push(
    {
      title: 'Output tokens',
      value: formatRate(totals.outputTokensPerSec),
      unit: '/s',
      range: `${formatCount(totals.outputTokens)} in all`,
    },
    {
      title: 'Cost',
      value: shortUsd(totals.costUsd),
      unit: '',
      range:
        totals.costUsdPer1kRequests === null
          ? ''
          : `${shortUsd(totals.costUsdPer1kRequests)} per 1,000 requests`,
    },
  );
  return tiles;
}
