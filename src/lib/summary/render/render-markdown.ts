import { formatCount, formatMs, formatPercent, formatSpan, formatUsd } from '../../text/format.ts';
import { interruptedText } from '../interruption.ts';
import { serverSentence } from '../server-sentence.ts';
import { trustLines } from '../trust/trust-lines.ts';
import { OWN_TITLES, ownRows } from '../own-rows.ts';
import { reportedRows } from '../reported-rows.ts';
import { KIND_TITLES, kindRows } from './kind-rows.ts';
import { foundBySteps, stepRows, stepTitles, thresholdsBesideSteps } from './step-rows.ts';
import { sessionSentence, turnRows, turnTitles } from './turn-rows.ts';
import type { Block, Summary } from '../summary.ts';

/** The summary as GitHub-flavoured markdown, for a job summary or a pull request. */
export function renderMarkdown(summary: Summary): string {
  const { scenario, slo, trust, target, provider, durationMs, seed, totals, notes } = summary;
  const interrupted = interruptedText(summary);
  const found = foundBySteps(summary);
  const judged = { pass: '✅ pass', fail: '❌ fail', 'not-judged': '⚪ not judged' }[slo.state];
  const sections = [
    found === null
      ? `## ${escapeMarkdown(scenario)}: ${interrupted === null ? judged : `⚪ ${interrupted}, not judged`}`
      : `## ${escapeMarkdown(scenario)}: ${escapeMarkdown(found.sentence)}\n\n${judged}`,
    summary.stopped ? `**Stopped**: ${escapeMarkdown(summary.stopped)}` : null,
    `${inlineCode(target)} (${escapeMarkdown(provider)}), ${formatSpan(durationMs)} of load, seed ${seed ?? 'n/a'}`,
    ...trustLines(trust).map(({ word, text }) => `**${word}**: ${escapeMarkdown(text)}`),
    stepTable(summary),
    ...findingSections(summary),
    modelTable(summary),
    kindTable(summary),
    turnTable(summary),
    sessionSentence(summary),
    reportedTable(summary),
    ownTable(summary),
    serverSentence(summary),
    `${formatCount(totals.requestsFinished)} requests, ${formatPercent(totals.errorRatio)} failed, goodput ` +
      `${formatPercent(totals.goodputRatio)}, ${formatUsd(totals.costUsd)} ` +
      `(${formatUsd(totals.costUsdPer1kRequests)} per 1,000 requests), ` +
      `${formatCount(totals.droppedIterations)} dropped, ${formatCount(totals.cutShort)} cut short` +
      (totals.aborted > 0 ? `, ${formatCount(totals.aborted)} given up by their users` : ''),
    thresholdTable(summary),
    notes.length === 0 ? null : notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n'),
  ];
  return `${sections.filter((section) => section !== null).join('\n\n')}\n`;
}

function findingSections({ findings }: Summary): string[] {
  // An older summary.json has none.
  return (findings ?? []).flatMap(({ question, sentence, rows }) => [
    `**${escapeMarkdown(question)}** ${escapeMarkdown(sentence)}`,
    ...(rows.length === 0
      ? []
      : [
          table(
            ['', 'figure', 'how sure'],
            rows.map(({ name, value, note }) => [name, value, note].map(escapeMarkdown)),
          ),
        ]),
  ]);
}

function modelTable({ models, stream }: Summary): string {
  const header = ['model', 'ok', 'failed', 'p50 ms', 'p95 ms', 'p99 ms', 'tokens in', 'tokens out', 'USD'];
  const streamed = stream ? ['TTFT p95 ms', 'TPOT p50 ms'] : [];
  const row = ([name, block]: [string, Block]): string[] => [
    inlineCode(name),
    formatCount(block.succeeded),
    formatCount(block.failed),
    formatMs(block.latencyMs.p50),
    formatMs(block.latencyMs.p95),
    formatMs(block.latencyMs.p99),
    formatCount(block.inputTokens),
    formatCount(block.outputTokens),
    formatUsd(block.costUsd),
    ...(stream ? [formatMs(block.ttftMs.p95), formatMs(block.tpotMs.p50)] : []),
  ];
  return table([...header, ...streamed], Object.entries(models).map(row));
}

function kindTable(summary: Summary): string | null {
  const rows = kindRows(summary);
  return rows.length === 0 ? null : table(KIND_TITLES, rows);
}

function reportedTable(summary: Summary): string | null {
  const rows = reportedRows(summary);
  if (rows.length === 0) return null;
  return table(
    ['the server says', 'p50 ms', 'p95 ms', 'p99 ms'],
    rows.map(({ name, p50, p95, p99 }) => [name, formatMs(p50), formatMs(p95), formatMs(p99)]),
  );
}

function ownTable(summary: Summary): string | null {
  const rows = ownRows(summary).map(([name = '', ...figures]) => [inlineCode(name), ...figures]);
  return rows.length === 0 ? null : table(OWN_TITLES, rows);
}

function turnTable(summary: Summary): string | null {
  const rows = turnRows(summary);
  return rows.length === 0 ? null : table(turnTitles(summary), rows);
}

function stepTable(summary: Summary): string | null {
  const rows = stepRows(summary);
  return rows.length === 0 ? null : table(stepTitles(summary), rows);
}

function thresholdTable(summary: Summary): string | null {
  const thresholds = thresholdsBesideSteps(summary);
  if (thresholds.length === 0) return null;
  const rows = thresholds.map(({ metric, expression, ok }) => [
    summary.interrupted || ok === null ? '⚪' : ok ? '✅' : '❌',
    inlineCode(metric),
    inlineCode(expression),
  ]);
  return table(['', 'metric', 'threshold'], rows);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = header.map((title, index) => (index === 0 || title === 'metric' ? '---' : '---:'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}

/** A code span that its text cannot end, in a table cell too: HTML in it is shown, not read. */
export function inlineCode(text: string): string {
  return `\`${text
    .replace(/[\r\n]+/g, ' ')
    .replace(/`/g, "'")
    .replace(/\|/g, '\\|')}\``;
}

/** Text that markdown and HTML leave as it is, in a table cell too. An `@name` in it notifies nobody. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]|]/g, (character) => `\\${character}`)
    .replace(/@(?=[\w-])/g, '@<!-- -->');
}
