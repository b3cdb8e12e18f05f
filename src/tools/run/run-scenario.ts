import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { FailureLine } from '../../lib/samples/failure-line.ts';
import { withSmallDataset } from '../dataset/small-dataset.ts';
import type { K6 } from '../k6/find-k6.ts';
import { SAMPLES_FILE } from '../results/read/open-input.ts';
import { hasColours } from '../cli/has-colours.ts';
import { killedText } from './ended-by.ts';
import { followConsole } from './follow-console.ts';
import type { CpuUse } from '../machine/cpu-use.ts';
import { type K6Process, runK6Process } from './k6-process.ts';
import { withAbsolutePaths } from './run-environment.ts';
import { sayBesideProgress } from './say-beside-progress.ts';
import { scenarioFile } from './scenario-file.ts';

/** k6 1.x opens one on a fixed port, which another k6 may have; k6 2.x has none unless asked. */
const NO_REST_API = ['--address', ''] as const;

/** k6's niceness beside a meter, so that what stamps the tokens is served first (docs/streaming.md). */
export const K6_NICENESS = 10;

/** What raw logs leave of k6's warning, once a request: our own line of the first failures holds the reason. */
const REASONLESS = 'Request Failed';

/** Of the samples' header, which setup writes as its last (src/lib/samples/sample-header.ts). */
const HEADER = '["llm-h';

export type ScenarioRun = {
  scenario: string;
  k6: K6;
  /** Settings; `LLM_RESULTS_DIR` is taken from `resultsDir`. */
  env: NodeJS.ProcessEnv;
  /** In a folder taken for this run; made if missing. */
  resultsDir: string;
  /** Passed to k6 as they are, in front of the script. */
  k6Args: readonly string[];
  niceness: number;
  /** Told what scripts print. */
  say?: (line: string) => void;
  /** Told why requests failed; several k6s of one run share one. */
  tellFailure?: (failure: FailureLine) => void;
  /** Told the samples as they come. */
  onSample?: ((line: string) => void) | undefined;
  /** Hands on what k6 itself prints, where something else has the terminal. */
  pass?: K6Process['pass'];
  /** False: k6's table is not shown. */
  showsSummary?: boolean;
  /** Ends it as Ctrl-C would. */
  stop?: AbortSignal;
};

export type ScenarioResult = {
  /** k6's own. */
  exitCode: number;
  cpu: CpuUse;
  /** One line a request. */
  samplesFile: string;
};

/**
 * Runs one scenario with k6, its samples written beside its summary, a large data set made small before.
 *
 * @throws ConfigError for a data set without a usable row; UsageError for a scenario that is not there.
 */
export async function runScenario(run: ScenarioRun): Promise<ScenarioResult> {
  const { say = sayBesideProgress, showsSummary = true, niceness, pass = null } = run;
  const cwd = process.cwd();
  const { file } = scenarioFile(run.scenario);
  const resultsDir = path.resolve(cwd, run.resultsDir);
  const dataset = await withSmallDataset(withAbsolutePaths(run.env, cwd), say);
  try {
    await mkdir(resultsDir, { recursive: true });
    const samplesFile = path.join(resultsDir, SAMPLES_FILE);
    const { tellFailure, onSample } = run;
    let loadBegins = (): void => {};
    const onOwn = (line: string): void => {
      if (line.startsWith(HEADER)) loadBegins();
      onSample?.(line);
    };
    const tail = followConsole(samplesFile, { say, tellFailure, onOwn });
    try {
      const { code, cpu } = await runK6Process({
        binary: run.k6.path,
        args: [
          'run',
          ...NO_REST_API,
          '--console-output',
          samplesFile,
          '--log-format',
          'raw',
          ...(pass === null ? [] : ['--quiet']),
          ...run.k6Args,
          file,
        ],
        env: { ...coloursFor(pass), ...dataset.env, LLM_RESULTS_DIR: resultsDir, LLM_SAMPLES: '1' },
        cwd,
        niceness,
        showsSummary,
        sayLog: (line) => {
          if (line !== REASONLESS) say(line);
        },
        pass,
        onStart: (begins) => (loadBegins = begins),
        stop: run.stop,
      });
      const killed = killedText(code);
      if (killed !== null) say(killed);
      return { exitCode: code, cpu, samplesFile };
    } finally {
      await tail.stop();
    }
  } finally {
    await dataset.remove();
  }
}

/** What goes through us to a terminal keeps its colours. */
function coloursFor(pass: K6Process['pass']): NodeJS.ProcessEnv {
  return pass !== null && hasColours(process.stdout) ? { FORCE_COLOR: '1' } : {};
}
