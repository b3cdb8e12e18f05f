import { type AnswerWarning, warning, type WarningKind } from '../../answer/answer-warnings.ts';
import type { Attempt } from '../../answer/attempt.ts';
import { chargeFor } from '../../money/price.ts';
import { OWN_COUNTERS } from '../../metrics/submetrics.ts';
import type { WarningContext } from '../parts.ts';
import { addTagged, countOne } from '../engine/add-sample.ts';
import { logWarning } from './failure-log.ts';

/**
 * Counts what looked wrong in an answer, and in its price; the first of each kind is told in the log.
 */
export function recordWarnings(
  attempt: Attempt,
  model: string,
  { found, invalid, requestKind }: WarningContext,
): WarningKind[] {
  const unfit = invalid === null ? [] : [warning('invalid_output', invalid)];
  const all = [...attempt.warnings, ...unfit, ...priceWarnings(attempt, model, found)];
  for (const { kind, text } of all) {
    const own = OWN_COUNTERS.get(kind);
    if (own !== undefined) countOne(own);
    else addTagged('ai_warnings', 1, requestKind === null ? { kind } : { kind, request_kind: requestKind });
    logWarning(model, kind, text);
  }
  return all.map(({ kind }) => kind);
}

/** What is to be told of the price, where the answer names another model, or rates of its own. */
function priceWarnings(
  { answeredModel, rates, usage }: Attempt,
  model: string,
  { priced, isOther }: WarningContext['found'],
): AnswerWarning[] {
  const unknown = priced === null ? [] : (chargeFor(usage, priced.price, rates)?.unknownRates ?? []);
  return [
    ...(isOther ? [warning('other_model', `${model} asked, ${answeredModel ?? ''} answered`)] : []),
    ...(unknown.length > 0 ? [warning('other_rate', unknown.join(', '))] : []),
  ];
}
