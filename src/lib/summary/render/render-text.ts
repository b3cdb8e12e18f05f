import { ERROR_KINDS, type ErrorKind } from '../../answer/attempt.ts';
import {
  formatCount,
  formatMs,
  formatPercent,
  formatRate,
  formatSpan,
  formatUsd,
  NOT_AVAILABLE,
} from '../../text/format.ts';
import { type Column, renderTable, wrap } from '../../text/table.ts';
import { interruptedText } from '../interruption.ts';
import { statsOfValues } from '../stats-of-values.ts';
import { serverSentence } from '../server-sentence.ts';
import { recoveryText } from '../recovery.ts';
import { trustLines } from '../trust/trust-lines.ts';
import { OWN_TITLES, ownRows } from '../own-rows.ts';
import { reportedRows } from '../reported-rows.ts';
import { hasNoText, inputPairs, KIND_TITLES, kindRows } from './kind-rows.ts';
import { foundBySteps, stepRows, stepTitles, thresholdsBesideSteps } from './step-rows.ts';
import { sessionSentence, turnRows, turnTitles } from './turn-rows.ts';
import type { Block, Stats, Summary, Totals } from '../summary.ts';

const WIDTH = 80;
const INDENT = '  ';

/** Colours a word, or leaves it. */
type Paint = (text: string, colour: 'red' | 'green' | 'yellow' | 'bold') => string;

const ANSI = { red: 31, green: 32, yellow: 33, bold: 1 } as const;

/** The summary as a terminal shows it: at most 80 columns, colour only where asked for. */
export function renderText(summary: Summary, { enableColors }: { enableColors: boolean }): string {
  const paint: Paint = (text, colour) => (enableColors ? `\u001b[${ANSI[colour]}m${text}\u001b[0m` : text);
  const sections = [
    heading(summary, paint),
    stepTable(summary),
    ...findingLines(summary, paint),
    modelTable(summary),
    kindTable(summary),
    streamTable(summary),
    turnTable(summary),
    reportedTable(summary),
    ownTable(summary),
    errorLines(summary),
    totalsLines(summary),
    thresholdLines(summary, paint),
    noteLines(summary),
  ];
  const body = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((l) => INDENT + l).join('\n'));
  return `\n${body.join('\n\n')}\n\n`;
}

/** Fewer columns than this are no room for words. */
const LEAST_WIDTH = 20;

const VERDICTS = {
  pass: ['PASS', 'green'],
  fail: ['FAIL', 'red'],
  'not-judged': ['NOT JUDGED', 'yellow'],
} as const;

function heading(summary: Summary, paint: Paint): string[] {
  const { scenario, target, provider, durationMs, seed, slo, trust } = summary;
  const interrupted = interruptedText(summary);
  const [verdict, colour] = interrupted === null ? VERDICTS[slo.state] : ([interrupted, 'yellow'] as const);
  const mode = summary.stream ? `streamed, ${summary.transport} transport` : 'blocking';
  const words = `${interrupted === null ? `${formatSpan(durationMs)} of load, ` : ''}seed ${seed ?? NOT_AVAILABLE}, ${mode}`;
  const width = WIDTH - INDENT.length - `${scenario}  ${verdict}  `.length;
  // Behind a long title they have lines of their own.
  const facts =
    width < LEAST_WIDTH
      ? ['', ...wrap(words, WIDTH - INDENT.length - INDENT.length).map((line) => INDENT + line)]
      : wrap(words, width, INDENT);
  const found = foundBySteps(summary);
  const lines = [
    ...(found === null ? [] : finding(scenario, found.sentence, paint)),
    found === null
      ? `${paint(scenario, 'bold')}  ${paint(verdict, colour)}  ${facts[0] ?? ''}`.trimEnd()
      : `${INDENT}${paint(verdict, colour)}  ${facts[0] ?? ''}`.trimEnd(),
    ...facts.slice(1),
    ...wrap(`${target} (${provider})`, WIDTH - INDENT.length, INDENT),
  ];
  if (summary.stopped) {
    const stopped = wrap(`STOPPED: ${summary.stopped}`, WIDTH - INDENT.length, INDENT);
    lines.unshift(...paintFirst(stopped, 'STOPPED', (word) => paint(word, 'red')));
  }
  const doubts = trustLines(trust).flatMap(({ word, text }) =>
    paintFirst(wrap(`${word}: ${text}`, WIDTH - INDENT.length, INDENT), word, (first) =>
      paint(first, 'yellow'),
    ),
  );
  return [...lines, ...doubts];
}

