import { NO_STORE } from '../stores/prepare-stores.ts';
import { EXIT_INTERRUPTED, wasInterrupted } from './ended-by.ts';
import { type RunPlan, runPlan } from './run-plan.ts';

/** What a command that draws an answer from a run decides of it; the rest is as plain as a run can be. */
export type AnswerRun = Pick<
  RunPlan,
  'scenario' | 'name' | 'settings' | 'env' | 'k6' | 'k6Args' | 'resultsDir' | 'meters'
>;

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
  return wasInterrupted(exitCode) ? EXIT_INTERRUPTED : exitCode;
}
