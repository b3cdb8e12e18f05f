import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { interruptedText } from '../../lib/summary/interruption.ts';
import type { Summary } from '../../lib/summary/summary.ts';
import { formatCount, formatMs, formatPercent } from '../../lib/text/format.ts';
import { type Column, renderTable } from '../../lib/text/table.ts';
import { headlineUsd } from '../../lib/text/headline-usd.ts';
import { samplesIn } from '../results/read/open-input.ts';
import { summaryOrNull } from '../results/read/read-summary.ts';

/** A run that was found; its summary is null where it has none that can be read. */
export type ListedRun = { name: string; summary: Summary | null };

/** Folders of runs within folders of runs, as `results/demo/stress`. */
const DEPTH = 2;

/** The runs in a folder, those that began last first, those that nobody knows of last. */
export async function listRuns(folder: string): Promise<ListedRun[]> {
  const names = await runFolders(folder, '', DEPTH);
  const runs = await Promise.all(
    names.map(async (name) => ({ name, summary: await summaryOrNull(path.join(folder, name)) })),
  );
  return runs.toSorted((a, b) => startOf(b) - startOf(a) || a.name.localeCompare(b.name));
}

function startOf({ summary }: ListedRun): number {
  return summary?.startedAt === undefined || summary.startedAt === null ? 0 : Date.parse(summary.startedAt);
}

async function runFolders(root: string, within: string, depth: number): Promise<string[]> {
  const entries = await readdir(path.join(root, within), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const name = path.join(within, entry.name);
    const folder = path.join(root, name);
    if (existsSync(path.join(folder, 'summary.json')) || samplesIn(folder) !== null) found.push(name);
    else if (depth > 1) found.push(...(await runFolders(root, name, depth - 1)));
  }
  return found;
}

const COLUMNS: readonly Column[] = [
  { title: 'run', width: 29, align: 'left' },
  { title: 'verdict', width: 11, align: 'left' },
  { title: 'requests', width: 8, align: 'right' },
  { title: 'failed', width: 7, align: 'right' },
  { title: 'p95 ms', width: 7, align: 'right' },
  { title: 'USD', width: 8, align: 'right' },
];

/** A table of 80 columns, a line a run. */
export function renderRuns(runs: readonly ListedRun[]): string[] {
  return renderTable(COLUMNS, runs.map(rowOf));
}

function rowOf({ name, summary }: ListedRun): string[] {
  if (summary === null) return [fromItsEnd(name), 'no summary', '', '', '', ''];
  const { totals, metrics } = summary;
  return [
    fromItsEnd(name),
    verdictOf(summary),
    formatCount(totals.requestsFinished),
    formatPercent(totals.errorRatio),
    formatMs(metrics['ai_latency_ms']?.['p(95)'] ?? null),
    headlineUsd(totals.costUsd),
  ];
}

/** The scenario stands at the end of a name. */
function fromItsEnd(name: string): string {
  const width = COLUMNS[0]?.width ?? 0;
  return name.length <= width ? name : `…${name.slice(1 - width)}`;
}

function verdictOf(summary: Summary): string {
  if (interruptedText(summary) !== null) return 'interrupted';
  if (summary.stopped !== null) return 'stopped';
  return summary.slo.state === 'not-judged' ? 'not judged' : summary.slo.state;
}
