import { isRecord } from '../parse/json.ts';
import type { Summary } from './summary.ts';

const GROUPS = [
  'slo',
  'trust',
  'totals',
  'models',
  'testTypes',
  'providers',
  'load',
  'settings',
  'metrics',
] as const;
const LISTS = ['thresholds', 'notes'] as const;

/** Whether a value has the parts that a report reads. The whole is described by docs/summary.schema.json. */
export function isSummary(value: unknown): value is Summary {
  return (
    isRecord(value) &&
    value['schemaVersion'] === 1 &&
    typeof value['scenario'] === 'string' &&
    GROUPS.every((name) => isRecord(value[name])) &&
    LISTS.every((name) => Array.isArray(value[name]))
  );
}
