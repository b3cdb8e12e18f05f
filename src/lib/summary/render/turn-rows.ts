import { formatCount, formatMs, formatPercent, formatSpan } from '../../text/format.ts';
import type { Summary } from '../summary.ts';

/** Titles of `turnRows`. */
export function turnTitles({ stream }: Pick<Summary, 'stream'>): string[] {
  return ['turn', 'ok', 'fail', 'p50 ms', 'p95 ms', ...(stream ? ['TTFT p50'] : []), 'tok in', 'cached'];
}

/** One row a place in the conversation, as text; none where requests stood by themselves, or an older file tells nothing. */
export function turnRows({ turns, stream }: Pick<Summary, 'turns' | 'stream'>): string[][] {
  return (turns ?? [])
    .filter(({ requests }) => requests > 0)
    .map((one) => [
      one.turn,
      formatCount(one.succeeded),
      formatCount(one.requests - one.succeeded),
      formatMs(one.latencyMs.p50),
      formatMs(one.latencyMs.p95),
      ...(stream ? [formatMs(one.ttftMs.p50)] : []),
      formatCount(one.inputTokens),
      formatPercent(one.cachedRatio),
    ]);
}

/** What became of the sessions, in a sentence; null where none were sent. */
export function sessionSentence({ sessions }: Pick<Summary, 'sessions'>): string | null {
  if (!sessions) return null;
  const { complete, broken, durationMs } = sessions;
  const times =
    durationMs.p50 === null
      ? ''
      : `, ${formatSpan(durationMs.p50)} at p50 and ${formatSpan(durationMs.p95)} at p95 from first request to last answer`;
  const lost = broken === 0 ? '' : `, ${formatCount(broken)} broken off by a turn that failed`;
  return `${formatCount(complete)} sessions complete${times}${lost}`;
}
