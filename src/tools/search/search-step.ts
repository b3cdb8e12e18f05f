import type { StepSpan } from './step-length.ts';
import type { StepLength } from './step-record.ts';

/** One k6 run of a search. */
export type SearchStep = {
  number: number;
  load: number;
  length: StepLength;
  times: StepSpan;
  /** Dollars left for it; null: no limit. */
  budgetUsd: number | null;
  /** Do not begin if its forecast is over that. */
  refusesOverBudget: boolean;
};
