import { answers } from '../../parts.ts';
import type { Answer } from './transport.ts';

/** A request that no answer came to, for a reason that is not the server's word. */
export function noAnswer(errorText: string, endMs: number, errorCode = 0): Answer {
  return answers().attemptOf({
    status: 0,
    errorCode,
    errorText,
    headers: {},
    bodyText: '',
    stream: false,
    wantsText: false,
    ttfbMs: null,
    endMs,
    nowMs: 0,
  });
}
