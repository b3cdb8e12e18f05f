import { availableParallelism } from 'node:os';
import path from 'node:path';
import { renderText } from '../../../lib/summary/render/render-text.ts';
import { finishMerged, type ResultsPart } from '../../results/finish-run.ts';
import { InputError, type RunData } from '../../results/read/run-data.ts';
import { hasColours } from '../../cli/has-colours.ts';
import type { CpuUse } from '../../machine/cpu-use.ts';
import { sayNotWritten } from '../finish-results.ts';
import { openStartGate } from './start-gate.ts';
import { runScenario, type ScenarioRun } from '../run-scenario.ts';
import { createFailureTeller } from '../tell-failures.ts';
import { exitCodeOf, segmentArguments } from './read-shards.ts';

export type ShardedResult = {
  exitCode: number;
  /** null when the parts could not be merged; that was said. */
  run: RunData | null;
};

export type ShardedRun = Omit<ScenarioRun, 'onSample' | 'say'> & {
  budgetUsd: number | null;
  hasStore: boolean;
  say: (line: string) => void;
  /** Who takes the samples of one more k6; null: nobody. */
  follow: (() => (line: string) => void) | null;
  /** Called when no k6 runs any more. */
  onEnd: () => void;
};

/**
 * Runs a scenario as several k6 processes on this machine, each with its part of the load, and merges their
 * results. A budget is divided among them, since none knows what the others spend.
 *
 * @param loopDelayP99Ms asked after the load.
 */
export async function runShards(
  run: ShardedRun,
  { shards, loopDelayP99Ms }: { shards: number; loopDelayP99Ms: () => Promise<number | null> },
): Promise<ShardedResult> {
  const folders = shardFolders(run.resultsDir, shards);
  const budget = run.budgetUsd === null ? {} : { LLM_BUDGET_USD: String(run.budgetUsd / shards) };
  const { say, follow } = run;
  const said = new Set<string>();
  const tellFailure = createFailureTeller(say);
  const gate = await openStartGate(shards);
  const results = await Promise.all(
    folders.map((resultsDir, shard) =>
      runScenario({
        ...run,
        resultsDir,
        env: { ...run.env, ...budget, LLM_START_GATE: gate.url },
        k6Args: [
          '--quiet',
          ...segmentArguments(shard, shards),
          ...(run.hasStore ? partTag(shard) : []),
          ...run.k6Args,
        ],
        onSample: follow?.(),
        say: sayOnce({ said, say, prefix: `[${shard + 1}/${shards}] ` }),
        tellFailure,
        showsSummary: false,
      }).finally(gate.leave),
    ),
  );
  gate.close();
  run.onEnd();
  const codes = results.map(({ exitCode }) => exitCode);
  const parts = folders.map((resultsDir, shard) => ({ resultsDir, exitCode: codes[shard] ?? 0 }));
  const merged = await merge(run.resultsDir, parts, {
    note: noteOn(codes),
    health: {
      clientCpuRatio: sumOfPeaks(results.map(({ cpu }) => cpu)),
      machineCpuRatio: results[0]?.cpu.machinePeakRatio ?? null,
      meterLoopDelayP99Ms: await loopDelayP99Ms(),
      cores: availableParallelism() / shards,
      memoryBytes: sumOfMemory(results.map(({ cpu }) => cpu)),
    },
  });
  return { exitCode: exitCodeOf(codes, merged?.summary.slo.state ?? null), run: merged };
}

/** Two k6 that send one series without it overwrite each other's sums in Prometheus. The k6 operator's own name. */
function partTag(shard: number): string[] {
  return ['--tag', `instance_id=${shard + 1}`];
}

/** Where each shard writes: `shard-0`, `shard-1`, … */
export function shardFolders(resultsDir: string, shards: number): string[] {
  return Array.from({ length: shards }, (_, shard) => path.join(resultsDir, `shard-${shard}`));
}

function noteOn(codes: readonly number[]): string {
  return `the ${codes.length} k6 processes ended with ${codes.join(', ')}; the thresholds are judged on the samples of all`;
}

async function merge(
  resultsDir: string,
  parts: readonly ResultsPart[],
  { note, health }: { note: string; health: Parameters<typeof finishMerged>[0]['health'] & object },
): Promise<RunData | null> {
  try {
    const merged = await finishMerged({ resultsDir, parts, health, note, onNotWritten: sayNotWritten });
    console.log(renderText(merged.summary, { enableColors: hasColours(process.stdout) }));
    return merged;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    return null;
  }
}

/** What every shard says, once. */
function sayOnce({
  said,
  say,
  prefix,
}: {
  said: Set<string>;
  say: (line: string) => void;
  prefix: string;
}): (line: string) => void {
  return (line) => {
    if (said.has(line)) return;
    said.add(line);
    say(`${prefix}${line}`);
  };
}

/** Of all of them, for as long as each was seen. */
function sumOfMemory(uses: readonly CpuUse[]): number[] {
  const seconds = Math.min(...uses.map(({ memoryBytes }) => memoryBytes.length));
  return Array.from({ length: seconds }, (_, second) =>
    uses.reduce((sum, { memoryBytes }) => sum + (memoryBytes[second] ?? 0), 0),
  );
}

/** They need not have been busiest at the same time, so this may be too much, never too little. */
function sumOfPeaks(uses: readonly CpuUse[]): number | null {
  const peaks = uses.flatMap(({ peakRatio }) => (peakRatio === null ? [] : [peakRatio]));
  return peaks.length < uses.length ? null : peaks.reduce((sum, peak) => sum + peak, 0);
}
