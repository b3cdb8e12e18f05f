import { formatMs, formatPercent, NOT_AVAILABLE } from '../../../lib/text/format.ts';
import { plainText } from '../../../lib/text/plain-text.ts';
import { type Column, renderTable, wrap } from '../../../lib/text/table.ts';
import type { RuleRow } from './rule-row.ts';

const WIDTH = 80;

const COLUMNS: readonly Column[] = [
  { title: 'tool', width: 14, align: 'left' },
  { title: 'TTFT ms', width: 12, align: 'right' },
  { title: 'TPOT ms', width: 13, align: 'right' },
  { title: 'latency ms', width: 13, align: 'right' },
  { title: 'tokens', width: 8, align: 'right' },
  { title: 'goodput', width: 8, align: 'right' },
];

const SERVER_LEGEND =
  "( ): only when told to believe the server's usage; by default it counts with a tokenizer";

/** The table, the reasons and the sources, each line within 80 columns. */
export function renderRules(rows: readonly RuleRow[]): string {
  const hasGoodput = rows.some(({ goodput }) => goodput !== undefined);
  const run = rows[0]?.run;
  const lines = [
    ...renderTable(hasGoodput ? COLUMNS : COLUMNS.slice(0, -1), rows.map(cellsOf)),
    '',
    ...(run === undefined ? [] : told(runLegend(rows))),
    ...(rows.some(({ withServerTokens }) => withServerTokens !== null) ? told(SERVER_LEGEND) : []),
    ...rows.flatMap(({ tool, reason, outcome, notes }) =>
      [...(reason === null ? [] : [`${outcome === 'failed' ? 'failed: ' : ''}${reason}`]), ...notes].flatMap(
        (note) => told(`${tool}: ${note}`),
      ),
    ),
    '',
    'Read from:',
    ...rows.flatMap(({ tool, version, files }) => told(`${tool}: ${version}: ${files.join(', ')}`)),
  ];
  return plainText(lines.join('\n'));
}

function runLegend(rows: readonly RuleRow[]): string {
  const run = rows[0]?.run;
  if (run === undefined) return '';
  const partly = rows
    .filter(({ run: own }) => own !== undefined && own.known.ttftMs < own.succeeded)
    .map(({ tool, run: own }) => `${tool} ${own?.known.ttftMs ?? 0}`);
  const gaps = partly.length === 0 ? '' : `; TTFT is known of fewer under ${partly.join(', ')}`;
  return `mean / p95 over ${run.succeeded} of ${run.requests} streamed requests that succeeded${gaps}`;
}

function cellsOf(row: RuleRow): string[] {
  const { tool, outcome, run, withServerTokens: server, goodput } = row;
  if (outcome !== 'ok') return [tool, outcome === 'failed' ? 'failed' : 'not told', '', '', ''];
  const ms = (value: number | null, p95: number | null | undefined): string =>
    value === null || p95 === undefined || p95 === null
      ? formatMs(value)
      : `${formatMs(value)}/${formatMs(p95)}`;
  const tpot = row.tpotMs ?? server?.tpotMs ?? null;
  const tokens = row.outputTokens ?? server?.outputTokens ?? null;
  return [
    tool,
    ms(row.ttftMs, run?.p95.ttftMs),
    bracketed(ms(tpot, run?.p95.tpotMs), row.tpotMs === null && tpot !== null),
    ms(row.latencyMs, run?.p95.latencyMs),
    bracketed(
      tokens === null ? NOT_AVAILABLE : String(Number(tokens.toFixed(1))),
      row.outputTokens === null && tokens !== null,
    ),
    goodput === undefined ? '' : formatPercent(goodput),
  ];
}

function bracketed(text: string, isOptional: boolean): string {
  return isOptional ? `(${text})` : text;
}

function told(text: string): string[] {
  return wrap(text, WIDTH, '  ');
}
