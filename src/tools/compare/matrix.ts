import { escapeMarkdown, inlineCode } from '../../lib/summary/render/render-markdown.ts';
import { CONFIDENCE } from '../../lib/numbers/quantiles.ts';
import { type Column, renderTable, wrap } from '../../lib/text/table.ts';
import { dataTable } from '../report/html/data-table.ts';
import { html, type Markup } from '../report/html/markup.ts';
import { compareRuns, type PreparedRun, valuesBeside } from './compare-runs.ts';
import { confidenceLabel, show } from './gate.ts';
import type { Measure } from './measure.ts';

/** Three runs or more in one table: rows are measures, columns are runs. */
export type Matrix = { labels: readonly string[]; rows: readonly MatrixRow[]; confidence: number };

export type MatrixRow = {
  measure: Measure;
  /** One a run; null where it has no sample. */
  values: readonly (number | null)[];
  /** Whether a run is the best, or within noise of it. All false where no run is worse than the best beyond noise. */
  isBest: readonly boolean[];
};

/** Holds each run against the best of each measure. All of these share the 5 % of error. */
export function matrixOf(runs: readonly PreparedRun[], measures: readonly Measure[]): Matrix {
  const confidence = 1 - (1 - CONFIDENCE) / Math.max(1, runs.length - 1);
  const read = valuesOf(runs, measures);
  const bestOf = new Map(measures.map((measure) => [measure, bestIndex(measure, read(measure))]));
  const verdicts = new Map<string, string>();
  for (const [index, best] of runs.entries()) {
    const own = measures.filter((measure) => bestOf.get(measure) === index);
    if (own.length === 0) continue;
    for (const [other, run] of runs.entries()) {
      if (other === index) continue;
      for (const row of compareRuns(best, run, { measures: own, confidence }).rows)
        verdicts.set(keyOf(row.measure, other), row.verdict);
    }
  }
  const rows = measures.flatMap((measure): MatrixRow[] => {
    const values = read(measure);
    if (values.every((value) => value === null)) return [];
    const found = values.map((_, index) => verdicts.get(keyOf(measure, index)) ?? null);
    const isTold = found.includes('worse');
    const isBest = found.map(
      (verdict, index) => isTold && (index === bestOf.get(measure) || verdict === 'same'),
    );
    return [{ measure, values, isBest }];
  });
  return { labels: runs.map(({ label }) => label), rows, confidence };
}

function keyOf({ name }: Measure, run: number): string {
  return `${run} ${name}`;
}

/** Every run's values, each read beside the first run's. */
function valuesOf(
  runs: readonly PreparedRun[],
  measures: readonly Measure[],
): (measure: Measure) => (number | null)[] {
  const [first] = runs;
  const tables = first === undefined ? [] : runs.map((run) => valuesBeside(first, run, measures));
  return ({ name }) => tables.map((table) => table.get(name) ?? null);
}

function bestIndex({ better }: Measure, values: readonly (number | null)[]): number {
  const sign = better === 'lower' ? 1 : -1;
  let best = -1;
  for (const [index, value] of values.entries()) {
    const known = best < 0 ? null : (values[best] ?? null);
    if (value !== null && (known === null || sign * value < sign * known)) best = index;
  }
  return best;
}

/** What the marks mean, in one sentence. */
export function matrixNote({ confidence }: Matrix): string {
  return `* best, or within noise of the best (${confidenceLabel(confidence)}); no mark where no run is worse beyond noise`;
}

/** A run's letter; AA after Z. */
function letter(index: number): string {
  const last = String.fromCodePoint(65 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}

/** As many columns as 80 characters hold, with 22 for a measure and 12 a value. */
const COLUMNS_AT_ONCE = 4;

/** A matrix for a terminal of 80 columns: several tables where there are more than four runs. */
export function matrixText(matrix: Matrix): string {
  const { labels, rows } = matrix;
  const legend = labels.map((label, index) => `${letter(index)}  ${label.replace(/\p{Cc}+/gu, ' ')}`);
  const tables: string[] = [];
  for (let from = 0; from < labels.length; from += COLUMNS_AT_ONCE) {
    const shown = labels.slice(from, from + COLUMNS_AT_ONCE).map((_, index) => from + index);
    const columns: Column[] = [
      { title: 'measure', width: 22, align: 'left' },
      ...shown.map((index): Column => ({ title: letter(index), width: 12, align: 'right' })),
    ];
    const lines = rows.map((row) => [shortName(row.measure), ...shown.map((index) => cellText(row, index))]);
    tables.push('', ...renderTable(columns, lines));
  }
  return [...legend, ...tables, '', ...wrap(matrixNote(matrix), 80)].join('\n');
}

function shortName({ name }: Measure): string {
  return name.replace('token_throughput_per_sec', 'tokens/s');
}

function cellText({ measure, values, isBest }: MatrixRow, index: number): string {
  const value = show(measure.unit, values[index] ?? null).replace(' tokens/s', '');
  return `${value}${isBest[index] === true ? ' *' : '  '}`;
}

/** A matrix as GitHub-flavoured markdown; the best in bold. */
export function matrixMarkdown(matrix: Matrix): string {
  const { labels, rows } = matrix;
  return [
    `| measure | ${labels.map(inlineCode).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(labels.length)}`,
    ...rows.map(({ measure, values, isBest }) => {
      const cells = values.map((value, index) => {
        const text = show(measure.unit, value);
        return isBest[index] === true ? `**${text}**` : text;
      });
      return `| ${inlineCode(measure.name)} | ${cells.join(' | ')} |`;
    }),
    '',
    `<sub>${escapeMarkdown(matrixNote(matrix).replace('* best', 'Bold: best'))}</sub>`,
    '',
  ].join('\n');
}

/** A matrix for the page of a comparison. */
export function matrixTable(matrix: Matrix): Markup {
  const { labels, rows } = matrix;
  return dataTable({
    caption: matrixNote(matrix),
    columns: [{ title: 'measure' }, ...labels.map((title) => ({ title }))],
    rows: rows.map(({ measure, values, isBest }) => [
      measure.name,
      ...values.map((value, index) =>
        isBest[index] === true
          ? html`<span class="yes">${show(measure.unit, value)} *</span>`
          : show(measure.unit, value),
      ),
    ]),
  });
}