/** What the steps of a load found, behind the scenario's name. */
function finding(scenario: string, sentence: string, paint: Paint): string[] {
  const [first = '', ...later] = wrap(sentence, WIDTH - INDENT.length - scenario.length - 2);
  return [`${paint(scenario, 'bold')}  ${first}`, ...later.map((line) => `${INDENT}${line}`)];
}

/** Lines of which the first starts with a word, with that word coloured: escape codes would count as width. */
function paintFirst(lines: readonly string[], word: string, paint: (word: string) => string): string[] {
  return lines.map((line, index) => (index === 0 ? paint(word) + line.slice(word.length) : line));
}

/** The capacity curve, where a load has steps: first what was asked. */
function stepTable(summary: Summary): string[] {
  const rows = stepRows(summary);
  if (rows.length === 0) return [];
  const columns = stepTitles(summary).map((title): Column => ({ title, width: 11, align: 'right' }));
  return renderTable(columns, rows);
}

/** Each answer in words: its figures are in the files. */
function findingLines({ findings }: Summary, paint: Paint): string[][] {
  // An older summary.json has none.
  return (findings ?? []).map(({ question, sentence }) => [
    paint(question, 'bold'),
    ...wrap(sentence, WIDTH - INDENT.length - INDENT.length).map((line) => INDENT + line),
  ]);
}

const MODEL_COLUMNS: readonly Column[] = [
  { title: 'model', width: 17, align: 'left' },
  { title: 'ok', width: 5, align: 'right' },
  { title: 'fail', width: 4, align: 'right' },
  { title: 'p50 ms', width: 6, align: 'right' },
  { title: 'p95', width: 5, align: 'right' },
  { title: 'p99', width: 5, align: 'right' },
  { title: 'tok in', width: 6, align: 'right' },
  { title: 'out', width: 6, align: 'right' },
  { title: 'USD', width: 8, align: 'right' },
];

function modelTable({ models, totals, metrics }: Summary): string[] {
  const cells = (name: string, block: Totals, latency: Pick<Stats, 'p50' | 'p95' | 'p99'>): string[] => [
    name,
    formatCount(block.succeeded),
    formatCount(block.failed),
    formatMs(latency.p50),
    formatMs(latency.p95),
    formatMs(latency.p99),
    formatCount(block.inputTokens),
    formatCount(block.outputTokens),
    block.costUsd === null ? NOT_AVAILABLE : formatUsd(block.costUsd).slice(1),
  ];
  const entries = Object.entries(models);
  const rows = entries.map(([name, block]) => cells(name, block, block.latencyMs));
  if (entries.length !== 1)
    rows.push(cells('(all models)', totals, statsOfValues(metrics['ai_latency_ms'], totals.succeeded)));
  return renderTable(MODEL_COLUMNS, rows);
}

const KIND_WIDTHS = [11, 5, 4, 5, 5, 5, 6, 6, 5, 8];

function kindTable(summary: Summary): string[] {
  const rows = kindRows(summary);
  if (rows.length === 0) return [];
  const columns = KIND_TITLES.map((title, index): Column => ({
    title,
    width: KIND_WIDTHS[index] ?? 6,
    align: index === 0 ? 'left' : 'right',
  }));
  return renderTable(columns, rows);
}

const STREAM_COLUMNS: readonly Column[] = [
  { title: 'streams', width: 18, align: 'left' },
  { title: 'TTFT p50 ms', width: 11, align: 'right' },
  { title: 'p95', width: 6, align: 'right' },
  { title: 'p99', width: 6, align: 'right' },
  { title: 'TPOT p50 ms', width: 11, align: 'right' },
  { title: 'p95', width: 6, align: 'right' },
  { title: 'tok/s', width: 6, align: 'right' },
];

