import { readLeaveAfter } from '../../lib/load/parse-abort.ts';
import { abandoned, attemptOf, type ReadAnswer } from '../../lib/answer/http-answer.ts';
import type { Headers } from '../../lib/answer/headers/find-header.ts';
import { METER_HEADERS, type MeterAnswer } from '../../lib/answer/meter-answer.ts';
import type { Kind } from '../../lib/kinds/kind.ts';
import { withoutSecrets } from '../../lib/answer/failure/secrets.ts';
import { redact } from '../../lib/answer/failure/snippet.ts';
import { AnswerCollector } from './answer-collector.ts';
import type { Reservation } from './budget.ts';
import type { MeterContext } from './meter-context.ts';
import { Exchange, type ExchangeEnd, type ExchangeTimes } from './upstream/exchange.ts';
import type { FrontExchange } from './front/front-connection.ts';
import { type Header, headerValue } from '../http1/message-head.ts';
import { readRequestFacts, type RequestFacts } from './front/request-facts.ts';
import { count } from './meter-tally.ts';
import { upstreamRequest } from './upstream/upstream-request.ts';

/** So much of a refusal's body is handed on: preflight reads in it what the server did not like. */
const MAX_BODY_TEXT_CHARS = 2000;
/** Largest time-out that a timer takes, ms. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Headers of the upstream's that k6 gets too. */
const HANDED_ON = /^(x-litellm-response-cost|x-ratelimit-.*|anthropic-ratelimit-.*|retry-after(-ms)?)$/;

/** Carries one chat request: budget, upstream, answer. */
export function carryChat(context: MeterContext, front: FrontExchange, kind: Kind): void {
  const facts = readRequestFacts(front.request.body, kind);
  context.tally.requests += 1;
  const begin = (reservation: Reservation | null): void => {
    if (reservation?.kind === 'refused') return refuse(context, front, facts, reservation.reason);
    void new ChatCall(context, { front, kind, facts, worstUsd: reservation?.worstUsd ?? null });
  };
  const reservation = context.budget?.reserve(facts) ?? null;
  if (reservation instanceof Promise) void beginLater(context, { front, facts, reservation, begin });
  else begin(reservation);
}

/** Begins when the ledger has answered, unless k6 has gone by then. */
async function beginLater(
  { budget, tally }: MeterContext,
  {
    front,
    facts: { model },
    reservation,
    begin,
  }: {
    front: FrontExchange;
    facts: RequestFacts;
    reservation: Promise<Reservation>;
    begin: (reservation: Reservation) => void;
  },
): Promise<void> {
  let isGone = false;
  front.onGone(() => {
    isGone = true;
  });
  const reserved = await reservation;
  if (!isGone) return begin(reserved);
  tally.abandoned += 1;
  if (reserved.kind === 'reserved')
    budget?.settle(reserved.worstUsd, { model, attempt: null, written: false });
}

type Call = { front: FrontExchange; kind: Kind; facts: RequestFacts; worstUsd: number | null };

/** One request on its way. */
class ChatCall {
  readonly #context: MeterContext;
  readonly #call: Call;
  readonly #startedAtMs = Date.now();
  readonly #collector: AnswerCollector;
  readonly #wantsText: boolean;
  /** The user gave the answer up. */
  #hasLeft = false;

