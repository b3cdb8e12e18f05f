import path from 'node:path';
import { readSettings } from '../../lib/settings/settings.ts';
import type { K6 } from '../k6/find-k6.ts';
import { statsFrom } from '../results/figures/histogram.ts';
import { readSamples, type SamplesRead } from '../results/read/read-samples.ts';
import { cleanEnvironment } from '../run/clean-environment.ts';
import { K6_NICENESS, runScenario } from '../run/run-scenario.ts';
import { startMeterOfRun } from '../run/meters/running-meter.ts';
import { startServer } from '../run/meters/start-server.ts';
import type { StreamError } from './calibration.ts';
import { mockTruth } from './mock-truth.ts';

/** Streams at a time. */
export const STREAM_COUNTS: readonly number[] = [10, 100, 400, 1000];

/** 300 ms to the first of 41 tokens, 20 of them a second: 2.3 s. */
const STREAM_ARGS = ['--ttft', '300', '--tpot', '50', '--output-tokens', '41'];
const STREAM_HOLD_MS = 6000;
/** Users begin one after the other: each takes k6 some ms, on a busy machine more. */
const START_OF_ONE_MS = 15;
/** As quick as the mock answers. */
const INSTANT_ARGS = ['--ttft', '0', '--tpot', '0', '--output-tokens', '1'];
const INSTANT_USERS = 64;
const INSTANT_HOLD_SEC = 6;

/** k6's own for Ctrl-C. */
const EXIT_INTERRUPTED = 105;

export type CalibrationContext = {
  k6: K6;
  /** Where runs write. */
  folder: string;
};

/** A part of the calibration; `interrupted` when somebody ended it, null when its k6 left nothing to tell by. */
type Part<T> = T | 'interrupted' | null;

/** Answers in one piece that k6 takes from a mock beside it, a second. */
export async function measureRequests(context: CalibrationContext): Promise<Part<number>> {
  const env = { LLM_VUS: String(INSTANT_USERS), LLM_HOLD: `${INSTANT_HOLD_SEC}s` };
  const run = await runAgainstMock('requests', { context, mockArgs: INSTANT_ARGS, env });
  if (run === 'interrupted' || run === null) return run;
  return run.read.figures.total('ai_requests_succeeded') / INSTANT_HOLD_SEC;
}

/** How far the times of so many streams at once are from the mock's own. */
export async function measureStreams(count: number, context: CalibrationContext): Promise<Part<StreamError>> {
  const hold = `${STREAM_HOLD_MS + START_OF_ONE_MS * count}ms`;
  const env = { LLM_VUS: String(count), LLM_HOLD: hold, LLM_STREAM: '1', LLM_MAX_TOKENS: '100' };
  const run = await runAgainstMock(`streams-${count}`, { context, mockArgs: STREAM_ARGS, env });
  if (run === 'interrupted' || run === null) return run;
  const { truth, read } = run;
  const [ttft, tpot] = ['ai_ttft_ms', 'ai_tpot_ms'].map((metric) => statsFrom(read.figures.trend(metric)));
  if (truth === null || typeof ttft?.mean !== 'number' || typeof ttft.p99 !== 'number') return null;
  if (typeof tpot?.mean !== 'number') return null;
  return {
    count,
    open: truth.maxOpen,
    ttftErrorMs: rounded(ttft.mean - truth.ttftMeanMs),
    ttftErrorP99Ms: rounded(ttft.p99 - truth.ttftP99Ms),
    tpotErrorMs: rounded(tpot.mean - truth.tpotMeanMs),
  };
}

async function runAgainstMock(
  name: string,
  {
    context: { k6, folder },
    mockArgs,
    env: own,
  }: { context: CalibrationContext; mockArgs: readonly string[]; env: Readonly<Record<string, string>> },
): Promise<Part<{ read: SamplesRead; truth: Awaited<ReturnType<typeof mockTruth>> }>> {
  const clean = cleanEnvironment();
  const mock = await startServer(
    ['mock', '--port', '0', '--quiet', '--slots', 'unlimited', ...mockArgs],
    clean,
  );
  try {
    const env: NodeJS.ProcessEnv = {
      ...clean,
      LLM_PROVIDER: 'custom',
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'calibration',
      LLM_SYSTEM_PROMPT: 'none',
      LLM_THINK_TIME: '0s',
      LLM_PREFLIGHT: '0',
      LLM_TIMEOUT: '30s',
      ...own,
    };
    const meter = await startMeterOfRun({ settings: readSettings(env), env, scenario: 'baseline' });
    try {
      const { exitCode, samplesFile } = await runScenario({
        scenario: 'baseline',
        k6,
        env: { ...env, ...meter?.env },
        resultsDir: path.join(folder, 'steps', name),
        k6Args: ['--quiet'],
        niceness: meter === null ? 0 : K6_NICENESS,
        say: () => {},
        tellFailure: () => {},
        showsSummary: false,
      });
      if (exitCode === EXIT_INTERRUPTED || exitCode > 128) return 'interrupted';
      const read = await readSamples(samplesFile);
      return read.requests === 0 ? null : { read, truth: await mockTruth(mock.url) };
    } finally {
      await meter?.stop();
    }
  } finally {
    await mock.stop();
  }
}

/** To the microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
