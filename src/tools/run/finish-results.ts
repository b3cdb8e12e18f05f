import { availableParallelism } from 'node:os';
import { finishRun } from '../results/finish-run.ts';
import { InputError, type RunData } from '../results/read/run-data.ts';
import type { NotWritten } from '../results/folder/write-whole.ts';
import { readMachine } from '../calibration/machine-file.ts';
import type { ScenarioResult } from './run-scenario.ts';

/** The run's own exit code stays: it was measured all the same. */
export function sayNotWritten({ message }: NotWritten): void {
  console.error(`results: ${message}`);
}

/**
 * Completes a run's results from its samples and what was seen of k6's health. A run that left nothing to complete
 * has said why already.
 *
 * @returns null when there was nothing to report.
 */
export async function finishResults({
  resultsDir,
  result,
  meterLoopDelayP99Ms,
}: {
  resultsDir: string;
  result: ScenarioResult;
  meterLoopDelayP99Ms: number | null;
}): Promise<RunData | null> {
  try {
    return await finishRun({
      resultsDir,
      exitCode: result.exitCode,
      onNotWritten: sayNotWritten,
      health: {
        clientCpuRatio: result.cpu.peakRatio,
        machineCpuRatio: result.cpu.machinePeakRatio,
        meterLoopDelayP99Ms,
        cores: availableParallelism(),
        memoryBytes: result.cpu.memoryBytes,
        machine: meterLoopDelayP99Ms === null ? null : await readMachine(),
      },
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    return null;
  }
}
