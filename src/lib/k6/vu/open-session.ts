import { sleep } from '../engine/k6-api.ts';
import type { PlayedTurn } from '../../prompts/session/session-play.ts';
import type { Sessions } from '../parts.ts';
import type { Composed } from './composer.ts';
import type { OpenSession } from './opened-session.ts';
import type { Recorded } from './recorder.ts';
import { send } from './send.ts';
import type { Vu } from './vu.ts';

/** Opens the session of this iteration. Ahead of its turn: it may take a while. */
export function openSession(vu: Vu, sessions: Sessions): OpenSession {
  const play = sessions.open(vu.iteration, vu.due);
  return { play, next: ready(vu, play.next(0, null)), beganAtMs: null };
}

/**
 * Sends a session's next turn, when its pause is over.
 *
 * @returns null when the session is over: all was said, or a turn failed.
 */
export function sendNextTurn(vu: Vu, session: OpenSession): Recorded | null {
  if (session.next === null) return null;
  const { turn, composed } = session.next;
  const beganAtMs = (session.beganAtMs ??= vu.clock());
  const waitMs = turn.notBeforeMs - (vu.clock() - beganAtMs);
  if (waitMs > 0) sleep(waitMs / 1000);
  const { isLast, endsWithoutText } = turn;
  const recorded = send(vu, composed, turn.depth, { beganAtMs, isLast, endsWithoutText });
  const isOk = recorded.attempt.outcome.kind === 'ok';
  const next = isOk ? session.play.next(vu.clock() - beganAtMs, recorded.text) : null;
  session.next = ready(vu, next);
  return recorded;
}

function ready(vu: Vu, turn: PlayedTurn | null): OpenSession['next'] {
  return turn === null ? null : { turn, composed: composeTurn(vu, turn) };
}

function composeTurn(vu: Vu, turn: PlayedTurn): Composed {
  const { settings } = vu.run;
  const exactTokens = settings.provider.takesExactLength ? turn.outputTokens : null;
  // A session's request has the temperature that it was recorded with, or none.
  const temperature = settings.temperature ?? turn.fields['temperature'] ?? null;
  return vu.compose({
    kind: settings.kind,
    model: vu.model,
    messages: [],
    encoded: turn.encodedMessages,
    maxTokens: exactTokens ?? turn.maxTokens ?? settings.maxTokens,
    exactLength: exactTokens !== null,
    stream: settings.stream,
    temperature: null,
    wantsText: vu.wantsText || turn.needsText,
    extra: { ...turn.fields, temperature, ...settings.extraBody },
  });
}
