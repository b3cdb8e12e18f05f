import { type KindName, KINDS } from '../../lib/kinds/kinds.ts';
import { secretsIn } from '../../lib/answer/failure/secrets.ts';
import { parseJsonRecord } from '../../lib/parse/json.ts';
import { isSessionKind } from '../../lib/prompts/session/session-kinds.ts';
import { AnswerCollector } from '../meter/answer-collector.ts';
import { jsonErrorAnswer } from '../meter/front/front-answer.ts';
import type { FrontExchange, FrontStream } from '../meter/front/front-connection.ts';
import type { HeldBytes } from '../meter/held-bytes.ts';
import { Exchange, type ExchangeEnd } from '../meter/upstream/exchange.ts';
import type { UpstreamPool } from '../meter/upstream/upstream-pool.ts';
import { type OwnHeaders, upstreamRequest } from '../meter/upstream/upstream-request.ts';
import type { UpstreamTarget } from '../meter/upstream/upstream-target.ts';
import { headerValue } from '../http1/message-head.ts';
import { outputItemsIn, responseIdIn } from './followed-responses.ts';
import { isKeptByServer } from './recorded-kinds.ts';
import type { PendingTurn, SessionRecorder, TurnAnswer } from './session-recorder.ts';
import { deploymentIn, upstreamPath } from './upstream-path.ts';
import { isKeyName } from './without-keys.ts';

/** What every request that passes shares. */
export type RecordingContext = {
  target: UpstreamTarget;
  pool: UpstreamPool;
  /** Authentication is in it: never print it. */
  ownHeaders: OwnHeaders;
  ownSecrets: readonly string[];
  timeoutMs: number;
  held: HeldBytes;
  recorder: SessionRecorder;
  /** Takes a turn's line. */
  write: (line: string) => void;
  tally: RecordingTally;
  /** Since the recording began, ms. */
  sinceMs: () => number;
};

/** What passed and is in no session. */
export type RecordingTally = {
  failed: number;
  left: number;
  /** Whose conversation the server keeps. */
  unfollowed: number;
  /** That are no conversations. */
  others: number;
  /** Those by their kind; `other` for none of ours. */
  othersByKind: Map<KindName | 'other', number>;
};

/** Of one hop only, or of a framing that is ours. */
const OWN_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'trailer', 'upgrade'];
const SECRET_HEADERS = ['authorization', 'x-api-key', 'api-key', 'proxy-authorization', 'cookie'];

/** Passes one request on as it is, its answer back as it comes, and tells the recorder what they were. */
export function passThrough(context: RecordingContext, front: FrontExchange): void {
  const { target, pool, ownHeaders, timeoutMs, recorder, tally } = context;
  const { method, path, query, headers, body } = front.request;
  const kind = kindOf(method, path);
  const sent = isSessionKind(kind) ? parseJsonRecord(body.toString('utf8')) : null;
  const deployment = deploymentIn(path);
  // Azure's requests need not name a model: their path does.
  const fields =
    sent === null || deployment === null || sent['model'] ? sent : { ...sent, model: deployment };
  const isUnfollowed =
    kind === 'responses' &&
    fields !== null &&
    (isKeptByServer(fields) || !recorder.knowsWhatItGoesOnFrom(fields));
  const secrets = [
    ...context.ownSecrets,
    ...secretsIn([...SECRET_HEADERS.map((name) => headerValue(headers, name) ?? ''), ...keysInQuery(query)]),
  ];
  const pending =
    !isSessionKind(kind) || fields === null || isUnfollowed
      ? null
      : recorder.begin(kind, fields, { atMs: context.sinceMs(), secrets });
  if (isUnfollowed) tally.unfollowed += 1;
  else if (pending === null) countOther(tally, kind ?? 'other');
  const collector = new AnswerCollector({
    asked: null,
    stream: fields?.['stream'] === true,
    keepGaps: false,
    keepText: true,
    keepReads: false,
    held: context.held,
  });
  let stream: FrontStream | null = null;
  // A stream of Responses tells its id and those of its items.
  let told = '';
  const line = {
    method,
    path: upstreamPath(target, query === '' ? path : `${path}?${query}`),
    authority: target.authority,
  };
  const exchange = new Exchange(
    pool,
    { request: upstreamRequest(line, front.request, ownHeaders), timeoutMs },
    {
      onHead: (head) => {
        collector.onHead(head);
        stream = front.begin(
          head.status,
          head.headers.filter(([name]) => isHandedOn(name)),
        );
      },
      onBody: (bytes, range, atMs) => {
        // The bytes are the read buffer's: the next read overwrites them.
        stream?.write(Buffer.from(bytes.subarray(range.start, range.end)));
        if (kind === 'responses' && told.length < MAX_TOLD_BYTES)
          told += bytes.toString('latin1', range.start, range.end);
        collector.onBody(bytes, range, atMs);
      },
      onEnd: (end) => {
        finish(context, { pending, collector, told }, end);
        if (stream === null) front.answer(noAnswer(end));
        else if (end.kind === 'complete') stream.end();
        else stream.breakOff();
      },
    },
  );
  front.onGone(() => {
    exchange.abort();
    collector.release();
    if (pending === null) return;
    tally.left += 1;
    recorder.drop(pending);
  });
}

