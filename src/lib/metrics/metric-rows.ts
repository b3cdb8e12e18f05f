import { METRIC_NAMES, METRIC_SPECS } from './metric-list.ts';

export { SPENT_METRIC, STOPS_METRIC } from './metric-list.ts';

/**
 * The list as one text, a metric a line: name, type, and the settings without which nothing feeds it. Every VU makes
 * metrics from it; the list's own objects would cost each VU 30 kB. The build works it out (scripts/worked-out.mjs).
 */
export const METRIC_ROWS: string = METRIC_NAMES.map((name) => {
  const { type, onlyWith } = METRIC_SPECS[name];
  return onlyWith === undefined ? `${name} ${type}` : `${name} ${type} ${onlyWith.join(',') || 'NEVER'}`;
}).join('\n');
