import { escapeMarkdown, inlineCode } from '../../lib/summary/render/render-markdown.ts';
import { type Column, renderTable, wrap } from '../../lib/text/table.ts';
import type { Compared, Comparison } from './compare-runs.ts';
import { changeText, confidenceLabel, doubtText, type Judgement, rangeText, show } from './gate.ts';

/** What a comparison says of one measure, as text for any table. */
export type RowText = {
  name: string;
  first: string;
  second: string;
  change: string;
  range: string;
  verdict: string;
};

const VERDICT_WORDS: Readonly<Record<Compared['verdict'], string>> = {
  better: 'better',
  worse: 'worse',
  same: 'within noise',
  unknown: 'cannot tell',
};

export function rowText(row: Compared): RowText {
  const { measure, first, second, interval, verdict, hasEnough } = row;
  return {
    name: measure.name,
    first: show(measure.unit, first),
    second: show(measure.unit, second),
    change: changeText(row),
    range: interval === null ? 'n/a' : rangeText(measure.unit, interval),
    verdict: `${VERDICT_WORDS[verdict]}${hasEnough ? '' : ' (few samples)'}`,
  };
}

/** What the intervals rest on, in one sentence. */
export function basisText({ basis, rows }: Comparison): string {
  const source = basis.isRaw ? 'single samples' : 'histograms';
  const label = confidenceLabel(rows[0]?.confidence ?? 0.95);
  const alike = rows.find(({ doubt }) => doubt?.kind === 'alike')?.doubt;
  const lacks = alike === undefined || alike === null ? '' : `. No interval: ${doubtText(alike)}`;
  return `${label} from ${source}, with how alike neighbours are counted in (${basis.blocks} blocks of time)${lacks}`;
}

const COLUMNS: readonly Column[] = [
  { title: 'measure', width: 29, align: 'left' },
  { title: 'first', width: 14, align: 'right' },
  { title: 'second', width: 14, align: 'right' },
  { title: 'change', width: 8, align: 'right' },
  { title: 'interval', width: 20, align: 'right' },
  { title: 'verdict', width: 26, align: 'left' },
];

/** A comparison for a terminal. */
export function comparisonText(comparison: Comparison): string {
  const rows = comparison.rows.map((row) => {
    const { name, first, second, change, range, verdict } = rowText(row);
    return [name, first, second, change, range, verdict];
  });
  return [
    `first   ${onOneLine(comparison.first.label)}`,
    `second  ${onOneLine(comparison.second.label)}`,
    '',
    ...renderTable(COLUMNS, rows),
    '',
    basisText(comparison),
  ].join('\n');
}

/** Which two runs the rules below are about. */
export function againstText({ first, second }: Comparison): string {
  return `${onOneLine(first.label)} against ${onOneLine(second.label)}`;
}

/** A name that came from a file must not move a terminal's cursor. */
function onOneLine(label: string): string {
  return label.replace(/\p{Cc}+/gu, ' ');
}

const SIGNS: Readonly<Record<Judgement['state'], string>> = {
  held: 'ok    ',
  broken: 'WORSE ',
  undecided: 'UNSURE',
};

/** Judgements for a terminal: one a rule. */
export function judgementsText(judgements: readonly Judgement[]): string {
  return judgements
    .flatMap(({ rule, state, sentence }) => [
      `${SIGNS[state]} ${rule.text}`,
      ...wrap(sentence, 92, '').map((line) => `       ${line}`),
    ])
    .join('\n');
}

const MARKS: Readonly<Record<Judgement['state'], string>> = { held: '✅', broken: '❌', undecided: '⚠️' };

/**
 * A comparison as GitHub-flavoured markdown: a comment on a pull request. Runs and models are code there, since
 * GitHub would tell a user about a model called `@cf/meta/llama-3.1-8b`.
 */
export function comparisonMarkdown(comparison: Comparison, judgements: readonly Judgement[]): string {
  const [first, second] = [inlineCode(comparison.first.label), inlineCode(comparison.second.label)];
  const title = judgements.length === 0 ? `## ${first} against ${second}` : `## ${verdictOf(judgements)}`;
  const rows = comparison.rows.map((row) => {
    const { name, change, range, verdict, ...values } = rowText(row);
    const shown = row.verdict === 'worse' ? `**${verdict}**` : verdict;
    return `| ${inlineCode(name)} | ${[values.first, values.second, change, range, shown].join(' | ')} |`;
  });
  return [
    title,
    '',
    ...(judgements.length === 0 ? [] : [...ruleLines(judgements), '']),
    `| measure | ${first} | ${second} | change | interval | verdict |`,
    '| --- | ---: | ---: | ---: | ---: | --- |',
    ...rows,
    '',
    `<sub>${basisText(comparison)}</sub>`,
    '',
  ].join('\n');
}

/** The rules of one pair among several runs, whose figures stand in one matrix. */
export function rulesMarkdown({ first, second }: Comparison, judgements: readonly Judgement[]): string {
  const names = `${inlineCode(first.label)} against ${inlineCode(second.label)}`;
  return [`## ${verdictOf(judgements)}: ${names}`, '', ...ruleLines(judgements), ''].join('\n');
}

function ruleLines(judgements: readonly Judgement[]): string[] {
  return judgements.map(
    ({ rule, state, sentence }) => `- ${MARKS[state]} ${inlineCode(rule.text)}: ${escapeMarkdown(sentence)}`,
  );
}

/** Green only where the exit code is 0. */
function verdictOf(judgements: readonly Judgement[]): string {
  const count = (state: Judgement['state']): number =>
    judgements.filter((judgement) => judgement.state === state).length;
  const [broken, undecided, all] = [count('broken'), count('undecided'), judgements.length];
  if (broken > 0) return `❌ ${broken} of ${all} rules broken`;
  if (undecided > 0) return `⚠️ ${undecided} of ${all} rules undecided`;
  return `✅ ${all} ${all === 1 ? 'rule' : 'rules'} held`;
}

/** A comparison for programs. */
export function comparisonJson(comparison: Comparison, judgements: readonly Judgement[]): object {
  return {
    first: comparison.first.label,
    second: comparison.second.label,
    basis: comparison.basis,
    measures: comparison.rows.map(({ measure, ...row }) => ({
      name: measure.name,
      unit: measure.unit,
      better: measure.better,
      ...row,
    })),
    rules: judgements.map(({ rule, state, sentence }) => ({ rule: rule.text, state, sentence })),
  };
}
