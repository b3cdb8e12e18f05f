import { NO_STORE } from '../stores/prepare-stores.ts';
import { type RunPlan, runPlan } from './run-plan.ts';

/** What a command that draws an answer from a run decides of it; the rest is as plain as a run can be. */
export type AnswerRun = Pick<
  RunPlan,
  'scenario' | 'name' | 'settings' | 'env' | 'k6' | 'k6Args' | 'resultsDir' | 'meters'
>;

/** k6's own for Ctrl-C. */
export const EXIT_INTERRUPTED = 105;
/** k6 that was not yet ready for it ends by the signal: 128 and SIGHUP, SIGINT, SIGTERM. */
const ENDED_BY_SIGNAL: readonly number[] = [129, 130, 143];

/**
 * Runs a scenario for its results alone: one k6, no store, no page, no table.
 *
 * @returns k6's exit code; `EXIT_INTERRUPTED` whenever in its life it was interrupted.
 */
export async function runForAnswer(run: AnswerRun): Promise<number> {
  const exitCode = await runPlan({
    ...run,
    store: NO_STORE,
    shards: 1,
    live: false,
    k6Dashboard: false,
    k6Bars: false,
    showsSummary: false,
  });
  return ENDED_BY_SIGNAL.includes(exitCode) ? EXIT_INTERRUPTED : exitCode;
}
