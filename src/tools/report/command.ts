import path from 'node:path';
import { renderText } from '../../lib/summary/render/render-text.ts';
import { withFindings, withHistograms, writeReport, writeResults } from '../results/finish-run.ts';
import { apartInTime, mergeRuns, strangeness } from '../results/merge/merge-runs.ts';
import { openInput, skippedNotes } from '../results/read/open-input.ts';
import { progressBar } from '../results/read/progress-bar.ts';
import { writeForOwnerOnly } from '../results/folder/take-folder.ts';
import { InputError, type RunData } from '../results/read/run-data.ts';
import { UNKNOWN_HEALTH } from '../results/merge/trust-from.ts';
import { hasColours } from '../cli/has-colours.ts';
import { openInBrowser } from '../cli/open-in-browser.ts';
import { defineCommand, UsageError } from '../cli/define-command.ts';

/** `k6-llm report`: a report from results, samples, or k6's own JSON output. */
export const command = defineCommand({
  name: 'report',
  summary: 'Make report.html from results, samples, or k6 JSON output',
  usage: '<folder or file>... [flags]',
  flags: {
    out: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'the report (default: report.html beside the first input)',
    },
    sections: {
      type: 'boolean',
      help: 'a section for each input, instead of merging the machines of one run',
    },
    results: {
      type: 'string',
      value: 'DIR',
      help: 'also write summary.json, summary.md, junit.xml and stats.csv here',
    },
    open: { type: 'boolean', help: 'open the report in the browser' },
    judge: {
      type: 'boolean',
      help: 'exit with 99 when a threshold of the run is not met, or nothing was judged',
    },
    quiet: { type: 'boolean', short: 'q', help: 'print nothing but errors' },
  },
  details: `
An input is a folder that k6-llm run wrote, a folder of such folders, a summary.json, a samples file, or
what k6 run --out json=FILE wrote; the last two may be gzipped. Several inputs are the machines of one
distributed run: counters are added up and percentiles come from merged histograms, never from averages. Runs of
different scenarios, targets or times get a section each.

  k6-llm report results/2026-11-25-stress
  k6-llm report node-1/out.json.gz node-2/out.json.gz -o report.html

Exit codes: 0 written, 99 with --judge when the run did not pass, 2 wrong usage or inputs that cannot be used.`,
  run: async ({ values, operands }) => {
    if (operands.length === 0) throw new UsageError('name at least one folder or file');
    const runs = await openAll(operands);
    const isWanted = values.sections === true || isFolderOfRuns(operands, runs);
    const why = isWanted ? null : whyApart(runs);
    if (why !== null) console.error(`${why}; so each has a section of its own`);
    const shown = (isWanted || why !== null ? runs : [mergeInputs(runs)]).map(answered);
    const file = values.out ?? defaultFile(operands[0] ?? '.');
    writeForOwnerOnly();
    await writeReport(file, shown);
    if (values.results !== undefined) await writeAll(values.results, shown);
    if (values.quiet !== true) print(shown, file);
    if (values.open === true) await openInBrowser(file);
    return values.judge === true && !shown.every(({ summary }) => summary.slo.state === 'pass')
      ? EXIT_THRESHOLDS
      : 0;
  },
});

/** k6's own, for a run whose thresholds were not met. */
const EXIT_THRESHOLDS = 99;

async function openAll(operands: readonly string[]): Promise<RunData[]> {
  const onProgress = progressBar();
  const runs: RunData[] = [];
  try {
    for (const operand of operands) runs.push(...(await openInput(operand, { onProgress })));
  } catch (error) {
    throw asUsage(error);
  }
  return runs;
}

/** One folder that holds several runs, as `results/demo` does, is a report of sections. */
function isFolderOfRuns(operands: readonly string[], runs: readonly RunData[]): boolean {
  return operands.length === 1 && runs.length > 1;
}

/** Why inputs are runs of their own; null when they may be the machines of one. */
function whyApart([first, ...others]: readonly RunData[]): string | null {
  if (first === undefined) return null;
  const reasons = others.map((run) => strangeness(first, run) ?? apartInTime(first, run));
  return reasons.find((reason) => reason !== null) ?? null;
}

/** What the run itself told stays: it had seen more, such as the client's memory. */
function answered(run: RunData): RunData {
  // An older summary.json has no such field.
  return (run.summary.findings ?? []).length > 0 ? run : withFindings(run, UNKNOWN_HEALTH);
}

function mergeInputs(runs: readonly RunData[]): RunData {
  try {
    return mergeRuns(runs);
  } catch (error) {
    throw asUsage(error);
  }
}

function asUsage(error: unknown): unknown {
  return error instanceof InputError ? new UsageError(error.message) : error;
}

async function writeAll(folder: string, runs: readonly RunData[]): Promise<void> {
  const [only] = runs;
  if (only === undefined || runs.length > 1) {
    throw new UsageError('--results takes one run, or parts of one; leave out --sections');
  }
  await writeResults(folder, withHistograms(only));
}

function defaultFile(input: string): string {
  const isFile = path.extname(input) !== '';
  return path.join(isFile ? path.dirname(input) : input, 'report.html');
}

function print(runs: readonly RunData[], file: string): void {
  for (const { summary, label, skipped } of runs) {
    console.log(renderText(summary, { enableColors: hasColours(process.stdout) }));
    for (const note of skipped === null ? [] : skippedNotes(skipped)) console.error(`${label}: ${note}`);
  }
  console.log(`report: ${file}`);
}
