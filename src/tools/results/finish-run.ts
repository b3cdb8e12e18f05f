import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { junitCases, renderJunit } from '../../lib/summary/render/render-junit.ts';
import { renderMarkdown } from '../../lib/summary/render/render-markdown.ts';
import type { Summary } from '../../lib/summary/summary.ts';
import { encodeFigures } from './encode-figures.ts';
import { mergeRuns } from './merge-runs.ts';
import { openInput, type OpenOptions, samplesIn, skippedNotes } from './open-input.ts';
import { InputError, type RunData } from './run-data.ts';
import { statsCsv } from './stats-csv.ts';
import { type ClientHealth, trustFrom, UNKNOWN_HEALTH } from './trust-from.ts';

export type FinishOptions = OpenOptions & {
  /** Where k6 wrote summary.json and the samples file is (`SAMPLES_FILE`). */
  resultsDir: string;
  /** What the launcher saw of the load generator's own health. */
  health?: ClientHealth;
};

/**
 * Completes a run's results from its samples: histograms, intervals and trust in summary.json, and
 * summary.md, junit.xml, stats.csv and report.html beside it. Without samples it still writes what a
 * summary.json alone can tell.
 *
 * @returns the completed run; its summary is what was written.
 * @throws InputError when the folder holds neither.
 */
export async function finishRun(options: FinishOptions): Promise<RunData> {
  const { resultsDir, health = UNKNOWN_HEALTH } = options;
  const hadSummary = existsSync(path.join(resultsDir, 'summary.json'));
  if (!hadSummary && samplesIn(resultsDir) === null) {
    throw new InputError(
      `${resultsDir}: k6 left neither summary.json nor samples, so there is nothing to report`,
    );
  }
  const [run] = await openInput(resultsDir, options);
  if (run === undefined) throw new InputError(`${resultsDir}: holds no run`);
  const finished = { ...run, summary: complete(run, { health, hadSummary }) };
  await writeResults(resultsDir, finished);
  return finished;
}

/**
 * The same for the parts of a divided run: one folder each, merged into `resultsDir`.
 *
 * @throws InputError when a part cannot be merged.
 */
export async function finishMerged(options: FinishOptions & { parts: readonly string[] }): Promise<RunData> {
  const runs: RunData[] = [];
  for (const part of options.parts) runs.push(await finishRun({ ...options, resultsDir: part }));
  const merged = mergeRuns(runs);
  await writeResults(options.resultsDir, merged);
  return merged;
}

function complete(
  { summary, figures, skipped }: RunData,
  { health, hadSummary }: { health: ClientHealth; hadSummary: boolean },
): Summary {
  if (figures === null) return summary;
  const notes = new Set(summary.notes);
  if (!hadSummary) notes.add('k6 wrote no summary; this one is made from the samples');
  // What scripts print is in the same file, and is nobody's loss.
  for (const note of skipped === null ? [] : skippedNotes({ ...skipped, foreign: 0 })) notes.add(note);
  const missing = summary.totals.requestsFinished - figures.total('ai_requests_finished');
  if (missing > 0) notes.add(`${missing} finished requests left no sample line; the plots lack them`);
  return {
    ...summary,
    trust: trustFrom(summary, figures, health),
    notes: [...notes],
    histograms: encodeFigures(figures),
  };
}

/** Writes every file of a results folder but k6's own outputs. */
export async function writeResults(folder: string, run: RunData): Promise<void> {
  const { summary } = run;
  await mkdir(folder, { recursive: true });
  const write = (name: string, text: string): Promise<void> => writeFile(path.join(folder, name), text);
  await write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  await write('summary.md', renderMarkdown(summary));
  await write('junit.xml', junitOf(summary));
  await write('stats.csv', statsCsv(run));
  await writeReport(path.join(folder, 'report.html'), [run]);
}

/** Writes one report over one run or several, a section each. The plotting library is loaded only here. */
export async function writeReport(file: string, runs: readonly RunData[]): Promise<void> {
  const { renderPage } = await import('../report/html/page.ts');
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await writeFile(file, renderPage(runs));
}

/** A run's JUnit report: a case for each threshold, and one that it measured anything. */
export function junitOf(summary: Summary): string {
  return renderJunit({
    name: summary.scenario,
    seconds: summary.durationMs === null ? null : summary.durationMs / 1000,
    timestamp: summary.startedAt,
    cases: junitCases(summary),
  });
}
