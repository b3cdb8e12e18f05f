import { CONFIDENCE } from '../../lib/numbers/quantiles.ts';
import { UsageError } from '../cli/define-command.ts';
import { writeForOwnerOnly } from '../results/folder/take-folder.ts';
import { writeWhole } from '../results/folder/write-whole.ts';
import { openInput } from '../results/read/open-input.ts';
import { InputError } from '../results/read/run-data.ts';
import { differences } from './differences.ts';
import { type Comparison, compareRuns, prepareRun, type PreparedRun, splitRun } from './compare-runs.ts';
import { type Judgement, judgeRule, parseRules, type Rule, RuleError } from './gate.ts';
import { type ComparedPair, comparisonPage } from './comparison-page.ts';
import { gateJunit } from './gate-junit.ts';
import { type Matrix, matrixMarkdown, matrixOf, matrixText } from './matrix.ts';
import type { Measure } from './measure.ts';
import { shownMeasures } from './shown-measures.ts';
import {
  againstText,
  comparisonJson,
  comparisonMarkdown,
  comparisonText,
  judgementsText,
  rulesMarkdown,
} from './render-comparison.ts';

export type CompareRequest = {
  inputs: readonly string[];
  rules: readonly string[];
  format: 'text' | 'json' | 'markdown';
  htmlFile: string | null;
  junitFile: string | null;
  /** Compare the parts of one run: `model`, `provider` or `kind`. */
  by: string | null;
  force: boolean;
  /** Exit 0 where no rule is broken, though some are undecided. */
  allowUndecided: boolean;
};

/** Compares, prints, and judges. @returns the exit code. */
export async function compareCommand(request: CompareRequest): Promise<number> {
  const rules = readRules(request.rules);
  const runs = await openRuns(request);
  const [first, ...others] = runs;
  if (first === undefined || others.length === 0) {
    throw new UsageError('expected two runs or more; write k6-llm compare results/before results/after');
  }
  if (!request.force && request.by === null) for (const other of others) refuseUnlike(first, other);
  const pairs = others.map((other) => comparePair(first, other, rules));
  const matrix = others.length === 1 ? null : matrixOf(runs, measuresOf(rules, runs));
  print({ pairs, matrix }, request.format);
  if (request.htmlFile !== null) await write(request.htmlFile, comparisonPage(runs, { pairs, matrix }));
  if (request.junitFile !== null) await write(request.junitFile, junitOf(first, pairs));
  return exitCode(pairs, request.allowUndecided);
}

/** 1 where a rule was broken, 3 where none was but one is undecided: that is not a pass unless asked for. */
function exitCode(pairs: readonly ComparedPair[], allowUndecided: boolean): number {
  const has = (state: Judgement['state']): boolean =>
    pairs.some(({ judgements }) => judgements.some((judgement) => judgement.state === state));
  if (has('broken')) return 1;
  return has('undecided') && !allowUndecided ? 3 : 0;
}

function readRules(texts: readonly string[]): Rule[] {
  if (texts.length === 0) return [];
  try {
    return parseRules(texts);
  } catch (error) {
    throw error instanceof RuleError ? new UsageError(error.message) : error;
  }
}

async function openRuns({ inputs, by }: CompareRequest): Promise<PreparedRun[]> {
  const prepared: PreparedRun[] = [];
  try {
    for (const input of inputs)
      for (const run of await openInput(input)) prepared.push(await prepareRun(run));
  } catch (error) {
    throw error instanceof InputError ? new UsageError(error.message) : error;
  }
  if (by === null) return withPlainLabels(prepared, inputs);
  const [only] = prepared;
  if (by !== 'model' && by !== 'provider' && by !== 'kind') {
    throw new UsageError(`--by: got "${by}"; expected model, provider or kind; write --by provider`);
  }
  if (only === undefined || prepared.length > 1) throw new UsageError('--by compares the parts of one run');
  return splitRun(only, by);
}

