import { ConfigError } from '../parse/config-error.ts';
import { durationMs } from '../parse/values.ts';

/** When a user gives a stream up (`LLM_ABORT`): after a time from its issue, or so many events with content. */
export type LeaveAfter = { kind: 'time'; ms: number } | { kind: 'tokens'; count: number };

/** Which share of the streams is given up, 0 to 1, and when. */
export type AbortRule = { after: LeaveAfter; shareRatio: number };

const MAX_TOKENS = 10_000_000;
const SHAPE = /^after:(?:(\d+)tokens?|([^@]+))@(\d+\.?\d*|\.\d+)%$/i;

/**
 * Reads `after:2s@10%` or `after:20tokens@10%`.
 *
 * @throws ConfigError on anything else.
 */
export function parseAbort(text: string, setting: string): AbortRule {
  const match = SHAPE.exec(text.trim());
  const [, tokens, span, percent] = match ?? [];
  const shareRatio = Number(percent) / 100;
  const count = Number(tokens);
  if (match !== null && shareRatio > 0 && shareRatio <= 1) {
    const ms = span === undefined ? null : spanMs(span);
    if (ms !== null) return { after: { kind: 'time', ms }, shareRatio };
    if (count >= 1 && count <= MAX_TOKENS) return { after: { kind: 'tokens', count }, shareRatio };
  }
  throw new ConfigError({
    setting,
    got: text,
    expected:
      'when and which share of the streams: after:DURATION@PERCENT% (1ms to 1h) or after:Ntokens@PERCENT%',
    example: `${setting}='after:2s@10%', or after:20tokens@10%`,
  });
}

/** null: it is no duration. */
function spanMs(span: string): number | null {
  try {
    return durationMs({ min: 1, max: 3_600_000, example: '2s' })(span, '');
  } catch {
    return null;
  }
}

/** What ends the streams that a rule of `LLM_ABORT` gives up; null for what is none. */
export function leavingKind(text: string): LeaveAfter['kind'] | null {
  const match = SHAPE.exec(text.trim());
  if (match === null) return null;
  return match[1] === undefined ? 'time' : 'tokens';
}

/** The rule as the meter is told it: `ms:2000`, `tokens:20`. */
export function writeLeaveAfter(after: LeaveAfter): string {
  return after.kind === 'time' ? `ms:${after.ms}` : `tokens:${after.count}`;
}

/** Reads what `writeLeaveAfter` wrote; null for anything else. */
export function readLeaveAfter(text: string | null): LeaveAfter | null {
  const match = /^(ms|tokens):(\d+(?:\.\d+)?)$/.exec(text ?? '');
  if (match === null) return null;
  const value = Number(match[2]);
  return match[1] === 'ms' ? { kind: 'time', ms: value } : { kind: 'tokens', count: value };
}
