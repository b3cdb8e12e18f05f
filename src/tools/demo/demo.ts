import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readSettings } from '../../lib/config/settings.ts';
import { formatRate, formatUsd } from '../../lib/format.ts';
import { parseSample, type SampleRecord } from '../../lib/sample.ts';
import type { K6 } from '../k6/find-k6.ts';
import { writeReport } from '../report/finish-run.ts';
import { SAMPLES_FILE } from '../report/open-input.ts';
import type { RunData } from '../report/run-data.ts';
import { startServer } from '../run/child.ts';
import { finishRun } from '../run/finish.ts';
import { startMeter } from '../run/meter-process.ts';
import { explainExitCode, readSummary } from '../run/results.ts';
import { K6_NICENESS, runScenario } from '../run/run-scenario.ts';
import { kneeRatePerSec } from './knee.ts';
import { DEMO_STEPS, type DemoStep } from './steps.ts';

export const DEMO_DIR = path.join('results', 'demo');

/** How one run ended. */
type Outcome = { ok: boolean; line: string; run: RunData | null };

/** Settings of the person's shell would change what the demo shows. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LLM_|K6_(?!BIN))/.test(name)));
}

/** Runs the demo's scenarios against a mock of its own. @returns 0 when every run ended as expected, else 1. */
export async function runDemo(k6: K6): Promise<number> {
  const env = cleanEnvironment();
  const mock = await startServer(['mock', '--port', '0', '--quiet'], env);
  const outcomes: Outcome[] = [];
  try {
    for (const [index, step] of DEMO_STEPS.entries()) {
      console.log(`\n[${index + 1}/${DEMO_STEPS.length}] ${step.purpose}`);
      outcomes.push(
        await runStep(step, {
          k6,
          env: { ...env, ...step.env, LLM_BASE_URL: mock.url, LLM_PROVIDER: 'mock' },
        }),
      );
    }
  } finally {
    await mock.stop();
  }
  const report = path.join(DEMO_DIR, 'report.html');
  await writeReport(
    report,
    outcomes.flatMap(({ run }) => run ?? []),
  );
  console.log('\nThe demo, run by run');
  for (const { ok, line } of outcomes) console.log(`  ${ok ? '✓' : '✗'} ${line}`);
  console.log(`\nLook at ${report}, and at what each run left below ${DEMO_DIR}/.`);
  return outcomes.every(({ ok }) => ok) ? 0 : 1;
}

async function runStep(step: DemoStep, { k6, env }: { k6: K6; env: NodeJS.ProcessEnv }): Promise<Outcome> {
  const resultsDir = path.join(DEMO_DIR, step.folder);
  await mkdir(resultsDir, { recursive: true });
  const stepEnv: NodeJS.ProcessEnv = { ...env, ...(step.stream ? { LLM_STREAM: '1' } : {}) };
  const meter = await startMeter({ settings: readSettings(stepEnv), env: stepEnv, scenario: step.scenario });
  try {
    const result = await runScenario({
      scenario: step.scenario,
      k6,
      env: { ...stepEnv, ...meter?.env },
      resultsDir,
      k6Args: ['--quiet'],
      niceness: meter === null ? 0 : K6_NICENESS,
    });
    const meterLoopDelayP99Ms = (await meter?.loopDelayP99Ms()) ?? null;
    const run = await finishRun({ resultsDir, result, meterLoopDelayP99Ms });
    const ok = step.expected.includes(result.exitCode);
    return { ok, run, line: await describe(step, resultsDir, result.exitCode) };
  } finally {
    await meter?.stop();
  }
}

/** `stress: ended 99, a threshold was not met; the mock gave in at about 120 requests/s`. */
async function describe(step: DemoStep, resultsDir: string, exitCode: number): Promise<string> {
  const summary = await readSummary(resultsDir);
  const requests =
    summary === null
      ? 'no summary'
      : `${summary.totals.requestsFinished} requests, ${formatUsd(summary.totals.costUsd)}`;
  const line = `${step.folder}: ${requests}; ended ${exitCode}, ${explainExitCode(exitCode)}`;
  if (step.scenario !== 'stress') return line;
  const samples = await readSampleRecords(path.join(resultsDir, SAMPLES_FILE));
  const knee = kneeRatePerSec(samples);
  return `${line}; ${knee === null ? 'the mock held' : `the mock gave in at about ${formatRate(knee)} requests/s`}`;
}

async function readSampleRecords(file: string): Promise<SampleRecord[]> {
  const text = await readFile(file, 'utf8');
  return text.split('\n').flatMap((line) => parseSample(line) ?? []);
}
