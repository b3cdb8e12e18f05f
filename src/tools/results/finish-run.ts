import { existsSync } from 'node:fs';
import path from 'node:path';
import { summaryJunit } from '../../lib/summary/render/render-junit.ts';
import { renderMarkdown } from '../../lib/summary/render/render-markdown.ts';
import { asInterrupted } from '../../lib/summary/interruption.ts';
import type { Summary } from '../../lib/summary/summary.ts';
import { addedTimeText } from '../calibration/calibration.ts';
import { findingsOf } from '../insight/findings-of.ts';
import { encodeFigures } from './figures/encode-figures.ts';
import { mergeRuns } from './merge/merge-runs.ts';
import { fileNotes } from './read/file-notes.ts';
import { openInput, type OpenOptions, samplesIn, skippedNotes } from './read/open-input.ts';
import { InputError, type RunData } from './read/run-data.ts';
import { sseStrain } from './sse-strain.ts';
import { statsCsv } from './stats-csv.ts';
import { NotWritten, type Writing, writeWhole } from './folder/write-whole.ts';
import { withTrendStats } from './merge/trend-stats.ts';
import { addedToRun, type ClientHealth, trustFrom, UNKNOWN_HEALTH } from './merge/trust-from.ts';

export type FinishOptions = OpenOptions & {
  /** Where k6 wrote summary.json and the samples file is (`SAMPLES_FILE`). */
  resultsDir: string;
  /** What the launcher saw of the load generator's own health. */
  health?: ClientHealth;
  /** k6's own; null where nobody saw it end. */
  exitCode?: number;
  /** Told which files could not be written; without it, that is thrown. The figures are as good without them. */
  onNotWritten?: (problem: NotWritten) => void;
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
  if (!existsSync(path.join(resultsDir, 'summary.json')) && samplesIn(resultsDir) === null) {
    throw new InputError(
      `${resultsDir}: k6 left neither summary.json nor samples, so there is nothing to report`,
    );
  }
  const [run] = await openInput(resultsDir, options);
  if (run === undefined) throw new InputError(`${resultsDir}: holds no run`);
  const judged = { ...run, summary: judgeEnd(complete(run, health), run, options.exitCode) };
  const finished = withHistograms(withFindings(judged, health));
  await writeOrTell(resultsDir, finished, options);
  return finished;
}

/** One k6 of several. */
export type ResultsPart = { resultsDir: string; exitCode?: number };

/**
 * The same for the parts of a divided run: one folder each, merged into `resultsDir`.
 *
 * @param options with a `note` on how they ended.
 * @throws InputError when no part left anything, or one is of another run.
 */
export async function finishMerged(
  options: FinishOptions & { parts: readonly ResultsPart[]; note: string },
): Promise<RunData> {
  const runs: RunData[] = [];
  const lost: string[] = [];
  for (const part of options.parts) {
    try {
      runs.push(await finishRun({ ...options, ...part }));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      lost.push(error.message);
    }
  }
  if (runs.length === 0) throw new InputError(lost.join('; '));
  const whole = mergeRuns(runs);
  const noted = {
    ...whole,
    summary: { ...whole.summary, notes: [...whole.summary.notes, ...lost, options.note] },
  };
  const merged = withHistograms(withFindings(noted, options.health ?? UNKNOWN_HEALTH));
  await writeOrTell(options.resultsDir, merged, options);
  return merged;
}

/** What a run answers in words; what an earlier look has told stays where its requests are not at hand. */
export function withFindings(run: RunData, { memoryBytes = [] }: ClientHealth): RunData {
  const { requests, summary } = run;
  if (requests === null) return run;
  const findings = findingsOf(requests, {
    summary,
    memoryBytes: memoryBytes.length === 0 ? null : memoryBytes,
  });
  return { ...run, summary: { ...summary, findings } };
}

async function writeOrTell(folder: string, run: RunData, { onNotWritten }: FinishOptions): Promise<void> {
  try {
    await writeResults(folder, run);
  } catch (error) {
    if (!(error instanceof NotWritten) || onNotWritten === undefined) throw error;
    onNotWritten(error);
  }
}

/** k6's code for Ctrl-C and SIGTERM; above 128, a signal killed it. */
const EXIT_INTERRUPTED = 105;

/** k6 itself knows best whether somebody ended it; its script sees only that the run did less than planned. */
function judgeEnd(summary: Summary, { stages }: RunData, exitCode: number | undefined): Summary {
  if (exitCode === undefined || (exitCode !== EXIT_INTERRUPTED && exitCode <= 128)) return summary;
  const ends = stages.flatMap(({ points }) => points.map(([atMs]) => atMs));
  return asInterrupted(summary, {
    afterMs: summary.durationMs,
    plannedMs: summary.interrupted?.plannedMs ?? (ends.length === 0 ? null : Math.max(...ends)),
  });
}

function complete(run: RunData, health: ClientHealth): Summary {
  const { figures, skipped, unknownFinishes } = run;
  const summary = withTrendStats(run);
  if (figures === null) return summary;
  const notes = new Set(summary.notes);
  // What scripts print is in the same file, and is nobody's loss.
  for (const note of skipped === null ? [] : skippedNotes({ ...skipped, foreign: 0 })) notes.add(note);
  const missing = Math.max(0, summary.totals.requestsFinished - figures.total('ai_requests_finished'));
  for (const note of fileNotes({ finishes: unknownFinishes ?? new Map(), missing })) notes.add(note);
  const added = addedToRun(summary, figures, health);
  if (added !== null) notes.add(addedTimeText(added));
  const strain = sseStrain(summary, health.cores ?? null);
  if (strain !== null) notes.add(strain);
  return { ...summary, trust: trustFrom(summary, figures, health), notes: [...notes] };
}

/** A run as it is to be written: what its figures hold stands in its summary. */
export function withHistograms(run: RunData): RunData {
  if (run.figures === null) return run;
  return { ...run, summary: { ...run.summary, histograms: encodeFigures(run.figures) } };
}

/**
 * Writes every file of a results folder but k6's own outputs. For a run `withHistograms`.
 *
 * @throws NotWritten when one of them could not be; the others are there.
 */
export async function writeResults(folder: string, run: RunData): Promise<void> {
  const { summary } = run;
  const file = (name: string, render: Writing['render']): Writing => ({
    file: path.join(folder, name),
    render,
  });
  await writeWhole([
    file('summary.json', () => `${JSON.stringify(summary, null, 2)}\n`),
    file('summary.md', () => renderMarkdown(summary)),
    file('junit.xml', () => summaryJunit(summary)),
    file('stats.csv', () => statsCsv(run)),
    reportWriting(path.join(folder, 'report.html'), [run]),
  ]);
}

/**
 * Writes one report over one run or several, a section each.
 *
 * @throws NotWritten when it could not be.
 */
export function writeReport(file: string, runs: readonly RunData[]): Promise<void> {
  return writeWhole([reportWriting(file, runs)]);
}

/** The plotting library is loaded only here. */
function reportWriting(file: string, runs: readonly RunData[]): Writing {
  return { file, render: async () => (await import('../report/html/page.ts')).renderPage(runs) };
}