/** Runs are called by their folders; where these are alike, by what was typed. */
function withPlainLabels(runs: readonly PreparedRun[], inputs: readonly string[]): PreparedRun[] {
  const areUnique = new Set(runs.map(({ label }) => label)).size === runs.length;
  return runs.map((run, index) =>
    areUnique || inputs.length !== runs.length ? run : { ...run, label: inputs[index] ?? run.label },
  );
}

function refuseUnlike(first: PreparedRun, second: PreparedRun): void {
  const found = differences(first.run.summary, second.run.summary);
  if (found.length === 0) return;
  const lines = found.map(({ what, first: ours, second: theirs }) => `  ${what}: ${ours} against ${theirs}`);
  throw new UsageError(
    `${first.label} and ${second.label} asked different questions:\n${lines.join('\n')}\n--force compares them all the same`,
  );
}

/** Several rules share one error: a gate of ten rules should cry wolf no more often than one of one. */
function comparePair(first: PreparedRun, second: PreparedRun, rules: readonly Rule[]): ComparedPair {
  const ruleMeasures = rules.map(({ measure }) => measure);
  const comparison = compareRuns(first, second, { measures: measuresOf(rules, [first, second]) });
  const confidence = 1 - (1 - CONFIDENCE) / Math.max(1, rules.length);
  const strict =
    rules.length > 1
      ? compareRuns(first, second, { measures: unique(ruleMeasures), confidence })
      : comparison;
  return { comparison, judgements: rules.map((rule) => judgeRule(rule, rowOf(strict, rule))) };
}

/** What the rules ask, then what everybody asks. */
function measuresOf(rules: readonly Rule[], runs: readonly PreparedRun[]): Measure[] {
  return unique([...rules.map(({ measure }) => measure), ...shownMeasures(runs)]);
}

function rowOf({ rows }: Comparison, { measure }: Rule) {
  return rows.find((row) => row.measure.name === measure.name) ?? null;
}

function unique(measures: readonly Measure[]): Measure[] {
  return [...new Map(measures.map((measure) => [measure.name, measure])).values()];
}

type Printed = { pairs: readonly ComparedPair[]; matrix: Matrix | null };

function print({ pairs, matrix }: Printed, format: CompareRequest['format']): void {
  switch (format) {
    case 'json': {
      const shown = pairs.map(({ comparison, judgements }) => comparisonJson(comparison, judgements));
      return console.log(JSON.stringify(shown.length === 1 ? shown[0] : shown, null, 2));
    }
    case 'markdown':
      return console.log(markdownOf(pairs, matrix));
    case 'text':
      return console.log(textOf(pairs, matrix));
  }
}

/** Three runs or more are one matrix; their rules still hold each against the first. */
function textOf(pairs: readonly ComparedPair[], matrix: Matrix | null): string {
  const judged = pairs.flatMap(({ comparison, judgements }) => {
    if (judgements.length === 0) return [];
    const text = judgementsText(judgements);
    return matrix === null ? [text] : [`${againstText(comparison)}\n${text}`];
  });
  const tables =
    matrix === null ? pairs.map(({ comparison }) => comparisonText(comparison)) : [matrixText(matrix)];
  return [...tables, ...judged].join('\n\n');
}

function markdownOf(pairs: readonly ComparedPair[], matrix: Matrix | null): string {
  if (matrix === null)
    return pairs.map(({ comparison, judgements }) => comparisonMarkdown(comparison, judgements)).join('\n');
  const judged = pairs.flatMap(({ comparison, judgements }) =>
    judgements.length === 0 ? [] : [rulesMarkdown(comparison, judgements)],
  );
  return [...judged, matrixMarkdown(matrix)].join('\n');
}

function junitOf(first: PreparedRun, pairs: readonly ComparedPair[]): string {
  const results = pairs.map(
    ({ comparison, judgements }: ComparedPair): { against: string; judgements: readonly Judgement[] } => ({
      against: `${first.label} against ${comparison.second.label}`,
      judgements,
    }),
  );
  return gateJunit('k6-llm compare', results);
}

function write(file: string, text: string): Promise<void> {
  writeForOwnerOnly();
  return writeWhole([{ file, render: () => text }]);
}
