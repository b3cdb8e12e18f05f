import { formatCount, formatMs, formatRate } from '../../lib/text/format.ts';
import type { RunFinding } from '../../lib/summary/summary.ts';
import { type LimitAdvice, RUN_ADVICE } from './limit-advice.ts';
import { type ServerLimits, serverLimits } from './server-limits.ts';
import type { TimedRequest } from './timed-request.ts';
import type { LimitFigure } from './limit-figure.ts';

export const LIMITS_QUESTION = 'What limits it?';

/** With fewer answers nobody asks. */
const FEWEST = 100;

/** What a run, or a search, tells of its server's limits, in words; null for a run of few answers. */
export function limitsFinding(
  requests: readonly TimedRequest[],
  advice: LimitAdvice = RUN_ADVICE,
): RunFinding | null {
  const answered = requests.filter(({ isOk, isMeasured }) => isOk && isMeasured).length;
  if (answered < FEWEST) return null;
  const limits = serverLimits(requests, advice);
  if (limits !== null) return describeLimits(limits, advice);
  const sentence = 'cannot tell: answers came whole; run with --stream to see prefill, decode and the queue';
  return { question: LIMITS_QUESTION, sentence, rows: [] };
}

function describeLimits(limits: ServerLimits, { who }: LimitAdvice): RunFinding {
  const parts = [
    phrase(limits.requestsPerSec, (value) => `above ${formatRate(value)}/s the queue grows`),
    phrase(limits.tokensPerSec, (value) => `prefill about ${tokens(value)} tokens/s`),
    decodePhrase(limits),
    phrase(limits.atOnce, (value) => `${formatCount(Math.round(value))} answers at a time`),
    phrase(limits.cachedSavesMsPer1k, (value) => `1,000 cached tokens save ${formatMs(value)} ms`),
  ].filter((part) => part !== null);
  const whose = limits.modelCount > 1 ? `of ${limits.model}, which had most requests: ` : '';
  return {
    question: LIMITS_QUESTION,
    sentence: parts.length === 0 ? `${whose}${who} cannot tell` : `${whose}${parts.join('; ')}`,
    rows: rowsOf(limits),
  };
}

function decodePhrase({ tokensPerSecOfStream, tokensPerSecInAll }: ServerLimits): string | null {
  const stream = phrase(tokensPerSecOfStream, (value) => `${tokens(value)} tokens/s a stream`);
  const all = phrase(
    tokensPerSecInAll,
    (value) => `${tokens(value)} ${stream === null ? 'tokens/s ' : ''}in all`,
  );
  const known = [stream, all].filter((part) => part !== null);
  return known.length === 0 ? null : `decode ${known.join(', ')}`;
}

function phrase(told: LimitFigure, say: (value: number) => string): string | null {
  return told.kind === 'known' ? say(told.value) : null;
}

function rowsOf(limits: ServerLimits): RunFinding['rows'] {
  const { waits } = limits;
  const queued =
    waits === null || waits.ratio === 0
      ? []
      : [
          {
            name: 'waited in the queue',
            value: `${Math.round(waits.ratio * 100)} % of streams`,
            note: `${formatMs(waits.medianMs)} ms at the median, beyond TTFT at low load`,
          },
        ];
  return [
    row('the queue grows above', limits.requestsPerSec, (value) => `${formatRate(value)} requests/s`),
    ...queued,
    row('answers at a time', limits.atOnce, (value) => formatCount(Math.round(value))),
    row('prefill', limits.tokensPerSec, (value) => `${tokens(value)} tokens/s`),
    row('1,000 cached tokens save', limits.cachedSavesMsPer1k, (value) => `${formatMs(value)} ms`),
    row('decode, a stream', limits.tokensPerSecOfStream, (value) => `${tokens(value)} tokens/s`),
    row('decode, in all', limits.tokensPerSecInAll, (value) => `${tokens(value)} tokens/s`),
  ];
}

function row(name: string, told: LimitFigure, show: (value: number) => string): RunFinding['rows'][number] {
  if (told.kind === 'unknown') return { name, value: 'cannot tell', note: told.reason };
  return { name, value: show(told.value), note: `95 % CI ${show(told.low)} to ${show(told.high)}` };
}

/** Two or three digits are all that an estimate is worth. */
function tokens(perSec: number): string {
  const digits = perSec >= 1000 ? 2 : 3;
  return formatCount(Number(perSec.toPrecision(digits)));
}
