import type { JsonRecord } from '../../parse/json.ts';
import type { DueRequest } from '../../plan/planned-parts.ts';
import { isSessionKind } from '../../prompts/session/session-kinds.ts';
import { playSession, type SessionPlay } from '../../prompts/session/session-play.ts';
import type { Session } from '../../prompts/session/session.ts';
import { createSizedTexts, withTexts } from '../../prompts/session/sized-text.ts';
import { storedSession } from '../../prompts/session/stored-session.ts';
import { createTracedSessions } from '../../prompts/session/traced-session.ts';
import { synthetic } from '../parts.ts';
import type { SessionsInput, Sessions } from '../parts.ts';

export { firstFields, firstTurns } from '../../prompts/session/first-turns.ts';
export { isSessionText, parseSessions } from '../../prompts/session/parse-sessions.ts';
export { storedFigures, storedSession, storeSessions } from '../../prompts/session/stored-session.ts';

/** What a VU sends when it is sessions that are sent: those of a file, or conversations of a trace. */
export function createSessions({ rows, settings, correctionRatio, saltFor }: SessionsInput): Sessions {
  const { seed, sessionAnswers, kind, timeScale } = settings;
  const textOf = createSizedTexts(seed);
  const fill = (value: JsonRecord): JsonRecord => withTexts(value, textOf) as JsonRecord;
  const traced =
    rows === null ? createTracedSessions(synthetic().createSyntheticTexts(seed), correctionRatio) : null;
  const sessionAt = (iteration: number, due: DueRequest | null): Session | null =>
    rows !== null ? storedSession(rows, iteration) : due === null ? null : (traced?.(iteration, due) ?? null);
  return {
    open: (iteration, due): SessionPlay =>
      playSession(sessionAt(iteration, due) ?? { id: '', startMs: null, turns: [] }, {
        answers: sessionAnswers,
        kind: isSessionKind(kind) ? kind : 'chat',
        timeScale: rows === null ? 1 : timeScale,
        salt: saltFor(iteration),
        withTexts: fill,
      }),
  };
}
