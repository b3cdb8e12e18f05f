import { formatCount, formatMs, formatRate, formatUsd, NOT_AVAILABLE } from '../../text/format.ts';
import type { Block, Summary } from '../summary.ts';

/** The columns of a table of kinds, the first one left; times in ms. Texts embedded and documents ranked a request; none of text. */
export const KIND_TITLES = ['kind', 'ok', 'fail', 'p50', 'p95', 'p99', 'in/req', 'tok in', 'out', 'USD'];

/** A row for each kind of request, where a run sends several; empty where it sends one, or an older run does not say. */
export function kindRows({ kinds }: Summary): string[][] {
  const entries = Object.entries(kinds ?? {});
  return entries.length < 2 ? [] : entries.map(([name, block]) => [name, ...cellsOf(block)]);
}

function cellsOf(block: Block): string[] {
  const { succeeded, failed, latencyMs, inputs, inputTokens, outputTokens, costUsd } = block;
  const isText = inputs === 0;
  return [
    formatCount(succeeded),
    formatCount(failed),
    formatMs(latencyMs.p50),
    formatMs(latencyMs.p95),
    formatMs(latencyMs.p99),
    isText ? '-' : formatRate(inputs / succeeded),
    formatCount(inputTokens),
    isText ? formatCount(outputTokens) : '-',
    costUsd === null ? NOT_AVAILABLE : formatUsd(costUsd).slice(1),
  ];
}

/** What requests that are answered with no text took in; empty where there are none. */
export function inputPairs({ totals, kinds, metrics }: Summary): [string, string][] {
  if (!(totals.inputs > 0)) return [];
  const asked = Object.values(kinds ?? {}).filter(({ inputs }) => inputs > 0);
  const answered = asked.reduce((sum, { succeeded }) => sum + succeeded, 0);
  const perSec = metrics['ai_input_tokens_per_sec']?.['med'] ?? null;
  return [
    ['inputs / request', formatRate(answered === 0 ? null : totals.inputs / answered)],
    ['input tok/s p50', formatRate(perSec)],
  ];
}

/** Nothing of the run is answered with text: there are no output tokens to speak of. */
export function hasNoText({ totals }: Pick<Summary, 'totals'>): boolean {
  return totals.inputs > 0 && totals.outputTokens === 0;
}
