import type { Options } from 'k6/options';
import { buildOptions } from '../options.ts';
import { findApiKey } from './api-key.ts';
import { contextOf, dimensionsOf } from './context.ts';
import { handleSummary } from './handle-summary.ts';
import { converse } from './iteration.ts';
import { planRun, type Scenario } from './run.ts';
import { setUp } from './setup.ts';
import { NO_SETUP, type SetupData } from './setup-data.ts';
import { compileRunThresholds } from './thresholds.ts';
import { createVu, type Vu } from './vu.ts';

/** What a scenario's file exports to k6. */
export type K6Exports = {
  options: Options;
  setup: () => Promise<SetupData>;
  iteration: (data: SetupData | undefined) => Promise<void> | void;
  handleSummary: (data: unknown) => Record<string, string>;
};

/**
 * Wires a scenario: its load, what one iteration does, its thresholds.
 *
 * @param iterate one iteration's work; by default one request, or one conversation, of the mix.
 */
export function defineScenario(scenario: Scenario, iterate: (vu: Vu) => void = converse): K6Exports {
  const run = planRun(scenario);
  const dimensions = dimensionsOf(run);
  const options = buildOptions({
    ...run,
    name: scenario.name,
    dimensions,
    thresholds: compileRunThresholds(run, dimensions),
  });
  let vu: Vu | null = null;
  return {
    options,
    setup: () => setUp(run),
    iteration: (data) => {
      if (vu !== null) return iterate(vu);
      const setup = data ?? NO_SETUP;
      // Only the first iteration of a VU may have to wait, for a key from k6's secrets.
      return findApiKey(run.settings).then(({ key }) => {
        vu = createVu(run, setup, key);
        iterate(vu);
      });
    },
    handleSummary: (data) => handleSummary(data, contextOf(run, dimensions), run.settings.resultsDir),
  };
}
