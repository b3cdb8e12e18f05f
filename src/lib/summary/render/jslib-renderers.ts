import { buildSummary } from '../build-summary.ts';
import { summaryJunit } from './render-junit.ts';
import { isSummary } from '../is-summary.ts';
import type { Summary } from '../summary.ts';
import { UNKNOWN_RUN } from '../unknown-run.ts';
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