  constructor(context: MeterContext, call: Call) {
    this.#context = context;
    this.#call = call;
    const { request } = call.front;
    const wants = (name: string): boolean => headerValue(request.headers, name) === '1';
    this.#wantsText = wants(METER_HEADERS.text);
    this.#collector = new AnswerCollector({
      stream: call.facts.stream,
      asked: { kind: call.kind, items: call.facts.items },
      keepGaps: wants(METER_HEADERS.gaps),
      keepText: this.#wantsText,
      keepReads: context.keepsReads,
      held: context.held,
    });
    context.tally.inFlight += 1;
    this.#send();
  }

  #send(): void {
    const { target, pool, ownHeaders, timeoutMs } = this.#context;
    const { front, kind } = this.#call;
    const { request } = front;
    const line = { method: 'POST', path: target.callPaths.get(kind.name) ?? '', authority: target.authority };
    const asked = Number(headerValue(request.headers, METER_HEADERS.timeoutMs));
    const leaveAfter = readLeaveAfter(headerValue(request.headers, METER_HEADERS.leaveAfter));
    const exchange = new Exchange(
      pool,
      {
        request: upstreamRequest(line, request, ownHeaders),
        timeoutMs: Math.min(asked > 0 ? asked : timeoutMs, MAX_TIMEOUT_MS),
      },
      {
        onHead: (head) => this.#collector.onHead(head),
        onBody: (bytes, range, atMs) => {
          const problem = this.#collector.onBody(bytes, range, atMs);
          if (problem !== null) exchange.giveUp(problem);
          else if (this.#collector.saidOver) exchange.expectEnd();
          else if (leaveAfter?.kind === 'tokens' && this.#collector.chunks >= leaveAfter.count) leave();
        },
        mayResend: () => this.#mayResend(),
        onEnd: (end, times) => {
          clearTimeout(timer);
          this.#onEnd(end, times);
        },
      },
    );
    const leave = (): void => {
      this.#hasLeft = true;
      exchange.giveUp('its user left');
    };
    const timer = leaveAfter?.kind === 'time' ? setTimeout(leave, leaveAfter.ms) : undefined;
    front.onGone(() => {
      clearTimeout(timer);
      exchange.abort();
      this.#collector.release();
      this.#onAbandoned(exchange.wasWritten);
    });
  }

  #onEnd(end: ExchangeEnd, times: ExchangeTimes): void {
    const { front, facts } = this.#call;
    const sinceMs = times.writtenAtMs ?? front.request.beganAtMs;
    const finished = this.#collector.finish(end, {
      ttfbMs: times.firstByteAtMs === null ? null : times.firstByteAtMs - sinceMs,
      endMs: times.endAtMs - sinceMs,
    });
    const told = this.#hasLeft ? abandoned(finished) : finished;
    const answer = withoutSecrets(told, this.#context.secrets);
    answer.attempt.connectMs = times.connectMs;
    const meterAnswer: MeterAnswer = {
      v: 1,
      attempt: answer.attempt,
      servedMs: times.settledAtMs - front.request.beganAtMs,
      loopDelayMs: this.#context.loopDelay.recentP99Ms,
      text: this.#wantsText ? answer.text : null,
      toolCalls: this.#wantsText ? answer.toolCalls : [],
      bodyText: bodyTextOf(answer),
      retriedConnection: times.retried,
      overBudget: false,
    };
    this.#finish(meterAnswer, times.writtenAtMs !== null);
    front.answer({
      // Who leaves is no failure of HTTP's.
      status: this.#hasLeft ? 200 : frontStatus(end, this.#collector.status),
      contentType: 'application/json',
      headers: handedOn(this.#collector.headers),
      body: JSON.stringify(meterAnswer),
    });
    this.#context.record?.write({
      startedAtMs: this.#startedAtMs,
      model: facts.model,
      stream: facts.stream,
      ...meterAnswer,
      reads: this.#collector.reads,
    });
  }

  /** The server may have taken the request before its connection died: that one is charged, and room is made for another. */
  #mayResend(): boolean | Promise<boolean> {
    const { budget } = this.#context;
    const { facts, worstUsd } = this.#call;
    if (budget === null || worstUsd === null) return true;
    const decide = ({ kind }: Reservation): boolean => {
      if (kind === 'refused') return false;
      budget.settle(worstUsd, { model: facts.model, attempt: null, written: true });
      return true;
    };
    const reservation = budget.reserve(facts);
    return reservation instanceof Promise ? reservation.then(decide) : decide(reservation);
  }

  #finish({ attempt, retriedConnection }: MeterAnswer, written: boolean): void {
    const { tally, budget } = this.#context;
    const { facts, worstUsd } = this.#call;
    tally.inFlight -= 1;
    count(tally, attempt, retriedConnection);
    if (worstUsd !== null) budget?.settle(worstUsd, { model: facts.model, attempt, written });
  }

  /** k6 gave up. The server may have worked, and will ask for its money. */
  #onAbandoned(written: boolean): void {
    const { tally, budget } = this.#context;
    const { facts, worstUsd } = this.#call;
    tally.inFlight -= 1;
    tally.abandoned += 1;
    if (worstUsd !== null) budget?.settle(worstUsd, { model: facts.model, attempt: null, written });
  }
}

/** The upstream's own status. Without an answer 502, after a time-out 504; statuses that allow no body become 502. */
function frontStatus(end: ExchangeEnd, status: number): number {
  if (end.kind === 'timeout') return 504;
  return status === 0 || status === 204 || status === 304 ? 502 : status;
}

function bodyTextOf({ attempt, bodyText }: ReadAnswer): string {
  // Servers echo the key that they refuse.
  return attempt.status > 299 ? redact(bodyText.slice(0, MAX_BODY_TEXT_CHARS)) : '';
}

function handedOn(headers: Headers): Header[] {
  return Object.entries(headers).filter(([name]) => HANDED_ON.test(name));
}

/** Answers a request that might pass the budget: it is never sent. */
function refuse(context: MeterContext, front: FrontExchange, facts: RequestFacts, reason: string): void {
  const bodyText = JSON.stringify({ error: { message: reason, type: 'budget_exceeded', code: 'budget' } });
  const { attempt } = attemptOf({
    status: 402,
    errorCode: 0,
    errorText: '',
    headers: {},
    bodyText,
    stream: facts.stream,
    wantsText: false,
    ttfbMs: null,
    endMs: 0,
    nowMs: Date.now(),
  });
  const servedMs = performance.now() - front.request.beganAtMs;
  const loopDelayMs = context.loopDelay.recentP99Ms;
  const answer: MeterAnswer = {
    v: 1,
    attempt,
    servedMs,
    loopDelayMs,
    text: null,
    toolCalls: [],
    bodyText,
    retriedConnection: false,
    overBudget: true,
  };
  front.answer({ status: 402, contentType: 'application/json', body: JSON.stringify(answer) });
  const { model, stream } = facts;
  context.record?.write({ startedAtMs: Date.now(), model, stream, ...answer, reads: [] });
}