function streamTable({ models, stream }: Summary): string[] {
  const seen = Object.entries(models).filter(([, block]) => stream && block.ttftMs.count !== 0);
  if (seen.length === 0) return [];
  const row = ([name, block]: [string, Block]): string[] => [
    name,
    formatMs(block.ttftMs.p50),
    formatMs(block.ttftMs.p95),
    formatMs(block.ttftMs.p99),
    formatMs(block.tpotMs.p50),
    formatMs(block.tpotMs.p95),
    formatRate(block.tokensPerSec.p50),
  ];
  return renderTable(STREAM_COLUMNS, seen.map(row));
}

/** How conversations fared, turn by turn. */
function turnTable(summary: Summary): string[] {
  const sentence = sessionSentence(summary);
  const words = sentence === null ? [] : wrap(sentence, WIDTH - INDENT.length, INDENT);
  const rows = turnRows(summary);
  if (rows.length === 0) return words;
  const columns = turnTitles(summary).map((title): Column => ({ title, width: 8, align: 'right' }));
  return [...renderTable(columns, rows), ...words];
}

const REPORTED_COLUMNS: readonly Column[] = [
  { title: 'the server says', width: 18, align: 'left' },
  { title: 'p50 ms', width: 11, align: 'right' },
  { title: 'p95', width: 6, align: 'right' },
  { title: 'p99', width: 6, align: 'right' },
];

/** Beside ours, where answers hold it: how much of a TTFT was the relay's, the queue's, the prompt's. */
function reportedTable(summary: Summary): string[] {
  const sentence = serverSentence(summary);
  const page = sentence === null ? [] : wrap(sentence, WIDTH - INDENT.length, INDENT);
  const rows = reportedRows(summary);
  if (rows.length === 0) return page;
  const table = renderTable(
    REPORTED_COLUMNS,
    rows.map(({ name, p50, p95, p99 }) => [name, formatMs(p50), formatMs(p95), formatMs(p99)]),
  );
  return [...table, ...page];
}

/** Steps and metrics of the scenario's own. */
function ownTable(summary: Summary): string[] {
  const rows = ownRows(summary);
  if (rows.length === 0) return [];
  const [first, ...others] = OWN_TITLES;
  const columns: Column[] = [
    { title: first, width: 26, align: 'left' },
    ...others.map((title): Column => ({ title, width: 7, align: 'right' })),
  ];
  return renderTable(columns, rows);
}

function errorLines({ models, totals }: Summary): string[] {
  if (totals.failed === 0) return [];
  const listed = Object.entries(models).filter(([, block]) => block.failed > 0);
  const lines = listed.map(([name, block]) => `${name}: ${kinds(block.errors)}`);
  return ['errors by kind', ...lines.flatMap((line) => wrap(line, WIDTH - INDENT.length, INDENT))];
}

function kinds(errors: Totals['errors']): string {
  const counted = ERROR_KINDS.map((kind): [ErrorKind, number] => [kind, errors[kind] ?? 0]).filter(
    ([, n]) => n > 0,
  );
  return counted.map(([kind, n]) => `${kind} ${n}`).join(', ') || NOT_AVAILABLE;
}

