import type { Summary } from '../../../lib/summary/summary.ts';
import { hasNoText } from '../../../lib/summary/render/kind-rows.ts';
import { formatCount, formatMs, formatPercent, formatRate } from '../../../lib/text/format.ts';
import { type PercentileInterval, percentileInterval } from '../../statistics/percentile-interval.ts';
import { type RateInterval, rateInterval } from '../../statistics/rate-interval.ts';
import { type RunBlocks, slicedBlocks } from '../../statistics/run-blocks.ts';
import type { RunData } from '../../results/read/run-data.ts';
import { wholeBlock } from '../../results/stats-csv.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { headlineUsd } from '../../../lib/text/headline-usd.ts';

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

function countTiles(run: RunData): Tile[] {
  const { totals } = run.summary;
  const failures = slicedBlocks(run).tally('error_rate', null);
  const range = failures === null ? '' : rateText(rateInterval(failures));
  const tiles: Tile[] = [
    {
      title: 'Requests',
      value: formatCount(totals.requestsFinished),
      unit: '',
      range: `${formatRate(totals.succeededPerSec)} answered per second`,
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
  const blocks = slicedBlocks(run);
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
      const range = value === null ? '' : rangeOf(blocks, { metric, q });
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

/** The interval of a percentile, or why there is none. */
function rangeOf(blocks: RunBlocks, { metric, q }: { metric: string; q: number }): string {
  const trend = blocks.trend(metric, null);
  return trend === null ? '' : percentileText(percentileInterval(trend, q), trend.count);
}

function percentileText(found: PercentileInterval, count: number): string {
  switch (found.kind) {
    case 'bounds':
      return `95 % CI ${formatMs(found.low)} to ${formatMs(found.high)}`;
    case 'few':
      return `not to be relied on: ${count} ${count === 1 ? 'sample' : 'samples'}, needs ${found.needed}`;
    case 'alike':
      return `no CI: ${formatCount(count)} samples, as alike as ${formatCount(Math.ceil(found.effective))} independent ones, needs ${formatCount(Math.ceil(found.needed))}`;
    case 'assumed':
      return `${formatMs(found.low)} to ${formatMs(found.high)}, assuming independent requests`;
    default:
      return found satisfies never;
  }
}

function rateText(found: RateInterval | null): string {
  switch (found?.kind) {
    case undefined:
      return '';
    case 'bounds':
      return `95 % CI ${formatPercent(found.low)} to ${formatPercent(found.high)}`;
    case 'bursts':
      return 'no CI: in few bursts';
    case 'assumed':
      return `${formatPercent(found.low)} to ${formatPercent(found.high)}, assuming independent requests`;
    default:
      return found satisfies never;
  }
}

function outputTile({ totals }: Summary): Tile {
  return {
    title: 'Output tokens',
    value: formatRate(totals.outputTokensPerSec),
    unit: '/s',
    range: `${formatCount(totals.outputTokens)} in all`,
  };
}

/** Of a run that embeds or ranks, and writes nothing. */
function inputTile({ totals, durationMs }: Summary): Tile {
  const perSec = durationMs === null || durationMs <= 0 ? null : (totals.inputTokens * 1000) / durationMs;
  const range = `${formatCount(totals.inputTokens)} in all, of ${formatCount(totals.inputs)} inputs`;
  return { title: 'Input tokens', value: formatRate(perSec), unit: '/s', range };
}

function paceTiles({ summary, figures }: RunData): Tile[] {
  const { totals } = summary;
  // By its number: k6 itself gives an empty Trend a median of 0.
  const tpot = wholeBlock(summary, figures).tpotMs;
  const tiles: Tile[] = [];
  if (tpot.count !== 0)
    tiles.push({ title: 'TPOT p50', value: formatMs(tpot.p50), unit: 'ms', range: 'a token' });
  tiles.push(hasNoText(summary) ? inputTile(summary) : outputTile(summary), {
    title: 'Cost',
    value: headlineUsd(totals.costUsd),
    unit: '',
    range:
      totals.costUsdPer1kRequests === null
        ? ''
        : `${headlineUsd(totals.costUsdPer1kRequests)} per 1,000 requests`,
  });
  return tiles;
}
