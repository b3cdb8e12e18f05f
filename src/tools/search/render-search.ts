import { formatMs, formatPercent, formatRate } from '../../lib/text/format.ts';
import { capitalized } from '../../lib/text/capitalized.ts';
import { type Column, renderTable, wrap } from '../../lib/text/table.ts';
import { addedTimeText } from '../calibration/calibration.ts';
import { shortUsd } from '../answers/short-usd.ts';
import { loadText, shortLoad } from './load-text.ts';
import type { SearchAnswer } from './search-answer.ts';

const WIDTH = 80;

const COLUMNS: readonly Column[] = [
  { title: 'load', width: 8, align: 'right' },
  { title: '', width: 11, align: 'left' },
  { title: 'p95 ms', width: 6, align: 'right' },
  { title: 'TTFT', width: 6, align: 'right' },
  { title: 'failed', width: 6, align: 'right' },
  { title: 'good/s', width: 6, align: 'right' },
  { title: 'tokens/s', width: 8, align: 'right' },
  { title: 'a user', width: 6, align: 'right' },
  { title: '$/hour', width: 7, align: 'right' },
];

export const VERDICT_WORDS = {
  held: 'held',
  broken: 'broke',
  'not-driven': 'not made',
  unclear: 'unclear',
} as const;

/** A step's figures, as the table and the page have them. */
export function stepFigures(step: SearchAnswer['steps'][number]): string[] {
  return [
    formatMs(step.latencyP95Ms),
    formatMs(step.ttftP95Ms),
    formatPercent(step.failedRatio),
    formatRate(step.goodPerSec),
    formatRate(step.outputTokensPerSec),
    formatRate(step.tokensPerSecAUser),
    shortUsd(step.usdPerHour),
  ];
}

/** The table under the sentence, in 80 columns: every load that was tried, and why those broke that did. */
export function renderSearch(answer: SearchAnswer): string {
  const rows = answer.steps.map((step) => [
    shortLoad(step.load, step.unit),
    `${VERDICT_WORDS[step.verdict]}${step.tries > 1 ? ` x${step.tries}` : ''}`,
    ...stepFigures(step),
  ]);
  const reasons = answer.steps.flatMap((step) =>
    step.verdict === 'held'
      ? []
      : step.reasons.map((reason) => `${shortLoad(step.load, step.unit)}: ${reason}`),
  );
  return [
    ...(rows.length === 0 ? [] : renderTable(COLUMNS, rows)),
    ...[pointText(answer), ...clientNotes(answer)].flatMap((line) =>
      line === null ? [] : ['', ...wrapped(line)],
    ),
    ...limitLines(answer),
    ...(reasons.length === 0 ? [] : ['', ...reasons.flatMap(wrapped)]),
    ...(answer.reason === null ? [] : ['', ...wrapped(`Why: ${answer.reason}`)]),
  ]
    .join('\n')
    .replace(/^\n+/, '');
}

/** What limits the server: the sentence, then each figure with how sure it is. */
function limitLines({ limits }: SearchAnswer): string[] {
  if (limits === null) return [];
  const rows = limits.rows.map(({ name, value, note }) => `- ${name}: ${value} (${note})`);
  return [
    '',
    ...wrapped(`${limits.question} ${capitalized(limits.sentence)}`),
    ...rows.flatMap((line) => wrap(line, WIDTH, '  ')),
  ];
}

/** What the client itself adds, where there were streams to see it at. */
export function clientNotes({ client, there }: SearchAnswer): string[] {
  if (there === null || there.ttftP50Ms === null) return [];
  return client === null
    ? ['what this machine adds to TTFT is not known; k6-llm doctor --calibrate tells']
    : [addedTimeText(client)];
}

function wrapped(text: string): string[] {
  return wrap(/[.?!]$/.test(text) ? text : `${text}.`, WIDTH, '  ');
}

/** What one gets at the capacity, or at what held, for how much; null where nothing held. */
export function pointText({ there }: SearchAnswer): string | null {
  if (there === null) return null;
  const { goodPerSec, goodputRatio, outputTokensPerSec, tokensPerSecAUser, usdPerHour } = there;
  const parts = [
    ...(goodPerSec === null
      ? []
      : [`${formatRate(goodPerSec)} good requests/s (${formatPercent(goodputRatio)} of all)`]),
    ...(outputTokensPerSec === null ? [] : [`${formatRate(outputTokensPerSec)} tokens/s in all`]),
    ...(tokensPerSecAUser === null ? [] : [`${formatRate(tokensPerSecAUser)} tokens/s a user`]),
    usdPerHour === null ? 'no price is known' : `${shortUsd(usdPerHour)} an hour`,
  ];
  return `At ${loadText(there.load, there.unit)}: ${parts.join(', ')}`;
}