function totalsLines(summary: Summary): string[] {
  const { totals, load, recovery, stream } = summary;
  const ofText = (pairs: [string, string][]): [string, string][] => (hasNoText(summary) ? [] : pairs);
  const pairs: [string, string][] = [
    ['answers/s', answersPerSec(totals)],
    ...ofText([['tokens/s out', formatRate(totals.outputTokensPerSec)]]),
    ...inputPairs(summary),
    ['goodput', formatPercent(totals.goodputRatio)],
    ['error rate', formatPercent(totals.errorRatio)],
    ['cost', formatUsd(totals.costUsd)],
    ['per 1,000 requests', formatUsd(totals.costUsdPer1kRequests)],
    ['per good request', formatUsd(totals.costUsdPerGoodRequest)],
    ...ofText([['per 1M tokens out', formatUsd(totals.costUsdPerMillionOutputTokens)]]),
    ['dropped iterations', formatCount(totals.droppedIterations)],
    ['cut short', formatCount(totals.cutShort)],
  ];
  if (totals.reportedCostUsd !== null) {
    const difference = totals.reportedCostUsd - (totals.costUsd ?? 0);
    const sign = difference < 0 ? '-' : '+';
    pairs.push([
      'cost as reported',
      `${formatUsd(totals.reportedCostUsd)} (${sign}${formatUsd(Math.abs(difference))})`,
    ]);
  }
  if (totals.rateLimited > 0) pairs.push(['rate limited (429)', formatCount(totals.rateLimited)]);
  if (totals.aborted > 0) pairs.push(['given up by users', formatCount(totals.aborted)]);
  if (totals.retries > 0) pairs.push(['retries', formatCount(totals.retries)]);
  if (load.vusAllocated !== null && load.vusNeeded !== null) {
    pairs.push(['VUs needed / had', `${load.vusNeeded} / ${load.vusAllocated}`]);
  }
  if (recovery !== null) {
    pairs.push(['latency back', recoveryText(recovery.latency, recovery.latencyMs)]);
    if (stream) pairs.push(['TTFT back', recoveryText(recovery.ttft, recovery.ttftMs)]);
  }
  return inTwoColumns(pairs);
}

/** What was answered well: a server that fails at once is no faster for it. */
function answersPerSec({ succeededPerSec, requestsPerSec, failed }: Totals): string {
  return failed === 0
    ? formatRate(succeededPerSec)
    : `${formatRate(succeededPerSec)} of ${formatRate(requestsPerSec)}`;
}

/** Two figures a line; one that is too wide for its column has a line of its own. */
function inTwoColumns(pairs: readonly [string, string][]): string[] {
  const lines: string[] = [];
  let left = '';
  for (const [name, value] of pairs) {
    const cell = `${name.padEnd(20)}${value}`;
    if (left !== '' && cell.length > WIDTH - INDENT.length - COLUMN_WIDTH) {
      lines.push(left);
      left = '';
    }
    if (left === '' && cell.length < COLUMN_WIDTH) {
      left = cell;
    } else if (left === '') {
      lines.push(cell);
    } else {
      lines.push(`${left.padEnd(COLUMN_WIDTH)}${cell}`);
      left = '';
    }
  }
  return left === '' ? lines : [...lines, left];
}

const COLUMN_WIDTH = 39;

function thresholdLines(summary: Summary, paint: Paint): string[] {
  const { slo } = summary;
  const thresholds = thresholdsBesideSteps(summary);
  const isJudged = interruptedText(summary) === null;
  const rows = thresholds.flatMap(({ metric, expression, ok }) => {
    const [good, bad] = isJudged ? ['pass', 'FAIL'] : ['met', 'not met'];
    const word = ok === null ? 'none' : ok ? good : bad;
    const why = ok === null ? ' (no sample, not judged)' : '';
    const lines = wrap(`${word} ${metric}: ${expression}${why}`, WIDTH - 5, '      ');
    return paintFirst(
      lines,
      word,
      (text) => `${paint(text, ok === null ? 'yellow' : ok ? 'green' : 'red')} `,
    );
  });
  const judged = slo.judged.length === 0 ? '' : `good means ${slo.judged.join(' ms, ')} ms`;
  if (rows.length === 0) return [];
  const title = isJudged ? 'thresholds' : 'thresholds, not judged: the run was interrupted';
  return [title, ...[...rows, ...wrap(judged, WIDTH - 4, INDENT)].map((row) => INDENT + row)];
}

function noteLines({ notes }: Summary): string[] {
  const lines = notes.flatMap((note) => wrap(note, WIDTH - 4, INDENT));
  return lines.length === 0 ? [] : ['notes', ...lines.map((line) => INDENT + line)];
}
