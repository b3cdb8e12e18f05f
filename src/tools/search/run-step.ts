import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readSettings } from '../../lib/settings/settings.ts';
import type { K6 } from '../k6/find-k6.ts';
import type { RunData } from '../results/read/run-data.ts';
import { SamplesReading } from '../results/read/read-samples.ts';
import { killedText, wasInterrupted } from '../run/ended-by.ts';
import { finishResults } from '../run/finish-results.ts';
import { startMeterOfRun } from '../run/meters/running-meter.ts';
import { ServerError } from '../run/meters/start-server.ts';
import { K6_NICENESS, runScenario, type ScenarioResult } from '../run/run-scenario.ts';
import type { ServiceTerm } from './service-level.ts';
import { stepEnv } from './step-env.ts';
import { stepRecordOf } from './step-record-of.ts';
import type { SearchStep } from './search-step.ts';
import type { StepRecord } from './step-record.ts';
import { StepSamples } from './step-samples.ts';

/** What all steps share. */
export type StepContext = {
  scenario: string;
  by: 'rate' | 'vus';
  env: NodeJS.ProcessEnv;
  k6: K6;
  terms: readonly ServiceTerm[];
  /** Requests of one conversation. */
  turns: number;
  /** `LLM_SEED`: each step has one of its own. */
  seed: number;
  /** The answer's folder. */
  folder: string;
};

export type StepOutcome =
  | { kind: 'measured'; record: StepRecord; notes: readonly string[] }
  | { kind: 'interrupted'; spentUsd: number }
  /** Its budget ended it, or did not let it begin. */
  | { kind: 'over-budget'; reason: string; spentUsd: number }
  /** No load, or not all of it: what k6 said, and its exit code. */
  | { kind: 'failed'; reason: string; exitCode: number; spentUsd: number };

/** As k6's own for a setup that failed. */
const EXIT_SETUP = 107;

/** Runs one step and measures it. It is cut short once nothing of it can keep the service level any more. */
export async function runStep(step: SearchStep, context: StepContext): Promise<StepOutcome> {
  const { scenario, k6, terms, turns, by, folder } = context;
  const within = path.join('steps', folderName(step, by));
  const resultsDir = path.join(folder, within);
  // Half a step of before Ctrl-C, or a crash.
  await rm(resultsDir, { recursive: true, force: true });
  const env = stepEnv(step, context);
  const samples = new StepSamples(terms);
  const stop = new AbortController();
  const reading = new SamplesReading({ onPoint: (point) => samples.add(point) });
  const plannedRequests = by === 'rate' ? (step.load * turns * step.times.holdMs) / 1000 : null;
  const said: string[] = [];
  const meter = await startMeterOfRun({ settings: readSettings(withoutMeter(env)), env, scenario }).catch(
    (error: unknown) => {
      if (error instanceof ServerError) return error;
      throw error;
    },
  );
  if (meter instanceof ServerError) return failed([meter.message], EXIT_SETUP);
  try {
    const result = await runScenario({
      scenario,
      k6,
      env: { ...env, ...meter?.env },
      resultsDir,
      k6Args: ['--quiet'],
      niceness: meter === null ? 0 : K6_NICENESS,
      say: (line) => void said.push(line),
      tellFailure: () => {},
      onSample: (line) => {
        // What Ctrl-C cuts off looks like failures, and is none of the server's.
        if (stop.signal.aborted) return;
        reading.line(line);
        if (samples.isLost(plannedRequests)) stop.abort();
      },
      showsSummary: false,
      stop: stop.signal,
    });
    const meterLoopDelayP99Ms = (await meter?.loopDelayP99Ms()) ?? null;
    const isCutShort = stop.signal.aborted;
    const run = await finishResults({ resultsDir, result, meterLoopDelayP99Ms });
    const odd = oddEnd(run, { result, isCutShort, said });
    if (odd !== null) return odd;
    const record =
      run === null
        ? null
        : stepRecordOf({
            ...step,
            folder: within,
            by,
            isCutShort,
            samples,
            run,
            cpu: result.cpu,
            meterLoopDelayP99Ms,
          });
    if (record === null || run === null) return failed(said, result.exitCode);
    return heeds(run, by === 'rate' ? step.load * turns : step.load)
      ? { kind: 'measured', record, notes: run.summary.notes }
      : failed(['the script did not make the load asked: LLM_HOLD is not heeded'], EXIT_SETUP);
  } finally {
    await meter?.stop();
  }
}

function folderName({ number, load, length }: SearchStep, by: 'rate' | 'vus'): string {
  const unit = by === 'rate' ? 'per-sec' : 'users';
  return `${String(number).padStart(2, '0')}-${Number(load.toPrecision(4))}-${unit}-${length}`;
}

/** Until the meter runs, there is no address to check. */
function withoutMeter(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const wants = (env['LLM_TRANSPORT'] ?? '').trim() === 'meter' && (env['LLM_METER_URL'] ?? '').trim() === '';
  return wants ? { ...env, LLM_TRANSPORT: 'auto' } : env;
}

/** null for a step that came to the end that was planned for it. */
function oddEnd(
  run: RunData | null,
  { result, isCutShort, said }: { result: ScenarioResult; isCutShort: boolean; said: readonly string[] },
): StepOutcome | null {
  const { exitCode } = result;
  const spentUsd = run?.summary.totals.costUsd ?? 0;
  if (!isCutShort && wasInterrupted(exitCode)) return { kind: 'interrupted', spentUsd };
  const killed = isCutShort ? null : killedText(exitCode);
  if (killed !== null) {
    return { kind: 'failed', reason: `${killed}; --resume goes on`, exitCode, spentUsd };
  }
  const stopped = run?.summary.stopped ?? null;
  if (stopped?.startsWith('LLM_BUDGET_USD') === true)
    return { kind: 'over-budget', reason: stopped, spentUsd };
  if (stopped !== null) return failed([stopped], exitCode);
  return run === null || run.summary.totals.requestsFinished === 0 ? failed(said, exitCode) : null;
}

const KEPT_LINES = 5;

function failed(said: readonly string[], exitCode: number): StepOutcome {
  const reason = said
    .filter((line) => line.trim() !== '')
    .slice(-KEPT_LINES)
    .join('; ');
  return {
    kind: 'failed',
    reason: reason === '' ? `k6 ended with ${exitCode}` : reason,
    exitCode,
    spentUsd: 0,
  };
}

/** A script of one's own may have a load of its own. */
function heeds({ stages }: RunData, load: number): boolean {
  const peak = Math.max(0, ...stages.flatMap(({ points }) => points.map(([, target]) => target)));
  return stages.length === 0 || Math.abs(peak - load) <= 0.01 * load;
}
