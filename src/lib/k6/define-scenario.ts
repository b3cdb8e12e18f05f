import type { Options } from 'k6/options';
import { makeTrend } from './engine/add-sample.ts';
import { answers, control, type MetricsPage, scrape, vu } from './parts.ts';
import { heldScenario } from './vu/held-scenario.ts';
import { ownText, type ScenarioDefinition } from './scenario-definition.ts';
import type { Iterates } from './iterates.ts';
import type { SetupData } from './vu/setup-data.ts';
import { openSharedData } from './vu/shared-data.ts';
import type { Behaviour } from './scenario-user.ts';

/** k6's default function, with what else a scenario's file exports to k6. */
export type K6Scenario = ((data?: SetupData) => void | Promise<void>) & {
  options: Options;
  setup: () => Promise<SetupData>;
  handleSummary: (data: unknown) => Record<string, string>;
  /** What the one VU beside the load does, with `LLM_METRICS_URL`. */
  scrape: () => void;
};

/**
 * Defines a scenario: its load, what a user does in one iteration, what it is judged by.
 *
 * ```ts
 * const scenario = defineScenario({ name: 'mine', load: users(5, '1m') }, async (user) => {
 *   user.ask({ prompt: 'Why is the sky blue?' });
 *   user.pause();
 * });
 * export const { options, setup, handleSummary, scrape } = scenario;
 * export default scenario;
 * ```
 *
 * k6 runs this once for options, setup and summary (VU 0), and once in every VU that makes load: there, settings come
 * from setup, ready to use.
 *
 * @param behaviour by default one conversation of the mix, with a pause after each turn.
 */
export function defineScenario<Prepared = undefined>(
  definition: ScenarioDefinition<Prepared>,
  behaviour?: Behaviour<Prepared>,
): K6Scenario {
  // Only what `prepare` returned depends on its type, and comes back as JSON: k6 carries it no other way.
  return define(definition, (behaviour as Behaviour<unknown> | undefined) ?? 'conversation');
}

/** The same, with what an iteration does when it is no function of the scenario's own. */
export function define(definition: ScenarioDefinition<unknown>, iterates: Iterates): K6Scenario {
  const asked = heldScenario(definition);
  const hasOwnBehaviour = typeof iterates === 'function';
  makeMetrics(asked, hasOwnBehaviour);
  return __VU === 0 ? onceARun(asked, hasOwnBehaviour) : inAVu(asked, iterates);
}

/** Metrics that this scenario alone needs: k6 makes them at init and never after. */
function makeMetrics(definition: ScenarioDefinition<unknown>, hasOwnBehaviour: boolean): void {
  const { steps, tasks } = definition;
  if (hasOwnBehaviour && (steps !== undefined || tasks === undefined)) makeTrend('ai_step_ms');
  if (ownText(definition, 'LLM_ARRIVALS') === '') return;
  makeTrend('ai_intended_latency_ms');
  makeTrend('ai_schedule_lag_ms');
}

function onceARun(definition: ScenarioDefinition<unknown>, hasOwnBehaviour: boolean): K6Scenario {
  const { options, setup, handleSummary } = control().createControl(definition, hasOwnBehaviour);
  return Object.assign(() => notHere(), { options, setup, handleSummary, scrape: notHere });
}

function inAVu(definition: ScenarioDefinition<unknown>, iterates: Iterates): K6Scenario {
  let metricsPages: readonly MetricsPage[] | null = null;
  // Evaluated here and not in the first iteration, for which others may be waiting.
  if (k6Sse !== null) answers();
  return Object.assign(vu().createDefaultFunction(definition, openSharedData(definition), iterates), {
    options: {},
    setup: notHere,
    handleSummary: notHere,
    scrape: () => scrape().scrapeOnce((metricsPages ??= control().metricsPages(definition))),
  });
}

function notHere(): never {
  throw new Error('k6 called a function of another VU');
}
