import { buildSummary, type RunContext } from '../build-summary.ts';
import { summaryJunit } from './render-junit.ts';
import { isSummary } from '../is-summary.ts';
import type { Summary } from '../summary.ts';
import { renderText } from './render-text.ts';

/**
 * The renderers, with the signatures of k6-jslib-summary, so that a build can take that library's instead
 * (`npm run build -- --jslib`). Both take `handleSummary`'s argument; a `summary` in it, put there by our
 * `handleSummary`, saves reading it again.
 */
type Data = unknown;

/** The table that ends a run. */
export function textSummary(data: Data, options: { indent?: string; enableColors?: boolean } = {}): string {
  const text = renderText(summaryOf(data), { enableColors: options.enableColors ?? false });
  const { indent = '' } = options;
  return indent === '' ? text : text.replace(/^(?=.)/gm, () => indent);
}

/** A JUnit report: one case a threshold. */
export function jUnit(data: Data): string {
  return summaryJunit(summaryOf(data));
}

/** Marks k6's data with the summary made from it. */
export function withSummary(data: Data, summary: Summary): unknown {
  return typeof data === 'object' && data !== null
    ? { ...data, llmSummary: summary }
    : { llmSummary: summary };
}

function summaryOf(data: Data): Summary {
  if (typeof data === 'object' && data !== null && 'llmSummary' in data && isSummary(data.llmSummary)) {
    return data.llmSummary;
  }
  return buildSummary(data, UNKNOWN_RUN);
}

/** For k6 data of which nothing else is known. */
const UNKNOWN_RUN: RunContext = {
  scenario: 'k6',
  target: 'n/a',
  provider: 'n/a',
  seed: null,
  transport: 'http',
  stream: false,
  dimensions: {
    models: [],
    testTypes: [],
    providers: [],
    kinds: [],
    hasWarmup: false,
    hasServerPage: false,
    windows: [],
    turns: [],
    hasSessions: false,
    steps: [],
    ownSteps: [],
  },
  sloJudged: [],
  load: {
    model: 'iterations',
    peakRatePerSec: null,
    offered: null,
    iterations: null,
    vusAllocated: null,
    segment: null,
  },
  steps: [],
  notes: [],
  fullPriceWhenCached: [],
  budgetUsd: null,
  settings: {},
  datasetRows: null,
  deferred: [],
  ending: null,
  untold: [],
};
