import http from 'k6/http';
import { formatSpan } from '../../../text/format.ts';
import { CannotStart } from './cannot-start.ts';
import { sleep } from '../../engine/k6-api.ts';

/** A part that is ready later than this after the common start is told so. */
const LATE_MS = 50;

/**
 * Waits for `LLM_START_AT`, the moment at which the parts of one run begin their load together.
 *
 * @param roomMs how long setup may still take.
 * @returns what is to be said of this part's start; null when it is on time.
 * @throws CannotStart when the moment is too far away for k6 to wait for.
 */
export function waitForStartTime(startAtMs: number | null, roomMs: number): string | null {
  if (startAtMs === null) return null;
  const waitMs = startAtMs - Date.now();
  if (waitMs < -LATE_MS) {
    return `this part was ready ${formatSpan(-waitMs)} after LLM_START_AT, so it began late; set it later`;
  }
  if (waitMs > roomMs) {
    throw new CannotStart(
      `LLM_START_AT is ${formatSpan(waitMs)} away, and k6's setup waits ${formatSpan(roomMs)} at most; start the parts later, or set it earlier`,
    );
  }
  if (waitMs > 0) {
    console.log(`waiting ${formatSpan(waitMs)} for LLM_START_AT`);
    sleep(waitMs / 1000);
  }
  return null;
}

/** Waits until every k6 of this launcher is ready, and then for the moment that its gate names to all of them. */
export function waitAtGate(url: string, roomMs: number): void {
  if (url === '') return;
  const { body } = http.get(url, {
    timeout: roomMs,
    tags: { name: 'preflight' },
    responseType: 'text',
    redirects: 0,
  });
  const waitMs = Number(body ?? '') - Date.now();
  // Another's answer, or none: it begins now.
  if (waitMs > 0 && waitMs < roomMs) sleep(waitMs / 1000);
}
