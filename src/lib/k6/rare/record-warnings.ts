import { type AnswerWarning, warning, type WarningKind } from '../../answer/answer-warnings.ts';
import type { Attempt } from '../../answer/attempt.ts';
import { chargeFor } from '../../money/price.ts';
import { addTagged, countOne } from '../engine/add-sample.ts';
import type { FoundPrice } from '../vu/setup-data.ts';
import { logWarning } from './failure-log.ts';

/** Counts what looked wrong in an answer, and in its price; the first of each kind is told in the log. */
export function recordWarnings(attempt: Attempt, model: string, found: FoundPrice): WarningKind[] {
  const all = [...attempt.warnings, ...priceWarnings(attempt, model, found)];
  for (const { kind, text } of all) {
    if (kind === 'unknown_finish') countOne('ai_unknown_finish');
    else addTagged('ai_warnings', 1, { kind });
    logWarning(model, kind, text);
  }
  return all.map(({ kind }) => kind);
}

/** What is to be told of the price, where the answer names another model, or rates of its own. */
function priceWarnings(
  { answeredModel, rates, usage }: Attempt,
  model: string,
  { priced, isOther }: FoundPrice,
): AnswerWarning[] {
  const unknown = priced === null ? [] : (chargeFor(usage, priced.price, rates)?.unknownRates ?? []);
  return [
    ...(isOther ? [warning('other_model', `${model} asked, ${answeredModel ?? ''} answered`)] : []),
    ...(unknown.length > 0 ? [warning('other_rate', unknown.join(', '))] : []),
  ];
}
