import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { readApiKey } from '../settings/api-key.ts';
import { makeTrend } from './engine/add-sample.ts';
import { control, type MetricsPage, scrape, secretKeys } from './parts.ts';
import { heldScenario } from './vu/held-scenario.ts';
import { ownText, type ScenarioDefinition } from './scenario-definition.ts';
import { beginIteration } from './vu/iteration.ts';
import { runFrom } from './vu/run.ts';
import { type SetupData, type VuSetup, withoutSetup } from './vu/setup-data.ts';
import { openSharedData } from './vu/shared-data.ts';
import { createUser, type User } from './vu/user.ts';
import { createVu, type Vu } from './vu/vu.ts';
import { waitForSetUp } from './vu/wait-until-due.ts';

/** What a user does in one iteration. */
export type Behaviour<Prepared> = (user: User<Prepared>) => void | Promise<void>;

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
  const asked = heldScenario(definition);
  makeMetrics(asked, behaviour !== undefined);
  // Only what `prepare` returned depends on its type, and comes back as JSON: k6 carries it no other way.
  const own = (behaviour ?? converse) as Behaviour<unknown>;
  if (__VU === 0) return onceARun(asked, behaviour !== undefined);
  return inAVu(
    asked,
    (vu, user) => {
      beginIteration(vu, own === converse);
      return own(user);
    },
    own !== converse,
  );
}

/** The same for an iteration that is no user's: it asks in ways of its own what the run's settings say. */
export function defineIteration(definition: ScenarioDefinition, iterate: (vu: Vu) => void): K6Scenario {
  const asked = heldScenario(definition);
  makeMetrics(asked, false);
  if (__VU === 0) return onceARun(asked, false);
  return inAVu(
    asked,
    (vu) => {
      beginIteration(vu, false);
      iterate(vu);
    },
    false,
  );
}

/** The default: the run's own conversation. */
const converse: Behaviour<unknown> = (user) => {
  const chat = user.chat();
  while (chat.next() !== null) user.pause();
};

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

type Iteration = (vu: Vu, user: User<unknown>) => void | Promise<void>;

/** @param readsText the function reads answers. */
function inAVu(definition: ScenarioDefinition<unknown>, iterate: Iteration, readsText: boolean): K6Scenario {
  const shared = openSharedData(definition);
  let begin: (() => void | Promise<void>) | null = null;
  let metricsPages: readonly MetricsPage[] | null = null;
  const iteration = (data?: SetupData): void | Promise<void> => {
    if (begin !== null) return begin();
    if (typeof data?.stopped === 'string') exec.test.abort(data.stopped);
    waitForSetUp(shared.schedules);
    const setup =
      data === undefined
        ? withoutSetup(control().planWithoutSetup(definition))
        : (JSON.parse(data.vuSetup) as VuSetup);
    const run = runFrom(definition, setup.plan, shared);
    const first = (apiKey: string | null): void | Promise<void> => {
      const vu = createVu(run, setup, { apiKey, wantsText: readsText });
      const prepared: unknown = data?.prepared === undefined ? undefined : JSON.parse(data.prepared);
      const user = createUser(vu, prepared);
      begin = () => iterate(vu, user);
      return begin();
    };
    const { provider } = run.settings;
    // k6's secrets are the only thing that a VU itself ever waits for.
    if (setup.keySource === 'secrets') return secretKeys().readSecret(provider).then(first);
    return first(readApiKey(__ENV, provider));
  };
  return Object.assign(iteration, {
    options: {},
    setup: notHere,
    handleSummary: notHere,
    scrape: () => scrape().scrapeOnce((metricsPages ??= control().metricsPages(definition))),
  });
}

function notHere(): never {
  throw new Error('k6 called a function of another VU');
}