/** A request that passed, its answer, and what of that came, a char a byte. */
type Passing = { pending: PendingTurn | null; collector: AnswerCollector; told: string };

/** What stands behind is not looked for ids. */
const MAX_TOLD_BYTES = 8_388_608;

function finish(
  { recorder, tally, write, sinceMs }: RecordingContext,
  { pending, collector, told }: Passing,
  end: ExchangeEnd,
): void {
  const { attempt, text, toolCalls, bodyText } = collector.finish(end, { ttfbMs: null, endMs: 0 });
  if (pending === null) return;
  if (attempt.outcome.kind !== 'ok') {
    tally.failed += 1;
    recorder.drop(pending);
    return;
  }
  write(
    recorder.finish(pending, {
      text: text ?? '',
      toolCalls,
      usage: attempt.usage,
      endMs: sinceMs(),
      ...(pending.kind === 'responses'
        ? namedIn(bodyText || Buffer.from(told, 'latin1').toString('utf8'))
        : {}),
    }),
  );
}

/** What later requests of the Responses API may name of an answer. */
function namedIn(answer: string): Pick<TurnAnswer, 'responseId' | 'outputItems'> {
  return { responseId: responseIdIn(answer), outputItems: outputItemsIn(answer) };
}

function keysInQuery(query: string): string[] {
  return [...new URLSearchParams(query)].flatMap(([name, value]) => (isKeyName(name) ? [value] : []));
}

function countOther(tally: RecordingTally, kind: KindName | 'other'): void {
  tally.others += 1;
  tally.othersByKind.set(kind, (tally.othersByKind.get(kind) ?? 0) + 1);
}

/** The kind whose path it is; the longest one's, as `chat/completions` ends like `completions`. */
function kindOf(method: string, path: string): KindName | null {
  if (method !== 'POST') return null;
  const bare = path.replace(/\?.*$/s, '');
  const found = KINDS.filter((kind) => bare.endsWith(`/${kind.path}`));
  return found.toSorted((a, b) => b.path.length - a.path.length)[0]?.name ?? null;
}

function isHandedOn(name: string): boolean {
  return !OWN_HEADERS.includes(name.toLowerCase());
}

function noAnswer(end: ExchangeEnd): ReturnType<typeof jsonErrorAnswer> {
  if (end.kind === 'timeout') return jsonErrorAnswer(504, 'the server did not answer in time');
  const reason = end.kind === 'cut' || end.kind === 'unreachable' ? end.reason : 'it ended before its head';
  return jsonErrorAnswer(502, `the server gave no answer: ${reason}`);
}
