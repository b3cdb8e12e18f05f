import { formatMs } from '../../../lib/text/format.ts';
import type { RuleRow } from './rule-row.ts';

const FIGURES = [
  { name: 'TTFT', of: ({ ttftMs }: RuleRow) => ttftMs },
  { name: 'TPOT', of: (row: RuleRow) => row.tpotMs ?? row.withServerTokens?.tpotMs ?? null },
  { name: 'latency', of: ({ latencyMs }: RuleRow) => latencyMs },
];

/** What a manager reads: how far the tools are apart on the very same events. */
export function rulesSentence(rows: readonly RuleRow[]): string {
  const [ours] = rows;
  const [run] = rows.map((row) => row.run);
  const what = run === undefined ? 'The same stream' : `The same run of ${run.requests} streamed requests`;
  const spreads = FIGURES.map((figure) => spreadOf(rows, figure)).filter((spread) => spread !== null);
  const failed = rows.filter(({ outcome }) => outcome === 'failed').map(({ tool }) => tool);
  const failures =
    failed.length === 0
      ? ''
      : failed.length === rows.length
        ? '; every tool counts it as failed'
        : `; ${failed.join(', ')} ${failed.length === 1 ? 'counts' : 'count'} it as failed`;
  const figures =
    spreads.length === 0
      ? 'no time by any rule'
      : [spreads.slice(0, -1).join(', '), ...spreads.slice(-1)].filter((part) => part !== '').join(' and ');
  const mean = run === undefined || spreads.length === 0 ? '' : ' on average';
  return ours === undefined ? 'Nothing to score.' : `${what} has${mean} ${figures}${failures}.`;
}

function spreadOf(
  rows: readonly RuleRow[],
  { name, of }: { name: string; of: (row: RuleRow) => number | null },
): string | null {
  const known = rows.flatMap((row) => {
    const ms = of(row);
    return ms === null ? [] : [{ tool: row.tool, ms }];
  });
  const extreme = (pick: (...values: number[]) => number): (typeof known)[number] | undefined =>
    known.find(({ ms }) => ms === pick(...known.map((one) => one.ms)));
  const low = extreme(Math.min);
  const high = extreme(Math.max);
  if (low === undefined || high === undefined) return null;
  const [from, to] = [formatMs(low.ms), formatMs(high.ms)];
  if (from === to) return `a ${name} of ${from} ms by every rule that has one`;
  return `a ${name} from ${from} ms (${low.tool}) to ${to} ms (${high.tool})`;
}
