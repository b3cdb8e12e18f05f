import { headlineUsd } from '../../../lib/text/headline-usd.ts';
import { capitalized } from '../../../lib/text/capitalized.ts';
import { formatCount, formatPercent, formatRate, formatSpan, formatUsd } from '../../../lib/text/format.ts';
import type { Summary, Totals } from '../../../lib/summary/summary.ts';
import type { BreakingPoint } from '../../../lib/summary/breaking-point.ts';
import { foundBySteps } from '../../../lib/summary/render/step-rows.ts';
import { interruptedText } from '../../../lib/summary/interruption.ts';
import { firstBreak } from '../first-break.ts';
import type { RunData } from '../../results/read/run-data.ts';

/** How a state looks: a word, a sign beside it, and a tone for its colour. Never the colour alone. */
export type Tone = 'good' | 'bad' | 'doubtful' | 'plain';

export type VerdictAnswer = {
  question: string;
  tone: Tone;
  sign: string;
  short: string;
  sentences: readonly string[];
};

/** The four questions that a run is made for, answered in words. */
export function answersFor({ summary, figures }: RunData): VerdictAnswer[] {
  return [
    didItHold(summary),
    whatBroke(summary, firstBreak(summary, figures)?.sentence ?? null),
    whatItCost(summary.totals),
    mayItBeTrusted(summary),
  ];
}

function didItHold(summary: Summary): VerdictAnswer {
  const { slo, totals, thresholds, durationMs, stopped } = summary;
  const found = foundBySteps(summary);
  if (found !== null) return whereItBroke(summary, found);
  const interrupted = interruptedText(summary);
  const met = thresholds.filter(({ ok }) => ok).length;
  const judged = thresholds.filter(({ ok }) => ok !== null).length;
  const load = `${formatCount(totals.requestsFinished)} requests in ${formatSpan(durationMs)}, ${formatPercent(totals.errorRatio)} failed`;
  const question = 'Did it hold?';
  const sentences = [
    ...(stopped ? [`It stopped itself: ${stopped}.`] : []),
    `${capitalized(load)}.`,
    ...neitherGoodNorFailed(totals),
  ];
  if (interrupted !== null) {
    sentences.unshift(`${interrupted}.`);
    sentences.push('What its thresholds say of a part is no verdict.');
    return { question, tone: 'doubtful', sign: '!', short: 'Not judged: interrupted', sentences };
  }
  switch (slo.state) {
    case 'pass':
      sentences.push(`${met} of ${judged} thresholds met.`);
      if (judged < thresholds.length) sentences.push(`${thresholds.length - judged} had no sample to judge.`);
      return { question, tone: 'good', sign: '✓', short: 'Yes', sentences };
    case 'fail':
      sentences.push(`Not met: ${slo.breached.join('; ')}.`);
      return { question, tone: 'bad', sign: '✕', short: 'No', sentences };
    case 'not-judged':
      sentences.push('No threshold judged this run.');
      return { question, tone: 'plain', sign: '–', short: 'Not judged', sentences };
    default:
      return slo.state satisfies never;
  }
}

/** What a load of steps is made for. */
function whereItBroke({ stopped, totals, durationMs }: Summary, found: BreakingPoint): VerdictAnswer {
  const { broke, sentence } = found;
  const sentences = [
    ...(stopped ? [`It stopped itself: ${stopped}.`] : []),
    `${capitalized(sentence)}.`,
    `${formatCount(totals.requestsFinished)} requests in ${formatSpan(durationMs)}.`,
    ...neitherGoodNorFailed(totals),
  ];
  const question = 'Where did it break?';
  if (broke !== null)
    return { question, tone: 'bad', sign: '✕', short: `At ${formatRate(broke.ratePerSec)}/s`, sentences };
  return found.isSafe
    ? { question, tone: 'good', sign: '✓', short: 'Nowhere', sentences }
    : { question, tone: 'doubtful', sign: '!', short: 'Not found', sentences };
}

/** What is in no error rate, and no success either for whoever asked. */
function neitherGoodNorFailed({ aborted, invalidOutput }: Summary['totals']): string[] {
  const streams = aborted === 1 ? 'stream was' : 'streams were';
  const answers = invalidOutput === 1 ? 'answer is' : 'answers are';
  return [
    ...(aborted > 0 ? [`${formatCount(aborted)} ${streams} given up by their users: in no latency.`] : []),
    ...(invalidOutput > 0
      ? [`${formatCount(invalidOutput)} ${answers} not the JSON that was asked for.`]
      : []),
  ];
}

function whatBroke({ slo, totals }: Summary, sentence: string | null): VerdictAnswer {
  const question = 'What broke first?';
  const kinds = Object.entries(totals.errors).toSorted(([, a], [, b]) => b - a);
  const errors =
    kinds.length === 0
      ? 'No request failed.'
      : `Failures by kind: ${kinds.map(([kind, count]) => `${kind} ${formatCount(count)}`).join(', ')}.`;
  if (sentence === null && slo.state !== 'fail') {
    return { question, tone: 'plain', sign: '–', short: 'Nothing', sentences: [errors] };
  }
  return {
    question,
    tone: 'bad',
    sign: '✕',
    short: 'A limit was passed',
    sentences: [sentence ?? 'Nothing was measured.', errors],
  };
}

function whatItCost(totals: Totals): VerdictAnswer {
  const question = 'What did it cost?';
  const tokens = `${formatCount(totals.inputTokens)} tokens in, ${formatCount(totals.outputTokens)} out.`;
  if (totals.costUsd === null) {
    return {
      question,
      tone: 'plain',
      sign: '–',
      short: 'Unknown',
      sentences: ['Nothing here has a price.', tokens],
    };
  }
  const per = [
    `${headlineUsd(totals.costUsdPer1kRequests)} per 1,000 requests`,
    `${headlineUsd(totals.costUsdPerGoodRequest)} per good request`,
    `${headlineUsd(totals.costUsdPerMillionOutputTokens)} per million output tokens`,
  ].filter((part) => !part.startsWith('n/a'));
  const sentences = [`${capitalized(per.join(', '))}.`, tokens];
  if (totals.unpriced > 0)
    sentences.push(`${formatCount(totals.unpriced)} answers have no price and are left out.`);
  if (totals.reportedCostUsd !== null)
    sentences.push(`The relay itself reports ${formatUsd(totals.reportedCostUsd)}.`);
  return { question, tone: 'plain', sign: '', short: headlineUsd(totals.costUsd), sentences };
}

const TRUST_WORDS: Readonly<Record<Summary['trust']['state'], string>> = {
  valid: 'Yes',
  underdelivered: 'No: the load was not delivered',
  'client-bound': 'No: the load generator was the limit',
  'too-short': 'In part: too few samples',
  'nothing-measured': 'No: nothing was measured',
};

function mayItBeTrusted({ trust }: Summary): VerdictAnswer {
  const question = 'May the numbers be trusted?';
  const short = TRUST_WORDS[trust.state];
  if (trust.state === 'valid') {
    const sentence = 'The load was delivered as planned, and the percentiles asked for have samples enough.';
    return { question, tone: 'good', sign: '✓', short, sentences: [sentence] };
  }
  const tone: Tone = trust.state === 'too-short' ? 'doubtful' : 'bad';
  return {
    question,
    tone,
    sign: tone === 'bad' ? '✕' : '!',
    short,
    sentences: trust.reasons.map((reason) => `${capitalized(reason)}.`),
  };
}
