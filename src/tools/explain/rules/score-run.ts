import type { Slo, SloFigure } from '../../../lib/figures/slo.ts';
import { mean } from '../../../lib/numbers/mean.ts';
import { quantile, sortSamples } from '../../../lib/numbers/quantiles.ts';
import type { RecordedStream } from './read-record.ts';
import { RECORD_RULES, type RecordRule, type RecordScore } from './score-record.ts';
import type { RuleRow } from './rule-row.ts';

/**
 * A whole run under each rule: means and p95 over the requests that succeeded and of which the rule tells the figure,
 * goodput as the tool's share of the requests.
 */
export function scoreRun(streams: readonly RecordedStream[], slo: Slo | null): RuleRow[] {
  const succeeded = streams.filter(({ outcome }) => outcome === 'ok');
  return RECORD_RULES.map((rule) => rowOf(rule, succeeded.map(rule.score), { all: streams.length, slo }));
}

function rowOf(
  { rule, notes, goodputOf }: RecordRule,
  scores: readonly RecordScore[],
  { all, slo }: { all: number; slo: Slo | null },
): RuleRow {
  const known = (of: (score: RecordScore) => number | null): number[] =>
    scores.map(of).filter((value) => value !== null);
  const ttft = known(({ ttftMs }) => ttftMs);
  const tpot = known(({ tpotMs }) => tpotMs);
  const latency = known(({ latencyMs }) => latencyMs);
  const server = scores.map(({ withServerTokens }) => withServerTokens).filter((value) => value !== null);
  const serverTokens = mean(server.map(({ outputTokens }) => outputTokens));
  const serverTpot = server.map((one) => one.tpotMs).filter((value) => value !== null);
  return {
    ...rule,
    outcome: 'ok',
    reason: null,
    ttftMs: mean(ttft),
    tpotMs: mean(tpot),
    latencyMs: mean(latency),
    outputTokens: mean(known(({ outputTokens }) => outputTokens)),
    withServerTokens:
      server[0] === undefined || serverTokens === null
        ? null
        : { option: server[0].option, outputTokens: serverTokens, tpotMs: mean(serverTpot) },
    run: {
      requests: all,
      succeeded: scores.length,
      known: { ttftMs: ttft.length, tpotMs: tpot.length || serverTpot.length, latencyMs: latency.length },
      p95: { ttftMs: p95(ttft), tpotMs: p95(tpot.length > 0 ? tpot : serverTpot), latencyMs: p95(latency) },
    },
    ...(slo === null
      ? {}
      : { goodput: goodputOf === null ? null : shareOfGood(scores, { all, slo, of: goodputOf }) }),
    notes,
  };
}

/** null where a figure that the SLO asks for is unknown of a request, or nothing is there to be a share of. */
function shareOfGood(
  scores: readonly RecordScore[],
  { all, slo, of }: { all: number; slo: Slo; of: 'attempted' | 'succeeded' },
): number | null {
  const whole = of === 'attempted' ? all : scores.length;
  if (whole === 0) return null;
  let good = 0;
  for (const score of scores) {
    const meets = slo.map(({ figure, limitMs }) => {
      const value = figureOf(score, figure);
      return value === null ? null : value <= limitMs;
    });
    if (meets.includes(null)) return null;
    if (!meets.includes(false)) good += 1;
  }
  return good / whole;
}

function figureOf(score: RecordScore, figure: SloFigure): number | null {
  switch (figure) {
    case 'ttft':
      return score.ttftMs;
    case 'tpot':
      return score.tpotMs;
    case 'latency':
      return score.latencyMs;
    case 'ttfo':
      return null;
    default:
      return unreachable(figure);
  }
}

function unreachable(figure: never): never {
  throw new Error(`unknown figure ${String(figure)}`);
}

function p95(values: readonly number[]): number | null {
  return quantile(sortSamples(values), 0.95);
}
