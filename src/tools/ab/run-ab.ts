import { readSettings, type Settings } from '../../lib/settings/settings.ts';
import { takeAnswerFolder } from '../answers/answer-folder.ts';
import { writePendingAnswer } from '../answers/pending-answer.ts';
import { UsageError } from '../cli/define-command.ts';
import type { K6 } from '../k6/find-k6.ts';
import { openInput } from '../results/read/open-input.ts';
import { InputError } from '../results/read/run-data.ts';
import { readProviders, type ReadProvider } from '../run/meters/read-providers.ts';
import { refuseOddFiles, withAbsolutePaths } from '../run/run-environment.ts';
import { runForAnswer } from '../run/run-for-answer.ts';
import { wantsOwnMeter } from '../run/meters/running-meter.ts';
import {
  AB_QUESTION,
  type AbAnswer,
  answerAb,
  type AnsweredAb,
  type KnownProvider,
  NO_COMPARISON,
  unanswered,
} from './ab-answer.ts';

const SCENARIO = 'ab';

/** A comparison, checked, of which nothing was sent yet. */
export type AbPlan = {
  providers: readonly ReadProvider[];
  env: NodeJS.ProcessEnv;
  settings: Settings;
};

/**
 * Reads the file of providers, and looks for their keys.
 *
 * @throws UsageError without a file, ConfigError for the first mistake.
 */
export function planAb(
  {
    file,
    stream,
    leaveOut,
    timeScale,
  }: {
    file: string | null;
    stream: boolean;
    leaveOut: boolean;
    timeScale: number | null;
  },
  given: NodeJS.ProcessEnv = process.env,
): AbPlan {
  const named = (file ?? given['LLM_PROVIDERS'] ?? '').trim();
  if (named === '') {
    throw new UsageError(
      '--providers: got nothing; expected a file of providers; write k6-llm ab --providers providers.json',
    );
  }
  const env = withAbsolutePaths(
    {
      ...given,
      LLM_PROVIDERS: named,
      ...(stream ? { LLM_STREAM: '1' } : {}),
      ...(leaveOut ? { LLM_PROVIDERS_FAILED: 'leave-out' } : {}),
      ...(timeScale === null ? {} : { LLM_TIME_SCALE: String(timeScale) }),
    },
    process.cwd(),
  );
  refuseOddFiles(env);
  const providers = readProviders(env);
  const models = [...new Set(providers.map(({ entry }) => entry.model))];
  const own = {
    ...env,
    LLM_PROVIDER: '',
    LLM_BASE_URL: '',
    LLM_MIX: models.map((model) => `${model}=1`).join(','),
  };
  const settings = readSettings(wantsOwnMeter(own) ? { ...own, LLM_TRANSPORT: 'auto' } : own);
  return { providers, env, settings };
}

/** Setup's, where nothing was compared. */
const EXIT_NOTHING = 107;
/** Thresholds are not what was asked. */
const ANSWERED: readonly number[] = [0, 99];

/**
 * Runs it, and gives the answer into its folder.
 *
 * @param give writes and prints it.
 * @returns the exit code of the command.
 */
export async function runAb(
  { providers, env, settings }: AbPlan,
  { k6, give }: { k6: K6; give: (folder: string, answered: AnsweredAb) => Promise<void> },
): Promise<number> {
  const say = (line: string): void => console.error(line);
  const known = providers.map(({ entry, settings: own }) => ({
    name: entry.name,
    model: entry.model,
    target: own.endpoints.displayUrl,
  }));
  const taken = await takeAnswerFolder(SCENARIO, { env, now: new Date(), say });
  const { folder } = taken;
  try {
    await writePending(folder, known);
    const exitCode = await runForAnswer({
      scenario: SCENARIO,
      name: SCENARIO,
      settings,
      env,
      k6,
      k6Args: [],
      resultsDir: folder,
      meters: 1,
    });
    const partial = !ANSWERED.includes(exitCode);
    const answered = await answerOf(folder, known, partial);
    await give(folder, answered);
    if (!ANSWERED.includes(exitCode)) return exitCode;
    return answered.answer.reason === null ? 0 : EXIT_NOTHING;
  } finally {
    taken.release();
  }
}

async function answerOf(
  folder: string,
  known: readonly KnownProvider[],
  partial: boolean,
): Promise<AnsweredAb> {
  try {
    const [run] = await openInput(folder);
    if (run !== undefined) return await answerAb(run, known, { partial });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  const none = { reason: 'the run left no results', failed: new Map<string, string>(), partial };
  return { answer: unanswered(known, none), names: [], pairs: [] };
}

async function writePending(folder: string, known: readonly KnownProvider[]): Promise<void> {
  const none = {
    reason: 'the command did not come to its end',
    failed: new Map<string, string>(),
    partial: true,
  };
  await writePendingAnswer<AbAnswer>(folder, {
    ...unanswered(known, none),
    question: AB_QUESTION,
    ...NO_COMPARISON,
  });
}
