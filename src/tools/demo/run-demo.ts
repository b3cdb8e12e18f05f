import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readSettings } from '../../lib/settings/settings.ts';
import { formatRate, formatUsd } from '../../lib/text/format.ts';
import { parseSample } from '../../lib/samples/parse-sample.ts';
import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import type { K6 } from '../k6/find-k6.ts';
import { writeReport } from '../results/finish-run.ts';
import { SAMPLES_FILE } from '../results/read/open-input.ts';
import type { RunData } from '../results/read/run-data.ts';
import { ServerError, startServer } from '../run/meters/start-server.ts';
import { finishResults, sayNotWritten } from '../run/finish-results.ts';
import { cleanEnvironment } from '../run/clean-environment.ts';
import { startMeterOfRun } from '../run/meters/running-meter.ts';
import { explainExitCode } from '../run/explain-exit-code.ts';
import { K6_NICENESS, runScenario } from '../run/run-scenario.ts';
import { findKnee } from './find-knee.ts';
import { DEMO_STEPS, type DemoStep, MOCK_ARGS } from './demo-steps.ts';
import { compareCounts, countOfMock, countOfRuns } from './compare-counts.ts';
import { NotWritten } from '../results/folder/write-whole.ts';
import { takeFolder } from '../results/folder/take-folder.ts';

export const DEMO_DIR = path.join('results', 'demo');

const REPORT_FILE = 'report.html';

/** How one run ended. */
type Outcome = { ok: boolean; lines: readonly string[]; exitCode: number; run: RunData | null };

/** k6's exit code after Ctrl-C: the person wants no more of it. */
const EXIT_INTERRUPTED = 105;

const NAME_WIDTH = 19;

/**
 * Runs the demo's scenarios against a mock of its own.
 *
 * @returns 0 when every run ended as expected and the mock counted what the runs did, else 1; 105 after Ctrl-C.
 */
export async function runDemo(
  k6: K6,
  { steps = DEMO_STEPS, folder = DEMO_DIR }: { steps?: readonly DemoStep[]; folder?: string } = {},
): Promise<number> {
  const isOwn = (name: string): boolean =>
    name === REPORT_FILE || steps.some(({ folder: own }) => own === name);
  const taken = await takeFolder(folder, { say: console.log, isOwn });
  try {
    return await runSteps(k6, { steps, folder });
  } finally {
    taken.release();
  }
}

async function runSteps(
  k6: K6,
  { steps, folder }: { steps: readonly DemoStep[]; folder: string },
): Promise<number> {
  const env = cleanEnvironment();
  const mock = await startServer(['mock', '--port', '0', '--quiet', ...MOCK_ARGS], env);
  const outcomes: Outcome[] = [];
  let truth: { ok: boolean; lines: string[] } = { ok: false, lines: [] };
  try {
    for (const [index, step] of steps.entries()) {
      console.log(`\n[${index + 1}/${steps.length}] ${step.folder}: ${step.purpose}`);
      const stepEnv = { ...env, ...step.env, LLM_BASE_URL: mock.url, LLM_PROVIDER: 'mock' };
      const outcome = await runStep(step, { k6, folder, env: stepEnv }).catch((error: unknown) =>
        notRun(step, error),
      );
      if (outcome.exitCode === EXIT_INTERRUPTED) return EXIT_INTERRUPTED;
      outcomes.push(outcome);
    }
    const summaries = outcomes.flatMap(({ run }) => run?.summary ?? []);
    truth = compareCounts(countOfRuns(summaries), await countOfMock(mock.url));
  } finally {
    await mock.stop();
  }
  const ended = [...outcomes, truth];
  await conclude(ended, { folder, runs: outcomes.flatMap(({ run }) => run ?? []) });
  return ended.every(({ ok }) => ok) ? 0 : 1;
}

async function conclude(
  ended: readonly Pick<Outcome, 'ok' | 'lines'>[],
  { folder, runs }: { folder: string; runs: readonly RunData[] },
): Promise<void> {
  const report = path.join(folder, REPORT_FILE);
  try {
    await writeReport(report, runs);
  } catch (error) {
    if (!(error instanceof NotWritten)) throw error;
    sayNotWritten(error);
  }
  console.log('The demo, run by run\n');
  for (const { ok, lines } of ended) {
    for (const [index, line] of lines.entries()) {
      console.log(index === 0 ? `  ${ok ? '✓' : '✗'} ${line}` : `    ${line}`);
    }
  }
  console.log(`\nLook at ${report}, and at what each run left below ${folder}/.`);
}

async function runStep(
  step: DemoStep,
  { k6, folder, env }: { k6: K6; folder: string; env: NodeJS.ProcessEnv },
): Promise<Outcome> {
  const resultsDir = path.join(folder, step.folder);
  const stepEnv: NodeJS.ProcessEnv = { ...env, ...(step.stream ? { LLM_STREAM: '1' } : {}) };
  const meter = await startMeterOfRun({
    settings: readSettings(stepEnv),
    env: stepEnv,
    scenario: step.scenario,
  });
  try {
    const result = await runScenario({
      scenario: step.scenario,
      k6,
      env: { ...stepEnv, ...meter?.env },
      resultsDir,
      k6Args: ['--quiet'],
      niceness: meter === null ? 0 : K6_NICENESS,
    });
    const { exitCode } = result;
    const meterLoopDelayP99Ms = (await meter?.loopDelayP99Ms()) ?? null;
    const run = await finishResults({ resultsDir, result, meterLoopDelayP99Ms });
    const ok = step.expected.includes(exitCode) && run !== null;
    return { ok, exitCode, run, lines: await describe(step, { resultsDir, exitCode, run }) };
  } finally {
    await meter?.stop();
  }
}

/** The other runs go on without it. */
function notRun({ folder }: DemoStep, error: unknown): Outcome {
  if (!(error instanceof ServerError)) throw error;
  return {
    ok: false,
    exitCode: 1,
    run: null,
    lines: [`${folder.padEnd(NAME_WIDTH)}not run: ${error.message}`],
  };
}

/** `stress  640 requests, $0.52, exit 99: a threshold broke`, and at which rate the mock gave in. */
async function describe(
  { folder, scenario }: DemoStep,
  { resultsDir, exitCode, run }: { resultsDir: string; exitCode: number; run: RunData | null },
): Promise<string[]> {
  const totals = run?.summary.totals;
  const did =
    totals === undefined ? 'no summary' : `${totals.requestsFinished} requests, ${formatUsd(totals.costUsd)}`;
  const line = `${folder.padEnd(NAME_WIDTH)}${did}, exit ${exitCode}: ${explainExitCode(exitCode)}`;
  if (scenario !== 'stress') return [line];
  const knee = findKnee(await readSampleRecords(path.join(resultsDir, SAMPLES_FILE)));
  const said =
    knee.offeredPerSec === null
      ? 'the mock held'
      : `the mock gave in at about ${formatRate(knee.offeredPerSec)} requests/s;`;
  const most = `it never answered more than ${knee.mostAnsweredPerSec} a second`;
  return [line, ...[said, most].map((text) => ' '.repeat(NAME_WIDTH) + text)];
}

async function readSampleRecords(file: string): Promise<SampleRecord[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => parseSample(line) ?? []);
}
