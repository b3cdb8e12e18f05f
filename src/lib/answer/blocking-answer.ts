import { type AnswerReading, type ErrorKind, NO_TIMES, nothingTold, type Outcome } from './attempt.ts';
import { AnswerState } from './answer-state.ts';
import { warning } from './answer-warnings.ts';
import { ANSWER_FORMS } from '../kinds/answer-forms.ts';
import type { AskedFor } from '../kinds/kind.ts';
import { isRecord, parseJson } from '../parse/json.ts';
import { splitJson } from '../parse/split-json.ts';
import {
  classifyFinish,
  classifyInBody,
  classifyRefusal,
  failureOf,
  headline,
  type HttpBody,
} from './failure/classify-failure.ts';
import type { ToolCall } from './tool-calls.ts';
import { readWireBody } from './wire/wire-body.ts';

/** What an answer that came in one piece tells. */
export type BlockingAnswer = AnswerReading & {
  /** The first choice's text, refusals included; empty when there is none. */
  answer: string;
  reasoning: string;
  toolCalls: readonly ToolCall[];
  /** The code inside the error, as the server wrote it. */
  errorCode: string | number | null;
};

/**
 * Reads a whole answer of any status and any wire. Never throws: a page, a cut JSON, an empty body are outcomes.
 * With `n` above 1 the text is the first choice's.
 *
 * @param asked null: text, of whichever wire it turns out to be.
 */
export function readBlockingAnswer(http: HttpBody, asked: AskedFor | null = null): BlockingAnswer {
  if (http.status < 200 || http.status > 299) return failed(classifyRefusal(http));
  const { status, headers, bodyText } = http;
  if (bodyText.trim() === '') return failed(failureOf('empty', headline(status, headers, 'no body')));
  const body = parseJson(bodyText);
  if (body === undefined || typeof body !== 'object' || body === null) {
    const isNdjson = (splitJson(bodyText)?.length ?? 0) > 1;
    const what = isNdjson
      ? `NDJSON, one JSON object a line, where one object or an event stream was expected: `
      : '';
    return failed(failureOf('invalid', headline(status, headers, what + bodyText)));
  }
  return conclude(body, http, asked);
}

function failed(outcome: Outcome): BlockingAnswer {
  return { ...nothingTold(outcome), answer: '', reasoning: '', toolCalls: [], errorCode: null };
}

function conclude(body: object, { status, headers }: HttpBody, asked: AskedFor | null): BlockingAnswer {
  let hasOutput = false;
  const state = new AnswerState({
    keepText: true,
    onOutput: () => {
      hasOutput = true;
    },
  });
  readWireBody(body, '', state, asked?.kind.read);
  const { finish } = state;
  const { warnings, ...reading } = state.readUsage(hasOutput, false);
  const outcome = (): Outcome => {
    const partial = { where: 'body', partialOutput: hasOutput } as const;
    if (state.excess !== null) return failureOf('invalid', `the answer has ${state.excess}`, hasOutput);
    if (state.error !== null) return classifyInBody(state.error, partial);
    const failure = finish === null ? null : classifyFinish(finish, partial);
    if (failure !== null) return failure;
    if (asked !== null && asked.kind.answers === 'items') {
      const wrong = whatIsWrong(state.items, asked.items);
      return wrong === null ? { kind: 'ok' } : failureOf(wrong.error, headline(status, headers, wrong.why));
    }
    if (!hasUsableChoice(body, state)) {
      return failureOf('invalid', headline(status, headers, 'no usable choice in the answer'));
    }
    if (hasOutput || (reading.usage.outputTokens ?? 0) > 0) return { kind: 'ok' };
    return failureOf('empty', headline(status, headers, 'neither text nor tool call nor output tokens'));
  };
  return {
    ...NO_TIMES,
    ...reading,
    outcome: outcome(),
    answeredModel: state.model,
    finishReason: finish?.reason ?? null,
    reported: state.reported,
    answer: state.text('answer') ?? '',
    reasoning: state.text('reasoning') ?? '',
    toolCalls: state.toolCalls,
    errorCode: state.error?.code ?? null,
    warnings: [
      ...(finish?.kind === 'unknown' ? [warning('unknown_finish', finish.reason)] : []),
      ...warnings,
    ],
  };
}

/** What is wrong with so many items, where so many were asked for; null: nothing. */
function whatIsWrong(items: number, asked: number | null): { error: ErrorKind; why: string } | null {
  if (items === 0) return { error: 'empty', why: 'not one item in the answer' };
  if (asked === null || items === asked) return null;
  return { error: 'invalid', why: `${items} items in the answer to ${asked}` };
}

/** A choice that is an object, or where else a form has its text. */
function hasUsableChoice(body: object, state: AnswerState): boolean {
  const root: unknown = Array.isArray(body) ? body[0] : body;
  if (!isRecord(root)) return false;
  if (state.choices.size > 0 || state.hasOutput) return true;
  return ANSWER_FORMS.some(({ hasPlace }) => hasPlace(root));
}
