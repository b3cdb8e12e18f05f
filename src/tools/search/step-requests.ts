import path from 'node:path';
import { MOST_REQUESTS, type TimedRequest } from '../insight/timed-request.ts';
import { openInput } from '../results/read/open-input.ts';
import type { StepRecord } from './step-record.ts';

/** Single requests of a search's steps, on one clock. */
export type StepRequests = {
  requests: readonly TimedRequest[];
  /** Steps whose client was the limit: what they measured is not the server's. */
  clientBound: number;
  /** Steps whose samples are gone, or too many, so that the others tell alone. */
  unread: number;
};

/** Between one step and the next: none of its requests met one of another step. */
const APART_MS = 60_000;

/**
 * Reads what each step left in the answer's folder, those of an earlier start included. A step that cannot be read is
 * counted: a search does not lose its answer with it.
 */
export async function stepRequests(
  folder: string,
  steps: readonly StepRecord[],
  most: number = MOST_REQUESTS,
): Promise<StepRequests> {
  const driven = steps.filter(({ drive }) => drive.clientBound.length === 0);
  const requests: TimedRequest[] = [];
  let [shiftMs, unread] = [0, 0];
  for (const step of driven) {
    const own = await requestsOf(path.join(folder, step.folder));
    if (own === null || own.length + requests.length > most) {
      unread += 1;
      continue;
    }
    let endMs = shiftMs;
    for (const request of own) {
      const shifted = { ...request, startMs: request.startMs + shiftMs, endMs: request.endMs + shiftMs };
      endMs = Math.max(endMs, shifted.endMs);
      requests.push(shifted);
    }
    shiftMs = endMs + APART_MS;
  }
  return { requests, clientBound: steps.length - driven.length, unread };
}

async function requestsOf(folder: string): Promise<readonly TimedRequest[] | null> {
  try {
    const [run] = await openInput(folder);
    return run?.requests ?? null;
  } catch {
    return null;
  }
}
