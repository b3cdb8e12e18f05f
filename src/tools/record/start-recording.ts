import { openSync, writeSync, closeSync, statSync } from 'node:fs';
import { secretsIn } from '../../lib/answer/failure/secrets.ts';
import { jsonErrorAnswer } from '../meter/front/front-answer.ts';
import { listenFront } from '../meter/front/front-server.ts';
import { refusalOf } from '../meter/front/refusal-of.ts';
import { HeldBytes } from '../meter/held-bytes.ts';
import { UpstreamPool } from '../meter/upstream/upstream-pool.ts';
import { ownHeaders } from '../meter/upstream/upstream-request.ts';
import type { UpstreamTarget } from '../meter/upstream/upstream-target.ts';
import { passThrough, type RecordingContext, type RecordingTally } from './pass-through.ts';
import { type RecorderOptions, SessionRecorder } from './session-recorder.ts';

export type RecordingOptions = RecorderOptions & {
  target: UpstreamTarget;
  /** Over the client's own of the same name. Never printed. */
  headers: Readonly<Record<string, string>>;
  host: string;
  port: number;
  timeoutMs: number;
  /** The sessions' file, which must not be there, or be empty. */
  file: string;
};

/** A recording that goes on. */
export type SessionRecording = {
  url: string;
  figures: () => RecordingTally & {
    sessions: number;
    turns: number;
    otherParts: number;
    problem: string | null;
  };
  /** Takes nothing more, and lets answers in progress end. */
  close: () => Promise<void>;
};

/** How long answers in progress may take once the recording was told to end, ms. */
const DRAIN_MS = 8000;

/** Begins a recording. Rejects with the system's error. */
export async function startRecording(options: RecordingOptions): Promise<SessionRecording> {
  const file = openSync(options.file, 'a', OWNER_ONLY);
  const beganAtMs = performance.now();
  const tally: RecordingTally = {
    failed: 0,
    left: 0,
    unfollowed: 0,
    others: 0,
    othersByKind: new Map(),
  };
  let problem: string | null = null;
  const recorder = new SessionRecorder(options);
  const context: RecordingContext = {
    target: options.target,
    pool: new UpstreamPool(options.target),
    ownHeaders: ownHeaders(options.headers),
    ownSecrets: secretsIn(Object.values(options.headers)),
    timeoutMs: options.timeoutMs,
    held: new HeldBytes(),
    recorder,
    tally,
    sinceMs: () => performance.now() - beganAtMs,
    // At once and whole: whatever ends us leaves a good file.
    write: (line) => {
      if (problem !== null) return;
      try {
        writeSync(file, `${line}\n`);
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
    },
  };
  const front = await listenFront(options, (exchange) => {
    const refusal = refusalOf(exchange.request);
    if (refusal !== null) return exchange.answer(jsonErrorAnswer(403, refusal));
    passThrough(context, exchange);
  });
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${front.port}/v1`,
    figures: () => ({
      ...tally,
      sessions: recorder.sessions,
      turns: recorder.turns,
      otherParts: recorder.otherParts,
      problem,
    }),
    close: async () => {
      await front.close(DRAIN_MS);
      context.pool.close();
      closeSync(file);
    },
  };
}

const OWNER_ONLY = 0o600;

/** Whether a file has something in it. */
export function isFilled(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
