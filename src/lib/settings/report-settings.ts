import { parseSlo } from '../figures/slo.ts';
import { decimal, oneOf, optional, type Parse, text } from '../parse/values.ts';
import { parsePlainUrls } from './base-url.ts';
import { parseCloudId, parseLoadZones } from './cloud-options.ts';
import { setting } from './setting-spec.ts';

const everyGap: Parse<boolean> = (value, name) => oneOf(['stall', 'all'])(value, name) === 'all';

/** What a run is judged by, and where its results go. */
export const JUDGEMENT_SETTINGS = {
  LLM_THRESHOLDS: setting('thresholds', ['options'], {
    parse: optional(text),
    meaning: "A profile's name or a JSON file; the scenario's own by default",
  }),
  LLM_SLO: setting('slo', ['options', 'comparison'], {
    defaultText: 'ttft:3000,latency:8000',
    parse: parseSlo,
    meaning: 'What makes a request good, in ms',
  }),
  LLM_ICL: setting('recordsGaps', ['vu'], {
    defaultText: 'stall',
    parse: everyGap,
    meaning: 'all: record every gap between events too',
  }),
  LLM_METRICS_URL: setting('metricsUrls', ['options'], {
    parse: parsePlainUrls,
    meaning: "A server's Prometheus page, scraped during the run; several replicas' with commas",
  }),
  LLM_METRICS_KEY: setting(null, ['secret'], {
    parse: text,
    meaning: "The key of that page; on the target's own host, the target's by default",
  }),
  LLM_RESULTS_DIR: setting('resultsDir', ['local'], {
    defaultText: 'results',
    parse: text,
    meaning: 'Where handleSummary writes its files',
  }),
} as const;

/** What it may cost. */
export const MONEY_SETTINGS = {
  LLM_PRICES: setting('pricesFile', ['vu', 'file'], {
    parse: optional((value) => value.trim()),
    meaning: 'A price file that adds to or overrides the built-in table',
  }),
  LLM_BUDGET_USD: setting('budgetUsd', ['options', 'vu'], {
    parse: optional(decimal({ min: 0.000001, max: 1_000_000_000, example: '5' })),
    meaning: 'The run stops within 3 s of passing it; through the meter it is never passed',
  }),
  LLM_BUDGET_MODE: setting('budgetMode', [], {
    defaultText: 'stop',
    parse: oneOf(['stop', 'refuse']),
    meaning: 'refuse: do not start when the forecast is over it',
  }),
} as const;

/** Where k6 Cloud runs it. */
export const CLOUD_SETTINGS = {
  LLM_CLOUD_PROJECT: setting(null, ['options'], {
    parse: parseCloudId,
    meaning: 'k6 Cloud: the project’s number',
  }),
  LLM_CLOUD_STACK: setting(null, ['options'], {
    parse: parseCloudId,
    meaning: 'k6 Cloud: the stack’s number',
  }),
  LLM_CLOUD_NAME: setting(null, ['options'], {
    parse: optional(text),
    meaning: "k6 Cloud: the test's name; the scenario's by default",
  }),
  LLM_CLOUD_ZONES: setting(null, ['options'], {
    parse: parseLoadZones,
    meaning: 'k6 Cloud: load zones, amazon:us:ashburn=60,amazon:de:frankfurt=40',
  }),
} as const;
