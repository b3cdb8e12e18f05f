import { isRecord } from '../../lib/parse/json.ts';
import { fetchDirect } from '../http1/fetch-direct.ts';
import type { Summary } from '../../lib/summary/summary.ts';

/** What one side counted, preflight included. */
export type Count = { requests: number; failed: number; inputTokens: number; outputTokens: number };

/** What the runs counted, all together. Attempts cut short reached the mock, and have neither failed nor told usage. */
export function countOfRuns(summaries: readonly Summary[]): Count {
  const sum = (pick: (totals: Summary['totals']) => number): number =>
    summaries.reduce((total, { totals }) => total + pick(totals), 0);
  return {
    requests: sum(
      ({ requestsFinished, cutShort, preflight }) =>
        requestsFinished + (cutShort ?? 0) + (preflight?.requests ?? 0),
    ),
    failed: sum(({ failed }) => failed),
    inputTokens: sum(({ inputTokens, preflight }) => inputTokens + (preflight?.inputTokens ?? 0)),
    outputTokens: sum(({ outputTokens, preflight }) => outputTokens + (preflight?.outputTokens ?? 0)),
  };
}

/**
 * What the mock itself counted, from `/__truth`; null when it does not tell.
 *
 * @param mockUrl its base URL, which ends in `/v1`.
 */
export async function countOfMock(mockUrl: string): Promise<Count | null> {
  try {
    const response = await fetchDirect(`${new URL(mockUrl).origin}/__truth`, {
      setting: 'LLM_BASE_URL',
      signal: AbortSignal.timeout(5000),
    });
    const truth: unknown = await response.json();
    const totals = isRecord(truth) && isRecord(truth['totals']) ? truth['totals'] : {};
    const { requests, failed, inputTokens, outputTokens } = totals;
    if (typeof requests !== 'number' || typeof failed !== 'number') return null;
    if (typeof inputTokens !== 'number' || typeof outputTokens !== 'number') return null;
    return { requests, failed, inputTokens, outputTokens };
  } catch {
    return null;
  }
}

/** Both counts side by side, in lines of at most 76 columns. */
export function compareCounts(runs: Count, mock: Count | null): { ok: boolean; lines: string[] } {
  if (mock === null) return { ok: false, lines: ['the mock did not tell what it counted'] };
  const same = (Object.keys(runs) as (keyof Count)[]).every((name) => runs[name] === mock[name]);
  return same
    ? { ok: true, lines: [`the mock counted the same: ${text(mock)}`] }
    : { ok: false, lines: [`the mock counted ${text(mock)}`, `the runs counted ${text(runs)}`] };
}

function text({ requests, failed, inputTokens, outputTokens }: Count): string {
  return `${requests} requests, ${failed} failed, ${inputTokens + outputTokens} tokens`;
}
