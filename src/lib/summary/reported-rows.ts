import { REPORTED_PARTS, type ReportedPart } from '../answer/reported-times.ts';
import { submetric } from '../metrics/submetrics.ts';
import type { Summary } from './summary.ts';

/** One part of the time that the server tells of, beside what the client saw of it. */
export type ReportedRow = {
  name: string;
  count: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
};

const NAMES: Readonly<Record<ReportedPart, string>> = {
  proxy: "relay's own work",
  queue: 'wait in its queue',
  prompt: 'prompt',
  first_token: 'first token',
  decode: 'writing',
  token: 'per token',
};

/** The parts that the server told of, in the order in which they pass; empty when it told of none. */
export function reportedRows({ metrics }: Pick<Summary, 'metrics'>): ReportedRow[] {
  return REPORTED_PARTS.flatMap((part) => {
    const values = metrics[submetric('ai_reported_ms', { part })];
    const count = values?.['count'] ?? 0;
    if (values === undefined || count === 0) return [];
    return [
      {
        name: NAMES[part],
        count,
        p50: values['med'] ?? null,
        p95: values['p(95)'] ?? null,
        p99: values['p(99)'] ?? null,
      },
    ];
  });
}
