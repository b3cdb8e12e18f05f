import exec from 'k6/execution';
import { unknownSettings } from '../../../settings/unknown-settings.ts';
import { ConfigError } from '../../../parse/config-error.ts';
import type { SideCount } from '../../../summary/summary.ts';
import { announce } from './announce.ts';
import { findApiKey } from './find-api-key.ts';
import { CannotStart } from './cannot-start.ts';
import { createClock } from '../../engine/clock.ts';
import { collectGarbage } from './collect-garbage.ts';
import { forecastOf, refuseOverBudget } from '../run-forecast.ts';
import { assertUnchanged } from './frozen-options.ts';
import { logHeader } from './log-header.ts';
import { recordSpent } from '../../engine/metrics.ts';
import { preflight, type Preflight } from './preflight.ts';
import { askModels } from './reachability.ts';
import { type PlannedRun, vuPlanOf } from '../plan-run.ts';
import type { SetupData, VuSetup } from '../../vu/setup-data.ts';

/** Nothing found out, nothing spent: `LLM_PREFLIGHT=0`. */
const NO_PREFLIGHT: Preflight = {
  adaptations: {},
  spent: {},
  notes: [],
  answeredNames: [],
  correctionRatio: 1,
};

/**
 * k6's `setup()`: says what will be done, finds out whether it can be, and stops the run if not, before the
 * load starts.
 */
export async function setUp(run: PlannedRun): Promise<SetupData> {
  try {
    return await prepare(run);
  } catch (error) {
    // A clear sentence instead of a stack trace; k6 ends with 108 and writes the summary.
    if (error instanceof ConfigError || error instanceof CannotStart) exec.test.abort(error.message);
    throw error;
  }
}

async function prepare(run: PlannedRun): Promise<SetupData> {
  const { settings } = run;
  const clock = createClock();
  assertUnchanged(run);
  const early = [...unknownSettings(__ENV), ...run.pricing.warnings];
  for (const note of early) console.warn(note);
  const { source, key } = await findApiKey(settings.provider);
  const forecast = forecastOf(run);
  announce(run, forecast);
  refuseOverBudget(run, forecast);
  askModels(settings, key);
  const found = settings.preflight ? preflight(run, key, clock) : NO_PREFLIGHT;
  for (const note of found.notes) console.warn(note);
  if (settings.budgetUsd !== null) recordSpent(sumUsd(found.spent));
  if (run.schedules.size > 0) collectGarbage();
  const loadStartsAtMs = clock();
  logHeader(run, loadStartsAtMs);
  const vuSetup: VuSetup = {
    loadStartsAtMs,
    keySource: source,
    adaptations: found.adaptations,
    plan: vuPlanOf(run, found),
  };
  return {
    record: {
      startedAt: new Date().toISOString(),
      loadStartsAtMs,
      preflight: found.spent,
      forecast: forecast.figures,
      notes: [...early, ...found.notes],
    },
    vuSetup: JSON.stringify(vuSetup),
  };
}

function sumUsd(spent: Readonly<Record<string, SideCount>>): number {
  return Object.values(spent).reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
}
