import { formatMs, formatPercent, NOT_AVAILABLE } from '../../lib/text/format.ts';
import { plainText } from '../../lib/text/plain-text.ts';
import { type Column, renderTable, wrap } from '../../lib/text/table.ts';
import { shortUsd } from '../answers/short-usd.ts';
import type { AbAnswer, ProviderRow } from './ab-answer.ts';
import { amount, signedAmount } from './amount.ts';
import type { ProviderDifference } from './compare-pairs.ts';
import { PAIR_MEASURES, SUCCESS } from './pair-measure.ts';

const WIDTH = 80;

const numbers = (titles: readonly string[], width: number): Column[] =>
  titles.map((title) => ({ title, width, align: 'right' }));

/** A buyer's table, the differences, what one costs in the other; each line within 80 columns. */
export function renderAb(answer: AbAnswer): string {
  const { providers, differences, tradeOffs } = answer;
  const isStreamed = providers.some(({ ttftP50Ms }) => ttftP50Ms !== null);
  const lines = [
    ...renderTable(
      buyerColumns(isStreamed),
      providers.map((row) => buyerCells(row, isStreamed)),
    ),
    ...failureNotes(answer).flatMap((line) => wrap(line, WIDTH, '  ')),
    ...(differences.length === 0 ? [] : ['', ...differenceTable(differences)]),
    ...(tradeOffs.length === 0 ? [] : ['', ...tradeOffs.flatMap((line) => wrap(line, WIDTH, '  '))]),
    '',
    ...notesOf(answer).flatMap((line) => wrap(line, WIDTH, '  ')),
  ];
  return plainText(lines.join('\n'));
}

function buyerColumns(isStreamed: boolean): Column[] {
  return [
    { title: 'provider', width: isStreamed ? 12 : 31, align: 'left' },
    ...(isStreamed ? [...numbers(['TTFT p50'], 8), ...numbers(['p95'], 7)] : []),
    ...numbers([isStreamed ? 'lat. p50' : 'p50 ms'], 8),
    ...numbers(['p95', 'success'], 7),
    ...numbers(['$/1,000'], 8),
    ...numbers(['$/good'], 9),
  ];
}

/** Cells of one provider, as people buy: speed, success, dollars. */
export function buyerCells(row: ProviderRow, isStreamed: boolean): string[] {
  const { name, ttftP50Ms, ttftP95Ms, latencyP50Ms, latencyP95Ms, successRatio } = row;
  return [
    name,
    ...(isStreamed ? [formatMs(ttftP50Ms), formatMs(ttftP95Ms)] : []),
    formatMs(latencyP50Ms),
    formatMs(latencyP95Ms),
    formatPercent(successRatio),
    shortUsd(row.usdPer1kRequests),
    shortUsd(row.usdPerGoodRequest),
  ];
}

function differenceTable(differences: readonly ProviderDifference[]): string[] {
  const several = new Set(differences.flatMap(({ first, second }) => [first, second])).size > 2;
  const couples = [...new Set(differences.map(coupleOf))];
  return couples.flatMap((couple) => [
    ...(several ? ['', couple] : [couple]),
    ...renderTable(
      [
        { title: 'difference', width: 26, align: 'left' },
        ...numbers([''], 11),
        ...numbers(['between'], 24),
        { title: 'better', width: 13, align: 'left' },
      ],
      differences.filter((one) => coupleOf(one) === couple).map(differenceCells),
    ),
  ]);
}

function coupleOf({ first, second }: ProviderDifference): string {
  return `${second} against ${first}`;
}

/** Cells of one difference: what it is of, how large, its interval, who is better. */
export function differenceCells(difference: ProviderDifference): string[] {
  const { measure, unit, low, high, better } = difference;
  const words = PAIR_MEASURES.find(({ name }) => name === measure)?.words ?? measure;
  const interval =
    low === null || high === null
      ? NOT_AVAILABLE
      : `${signedAmount(low, unit).replace(/ ms$/, '')} to ${signedAmount(high, unit)}`;
  const verdict = better ?? (low === null ? 'cannot tell' : 'within noise');
  return [words, signedAmount(difference.difference, unit), interval, verdict];
}

/** Who was not compared, and why. */
export function failureNotes({ providers }: AbAnswer): string[] {
  return providers.flatMap(({ name, failed }) =>
    failed === null ? [] : [`${name} failed at the start: ${failed}`],
  );
}

/** What a reader must know of the figures. */
export function notesOf(answer: AbAnswer): string[] {
  const { pairs, incompletePairs, confidence, differences, providers } = answer;
  const untold = differences.filter(({ reason }) => reason !== null);
  const ofTimes = untold.find(({ measure }) => measure !== SUCCESS);
  const ofSuccess = untold.find(({ measure }) => measure === SUCCESS);
  return [
    `${pairs} prompts, each sent to every provider one after the other, in an order drawn from the seed`,
    ...(incompletePairs === 0
      ? []
      : [`${incompletePairs} prompts that not every provider came to answer are in no figure`]),
    ...(confidence === null || differences.every(({ low }) => low === null)
      ? []
      : [
          `intervals hold all their truths at once with 95 % confidence (each ${amount(confidence, 'ratio')}); how alike neighbouring pairs are is counted in`,
        ]),
    ...[ofTimes, ofSuccess].flatMap((one) => (one === undefined ? [] : [`${one.measure}: ${one.reason}`])),
    ...providers.flatMap(({ name, succeeded, usdPer1kRequests }) =>
      succeeded > 0 && usdPer1kRequests === null
        ? [`no dollars of ${name}: its answers have no price (LLM_PRICES adds one), or no token counts`]
        : [],
    ),
  ];
}
