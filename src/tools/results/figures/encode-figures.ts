import type { Histograms } from '../../../lib/summary/summary.ts';
import { type Cell, Figures, MAX_SLICES, type Part, PARTS } from './figures.ts';
import { decodeHistogram, ENCODING, MAX_RELATIVE_ERROR } from './histogram.ts';
import { decodeTally, type Tally } from './tally.ts';
import { metricTypeOf } from './metric-type.ts';

/**
 * Figures as `histograms` of summary.json: by metric, then by series (`all`, `model:NAME`, `scenario:NAME`,
 * `provider:NAME`, `window:NAME`, `step:NAME`, `slice:MS`). A Trend is a histogram; a Counter, Rate or Gauge
 * is `TOTAL/COUNT`.
 */
export function encodeFigures(figures: Figures): Histograms {
  const metrics: [string, Record<string, string>][] = [];
  for (const [name, metric] of figures.metrics) {
    const series: [string, string][] = [['all', metric.all.encode()]];
    for (const part of PARTS) {
      for (const [key, cell] of metric.parts[part]) series.push([`${part}:${key}`, cell.encode()]);
    }
    for (const [index, cell] of metric.slices.entries()) {
      if (cell !== undefined) series.push([`slice:${index * figures.sliceMs}`, cell.encode()]);
    }
    metrics.push([name, Object.fromEntries(series)]);
  }
  return {
    encoding: ENCODING,
    maxRelativeError: MAX_RELATIVE_ERROR,
    sliceMs: figures.sliceMs,
    metrics: Object.fromEntries(metrics),
  };
}

/**
 * Figures from a summary's `histograms`.
 *
 * @throws Error when they were written by another version.
 */
export function decodeFigures(histograms: Histograms): Figures {
  if (histograms.encoding !== ENCODING) {
    throw new Error(
      `the summary's histograms are encoded as "${histograms.encoding}"; this version reads "${ENCODING}": make the report with the version that made the run`,
    );
  }
  const figures = new Figures();
  figures.sliceMs = histograms.sliceMs;
  for (const [name, series] of Object.entries(histograms.metrics)) {
    // What is neither ours nor k6's is a server's gauge.
    const type = metricTypeOf(name) ?? 'gauge';
    const metric = figures.metric(name, type);
    for (const [key, text] of Object.entries(series)) {
      const cell = decodeCell(text, metric.all);
      const colon = key.indexOf(':');
      const [kind, rest] = [key.slice(0, colon), key.slice(colon + 1)];
      if (colon < 0) metric.all = cell;
      else if (kind === 'slice') metric.slices[sliceIndex(rest, figures.sliceMs)] = cell;
      else if (isPart(kind)) figures.addToPart(metric, { name, part: kind, value: rest, cell });
    }
  }
  return figures;
}

/** A file may name any moment; a run has `MAX_SLICES` of them. */
function sliceIndex(text: string, sliceMs: number): number {
  const index = Math.round(Number(text) / sliceMs);
  if (index >= 0 && index < MAX_SLICES) return index;
  throw new Error(`the summary's histograms hold a slice "${text.slice(0, 40)}" that no run has`);
}

function decodeCell(text: string, like: Cell): Cell {
  return isTally(like) ? decodeTally(text, like.kind) : decodeHistogram(text);
}

function isTally(cell: Cell): cell is Tally {
  return 'kind' in cell;
}

function isPart(kind: string): kind is Part {
  return PARTS.some((part) => part === kind);
}
