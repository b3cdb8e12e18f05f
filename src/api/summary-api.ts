/*
 * `k6-llm/summary`: what a run leaves in summary.json, in Node.
 */
export { CutOff, readSummary } from '../tools/results/read/read-summary.ts';
export { isSummary } from '../lib/summary/is-summary.ts';
export type { Summary } from '../lib/summary/summary.ts';
