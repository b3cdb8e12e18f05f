import type { AnswerPage } from '../answers/answer-page.ts';
import type { DataTable } from '../report/html/data-table.ts';
import type { PlotPoint, PlotSpec } from '../report/html/plot-spec.ts';
import { formatMs, formatPercent } from '../../lib/text/format.ts';
import { quantile, sortSamples } from '../../lib/numbers/quantiles.ts';
import type { AbAnswer } from './ab-answer.ts';
import { buyerCells, differenceCells, failureNotes, notesOf } from './render-ab.ts';
import type { Pair } from './read-pairs.ts';

/** The page of a comparison: how answers spread, a line a provider, and the tables. */
export function abPage(
  answer: AbAnswer,
  { names, pairs }: { names: readonly string[]; pairs: readonly Pair[] },
): AnswerPage {
  const { providers, differences, tradeOffs } = answer;
  const isStreamed = providers.some(({ ttftP50Ms }) => ttftP50Ms !== null);
  const winners = new Set(differences.flatMap(({ better }) => better ?? []));
  const [winner, ...others] = winners;
  return {
    command: 'ab',
    tone: answer.reason === null ? (winners.size === 0 ? 'plain' : 'good') : 'doubtful',
    short:
      answer.reason !== null
        ? 'Nothing was compared'
        : winner === undefined
          ? 'No difference beyond noise'
          : others.length === 0
            ? winner
            : 'It depends',
    facts: providers.map(({ name, model, target }) => `${name}: ${model} at ${target}`),
    plots: [
      ...(isStreamed ? [spreadPlot('ttftMs', 'Time to the first token', { names, pairs })] : []),
      spreadPlot('latencyMs', 'Latency', { names, pairs }),
    ].filter((plot) => plot.lines.length > 0),
    tables: [buyerTable(answer, isStreamed), ...(differences.length === 0 ? [] : [differencesTable(answer)])],
    notes: [...tradeOffs, ...failureNotes(answer), ...notesOf(answer)],
  };
}

/** Fewer make no picture. */
const FEWEST = 20;
const MOST_LINES = 6;
const SHARES = Array.from({ length: 51 }, (_, at) => at / 50);

/** How large a share of the answers came within a time. */
function spreadPlot(
  field: 'ttftMs' | 'latencyMs',
  title: string,
  { names, pairs }: { names: readonly string[]; pairs: readonly Pair[] },
): PlotSpec {
  const sorted = names.slice(0, MOST_LINES).map((name, at) => {
    const known = pairs.map(({ replies }) => replies[at]?.[field] ?? null).filter((ms) => ms !== null);
    return { name, values: sortSamples(known), count: known.length };
  });
  const shown = sorted.filter(({ count }) => count >= FEWEST);
  return {
    id: field,
    title,
    caption: 'The share of the answers that came within so many milliseconds.',
    lines: shown.map(({ name, values }, at) => ({
      name,
      colour: at + 1,
      dash: 'solid',
      points: SHARES.map((share): PlotPoint => [quantile(values, share) ?? 0, share]),
    })),
    x: { kind: 'log', unit: 'ms' },
    y: { unit: '', isShare: true },
    stacked: false,
    planned: [],
    limits: [],
    marks: [],
    table: {
      columns: ['share', ...shown.map(({ name }) => name)],
      rows: [0.1, 0.5, 0.9, 0.95, 0.99].map((share) => [
        formatPercent(share),
        ...shown.map(({ values }) => formatMs(quantile(values, share))),
      ]),
    },
    readings: [],
  };
}

function buyerTable({ providers }: AbAnswer, isStreamed: boolean): DataTable {
  return {
    caption: 'Providers',
    columns: [
      { title: 'provider' },
      ...(isStreamed ? [{ title: 'TTFT p50, ms' }, { title: 'TTFT p95, ms' }] : []),
      { title: 'latency p50, ms' },
      { title: 'latency p95, ms' },
      { title: 'success' },
      { title: 'per 1,000 requests' },
      { title: 'per good request' },
    ],
    rows: providers.map((row) => buyerCells(row, isStreamed)),
  };
}

function differencesTable({ differences }: AbAnswer): DataTable {
  return {
    caption: 'Differences, pair by pair',
    columns: [
      { title: 'of' },
      { title: 'against', isText: true },
      { title: 'measure', isText: true },
      { title: 'difference' },
      { title: 'between' },
      { title: 'better', isText: true },
    ],
    rows: differences.map((difference) => {
      const [words = '', size = '', interval = '', verdict = ''] = differenceCells(difference);
      return [difference.second, difference.first, words, size, interval, verdict];
    }),
  };
}
