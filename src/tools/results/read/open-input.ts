import { createReadStream, existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import type { Untold } from '../../../lib/summary/totals.ts';
import { judgeBySamples, withUnjudged } from '../merge/merge-thresholds.ts';
import { submetric } from '../../../lib/metrics/submetrics.ts';
import { readRunRecord } from '../../../lib/summary/run-record.ts';
import type { Summary } from '../../../lib/summary/summary.ts';
import { fileNotes } from './file-notes.ts';
import { decodeFigures } from '../figures/encode-figures.ts';
import { summaryFromFigures } from '../merge/summary-from-figures.ts';
import type { Progress } from './read-lines.ts';
import { readK6Json } from './read-k6-json.ts';
import { readSamples, type SamplesRead, type Skipped } from './read-samples.ts';
import { type TimedRequest, TimedRequests } from '../../insight/timed-request.ts';
import { InputError, type RunData } from './run-data.ts';
import { CutOff, readSummary } from './read-summary.ts';
import { plainName } from '../../../lib/text/plain-text.ts';

/** What the launcher calls the samples of a run, in its results folder. */
export const SAMPLES_FILE = 'samples.jsonl';

export type OpenOptions = {
  /** Told how far a large file is read. */
  onProgress?: (file: string) => Progress;
};

/**
 * Opens what a user names: a results folder, a folder of results folders, a summary.json, a samples file, or
 * k6's JSON output (both also as `.gz`).
 *
 * @throws InputError when it is none of them.
 */
export async function openInput(input: string, options: OpenOptions = {}): Promise<RunData[]> {
  if (!existsSync(input)) throw new InputError(`${input}: there is no such file or folder`);
  const stats = await stat(input);
  // A device has no end, and a pipe can be read once only.
  if (!stats.isDirectory() && !stats.isFile())
    throw new InputError(`${input}: is neither a file nor a folder; write what it gives into a file first`);
  if (!stats.isDirectory()) return [await openFile(input, options)];
  if (isRunFolder(input)) return [await openFolder(input, options)];
  const entries = await readdir(input, { withFileTypes: true });
  const folders = entries
    .filter((entry) => entry.isDirectory() && isRunFolder(path.join(input, entry.name)))
    .map(({ name }) => path.join(input, name))
    .toSorted();
  if (folders.length === 0) {
    throw new InputError(
      `${input}: holds no summary.json and no ${SAMPLES_FILE}; name a folder that k6-llm run wrote, or a file of k6 run --out json=FILE`,
    );
  }
  const runs: RunData[] = [];
  for (const folder of folders) runs.push(await openFolder(folder, options));
  return runs;
}

function isRunFolder(folder: string): boolean {
  return existsSync(path.join(folder, 'summary.json')) || samplesIn(folder) !== null;
}

/** The samples file of a results folder; null without one. */
export function samplesIn(folder: string): string | null {
  const names = [SAMPLES_FILE, `${SAMPLES_FILE}.gz`].map((name) => path.join(folder, name));
  return names.find((name) => existsSync(name)) ?? null;
}

async function openFolder(folder: string, options: OpenOptions): Promise<RunData> {
  const label = plainName(path.basename(path.resolve(folder)));
  const samplesPath = samplesIn(folder);
  const summaryPath = path.join(folder, 'summary.json');
  const summary = await readWholeSummary(summaryPath, samplesPath !== null);
  if (typeof summary === 'string') {
    if (samplesPath === null) throw new InputError(`${folder}: holds no results`);
    const run = await openSamples(samplesPath, options);
    return { ...run, label, summary: { ...run.summary, notes: [...run.summary.notes, summary] } };
  }
  const samples = samplesPath === null ? null : await readSamplesOf(samplesPath, options);
  const facts = readRunRecord(samples?.header?.facts);
  return {
    label,
    // What setup said as it refused a run reaches k6's own summary only where a request would soon have begun.
    summary: { ...summary, stopped: facts?.setup.stopped ?? summary.stopped },
    figures: samples?.figures ?? (summary.histograms === null ? null : decodeFigures(summary.histograms)),
    stages: samples?.header?.stages ?? [],
    samplesPath,
    requests: samples?.requestsKept ?? null,
    skipped: samples?.skipped ?? null,
    ...(samples === null ? {} : { unknownFinishes: samples.unknownFinishes }),
    segment: samples?.header?.segment ?? null,
    facts,
  };
}

/** In words, why there is none: where samples are at hand, a summary that is cut off is as good as missing. */
async function readWholeSummary(file: string, hasSamples: boolean): Promise<Summary | string> {
  if (!existsSync(file)) return 'k6 wrote no summary; this one is made from the samples';
  try {
    return await readSummary(file);
  } catch (error) {
    if (!(error instanceof CutOff) || !hasSamples) throw error;
    return 'the summary of k6 was cut off, as on a full disk; this one is made from the samples';
  }
}

async function openFile(file: string, options: OpenOptions): Promise<RunData> {
  const start = await firstText(file);
  const label = plainName(path.basename(file));
  if (start.startsWith('{"metric"') || start.startsWith('{"type":"Metric"')) return openK6Json(file, options);
  if (/^\["llm-[shg]\d"/m.test(start)) return openSamples(file, options);
  if (start.trimStart().startsWith('{')) {
    const summary = await readSummary(file);
    const figures = summary.histograms === null ? null : decodeFigures(summary.histograms);
    return {
      label,
      summary,
      figures,
      stages: [],
      samplesPath: null,
      requests: null,
      skipped: null,
      segment: null,
      facts: null,
    };
  }
  throw new InputError(
    start === ''
      ? `${file}: is empty; the run wrote nothing, so there is nothing to report`
      : `${file}: is no summary.json, no samples file and no JSON output of k6`,
  );
}

async function openSamples(file: string, options: OpenOptions): Promise<RunData> {
  const samples = await readSamplesOf(file, options);
  const { header, figures } = samples;
  const facts = readRunRecord(header?.facts);
  const scenario = header?.scenario ?? (figures.partNames('scenario').join(', ') || 'run');
  const startedAt =
    header === null ? null : new Date(header.zeroWallClockMs + header.loadStartsAtMs).toISOString();
  const thresholds = judgeBySamples(header?.thresholds ?? [], figures);
  const summary = summaryFromFigures(figures, {
    scenario,
    startedAt,
    durationMs: samples.endsAtMs ?? 0,
    seed: header?.seed ?? null,
    thresholds,
    declared: thresholds.map(({ metric }) => metric),
    facts,
    untold: facts === null ? [...UNTOLD_BY_SAMPLES, 'preflight'] : UNTOLD_BY_SAMPLES,
    notes: [
      'made from samples alone: dropped iterations, requests cut short and checks are unknown, and so is what is judged by them',
      ...skippedNotes(samples.skipped),
      ...fileNotes({ finishes: samples.unknownFinishes }),
    ],
  });
  const settings = header === null || facts !== null ? summary.settings : { LLM_MIX: header.mix };
  return {
    label: plainName(path.basename(file)),
    summary: withUnjudged({ ...summary, settings }, thresholds),
    figures,
    stages: header?.stages ?? [],
    samplesPath: file,
    requests: samples.requestsKept,
    skipped: samples.skipped,
    segment: header?.segment ?? null,
    facts,
  };
}

const UNTOLD_BY_SAMPLES: readonly Untold[] = ['droppedIterations', 'cutShort', 'samplesRejected'];

async function openK6Json(file: string, options: OpenOptions): Promise<RunData> {
  const read = await readK6Json(file, options.onProgress?.(file));
  const { figures } = read;
  const summary = summaryFromFigures(figures, {
    scenario: figures.partNames('scenario').join(', ') || 'run',
    startedAt: read.startedAt,
    durationMs: read.endsAtMs ?? 0,
    seed: null,
    thresholds: [],
    facts: null,
    declared: [submetric('ai_requests_succeeded', { phase: 'main' })],
    untold: ['preflight'],
    notes: ["made from k6's JSON output: thresholds and settings are unknown", ...skippedNotes(read.skipped)],
  });
  return {
    label: plainName(path.basename(file)),
    summary,
    figures,
    stages: [],
    samplesPath: null,
    requests: null,
    skipped: read.skipped,
    segment: null,
    facts: null,
  };
}

type ReadSamples = SamplesRead & { requestsKept: readonly TimedRequest[] | null };

async function readSamplesOf(file: string, options: OpenOptions): Promise<ReadSamples> {
  const onProgress = options.onProgress?.(file);
  const requests = new TimedRequests();
  const read = await readSamples(file, {
    ...(onProgress === undefined ? {} : { onProgress }),
    onRecord: (record, at) => {
      requests.add(record, at);
      return record;
    },
  });
  return { ...read, requestsKept: requests.kept };
}

/** What was skipped, as lines for people. */
export function skippedNotes({ truncated, ...lines }: Skipped): string[] {
  return fileNotes({ ...lines, truncated: truncated ? 1 : 0 });
}

const HEAD_BYTES = 65_536;

/** The beginning of a file as text, unzipped where it is zipped. */
async function firstText(file: string): Promise<string> {
  const raw = createReadStream(file, { end: HEAD_BYTES });
  const bytes = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of bytes) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  } catch {
    // The head of a gzip stream ends before its end: what was unzipped is enough.
  }
  return Buffer.concat(chunks).toString('utf8');
}
