import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { readApiKey } from '../settings/api-key.ts';
import { converse } from './vu/converse.ts';
import { control, type MetricsPage, scrape, secretKeys } from './parts.ts';
import { heldScenario } from './vu/held-scenario.ts';
import type { Scenario } from './scenario.ts';
import { runFrom } from './vu/run.ts';
import { waitForSetUp } from './vu/wait-until-due.ts';
import { type SetupData, type VuSetup, withoutSetup } from './vu/setup-data.ts';
import { openSharedData } from './vu/shared-data.ts';
import { createVu, type Vu } from './vu/vu.ts';

/** What a scenario's file exports to k6. */
export type K6Exports = {
  options: Options;
  setup: () => Promise<SetupData>;
  iteration: (data: SetupData | undefined) => Promise<void> | void;
  handleSummary: (data: unknown) => Record<string, string>;
  /** What the one VU beside the load does, with `LLM_METRICS_URL`. */
  scrape: () => void;
};

/**
 * Wires a scenario: its load, what one iteration does, its thresholds. k6 runs this once for options, setup and
 * summary (VU 0), and once in every VU that makes load: there, settings come from setup, ready to use.
 *
 * @param iterate one iteration's work; by default one request, or one conversation, of the mix.
 */
export function defineScenario(scenario: Scenario, iterate: (vu: Vu) => void = converse): K6Exports {
  const asked = heldScenario(scenario);
  return __VU === 0 ? onceARun(asked) : inAVu(asked, iterate);
}

function onceARun(scenario: Scenario): K6Exports {
  const { options, setup, handleSummary } = control().createControl(scenario);
  return { options, setup, handleSummary, iteration: notHere, scrape: notHere };
}

function inAVu(scenario: Scenario, iterate: (vu: Vu) => void): K6Exports {
  const shared = openSharedData(scenario);
  let vu: Vu | null = null;
  let metricsPages: readonly MetricsPage[] | null = null;
  return {
    options: {},
    setup: notHere,
    handleSummary: notHere,
    scrape: () => scrape().scrapeOnce((metricsPages ??= control().metricsPages())),
    iteration: (data) => {
      if (vu !== null) return iterate(vu);
      if (typeof data?.stopped === 'string') exec.test.abort(data.stopped);
      waitForSetUp(shared.schedules);
      const setup =
        data === undefined
          ? withoutSetup(control().planWithoutSetup(scenario))
          : (JSON.parse(data.vuSetup) as VuSetup);
      const run = runFrom(scenario, setup.plan, shared);
      const begin = (key: string | null): void => {
        vu = createVu(run, setup, key);
        iterate(vu);
      };
      const { provider } = run.settings;
      // k6's secrets are the only thing that a VU ever waits for.
      if (setup.keySource === 'secrets') return secretKeys().readSecret(provider).then(begin);
      begin(readApiKey(__ENV, provider));
    },
  };
}

function notHere(): never {
  throw new Error('k6 called a function of another VU');
}
