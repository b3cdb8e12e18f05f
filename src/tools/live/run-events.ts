import type { ErrorKind } from '../../lib/answer/attempt.ts';
import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import { type Expression, isMet, parseExpression } from '../../lib/thresholds/expression.ts';
import { headlineUsd } from '../../lib/text/headline-usd.ts';
import type { Figures } from '../results/figures/figures.ts';
import { thresholdCell, thresholdValue } from '../results/figures/threshold-value.ts';

/** Something that a person who watches wants to be told of, once. */
export type RunEvent = { atMs: number; text: string };

/** What a run is judged by, so far. */
export type JudgedSoFar = {
  metric: string;
  expression: string;
  /** null where its samples do not tell it, as of k6's own metrics, or there is none yet. */
  value: number | null;
  met: boolean | null;
};

/** A percentile of fewer is no news. */
const WORTH_TELLING = 20;
/** The share of the budget that is worth a warning. */
const BUDGET_SHARE = 0.8;

/** Notices first errors by kind, thresholds that break, and a budget that nears its end. */
export class RunEvents {
  readonly list: RunEvent[] = [];
  readonly #budgetUsd: number | null;
  readonly #seenKinds = new Set<ErrorKind>();
  readonly #broken = new Set<string>();
  #budgetTold = false;

  constructor(budgetUsd: number | null) {
    this.#budgetUsd = budgetUsd;
  }

  say(atMs: number, text: string): void {
    this.list.push({ atMs, text });
  }

  addRecord({ outcome, model, status }: SampleRecord, endsAtMs: number): void {
    if (outcome === 'ok' || outcome === 'aborted' || this.#seenKinds.has(outcome)) return;
    const first = this.#seenKinds.size === 0 ? 'first error' : 'first of its kind';
    this.#seenKinds.add(outcome);
    this.say(endsAtMs, `${first}: ${outcome} of ${model}${status === 0 ? '' : `, HTTP ${status}`}`);
  }

  /** @param nowMs from the beginning of the load. */
  check(
    figures: Figures,
    { nowMs, thresholds }: { nowMs: number; thresholds: readonly { metric: string; expression: string }[] },
  ): JudgedSoFar[] {
    this.#checkBudget(figures, nowMs);
    return thresholds.map(({ metric, expression }) => {
      const judged = judgeSoFar(figures, { metric, expression, nowMs });
      const key = `${metric} ${expression}`;
      if (judged.isBroken && !this.#broken.has(key)) {
        this.#broken.add(key);
        this.say(nowMs, `threshold broken: ${key}`);
      }
      return { metric, expression, value: judged.value, met: judged.met };
    });
  }

  #checkBudget(figures: Figures, nowMs: number): void {
    const spentUsd = figures.total('ai_cost_dollars');
    if (this.#budgetTold || this.#budgetUsd === null || spentUsd < this.#budgetUsd * BUDGET_SHARE) return;
    this.#budgetTold = true;
    const percent = Math.floor((spentUsd / this.#budgetUsd) * 100);
    this.say(nowMs, `budget: ${percent} % of ${headlineUsd(this.#budgetUsd)} is spent`);
  }
}

function judgeSoFar(
  figures: Figures,
  { metric, expression, nowMs }: { metric: string; expression: string; nowMs: number },
): { value: number | null; met: boolean | null; isBroken: boolean } {
  const parsed = parseExpression(expression);
  const cell = thresholdCell(figures, metric);
  if (parsed === null || cell === null) return { value: null, met: null, isBroken: false };
  const value = thresholdValue(cell, parsed, nowMs);
  if (value === null) return { value: null, met: null, isBroken: false };
  const met = isMet(parsed, value);
  return { value, met, isBroken: !met && isNews(parsed, cell.count) };
}

/** What can only grow is not broken as long as it is too small: `count>0` of a run that has just begun. */
function isNews({ statistic, comparison }: Expression, count: number): boolean {
  const grows = statistic.kind === 'count' || statistic.kind === 'max' || statistic.kind === 'value';
  if (grows) return comparison === '<' || comparison === '<=';
  return count >= WORTH_TELLING;
}
