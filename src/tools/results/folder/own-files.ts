import { SAMPLES_FILE } from '../read/open-input.ts';

/** The layout of k6's dashboard, which `--k6-dashboard` writes. */
export const LAYOUT_FILE = 'dashboard-layout.json';

const NAMES: readonly string[] = [
  SAMPLES_FILE,
  `${SAMPLES_FILE}.gz`,
  'summary.json',
  'summary.md',
  'junit.xml',
  'stats.csv',
  'report.html',
  'dashboard.html',
  LAYOUT_FILE,
];

/** Whether a name in a results folder is one that a run writes; all others are somebody else's. */
export function isOwnFile(name: string): boolean {
  return NAMES.includes(name) || /^shard-\d+$/.test(name);
}
