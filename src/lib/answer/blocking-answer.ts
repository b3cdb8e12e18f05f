import { type Failure, type Outcome, type Pace, type Usage, UNKNOWN_USAGE } from './attempt.ts';
import { AnswerState } from './answer-state.ts';
import { type AnswerWarning, warning } from './answer-warnings.ts';
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
import type { ReportedTimes } from './reported/reported-times.ts';
import type { ToolCall } from './tool-calls.ts';
import { NO_RATES, type OwnRate } from './usage/own-rates.ts';
import { readWireBody } from './wire/wire-body.ts';

/** What an answer that came in one piece tells. */
export type BlockingAnswer = {
  outcome: Outcome;
  usage: Usage;
  pace: Pace;
  rates: readonly OwnRate[];
  answeredModel: string | null;
  finishReason: string | null;
  /** `usage.cost`; a relay's header is the transport's to read. */
  reportedCostUsd: number | null;
  /** The server's own times, as the body tells them; a head is the transport's to read. */
  reported: ReportedTimes | null;
  /** The first choice's text, refusals included; empty when there is none. */
  answer: string;
  reasoning: string;
  toolCalls: readonly ToolCall[];
  /** The code inside the error, as the server wrote it. */
  errorCode: string | number | null;
  warnings: readonly AnswerWarning[];
};

/**
 * Reads a whole answer of any status and any wire. Never throws: a page, a cut JSON, an empty body are outcomes.
 * With `n` above 1 the text is the first choice's.
 */
export function readBlockingAnswer(http: HttpBody): BlockingAnswer {
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
  return conclude(body, http);
}

function failed(outcome: Failure): BlockingAnswer {
  return { ...NOTHING, outcome };
}

const NOTHING: Omit<BlockingAnswer, 'outcome'> = {
  usage: UNKNOWN_USAGE,
  pace: 'seen',
  rates: NO_RATES,
  answeredModel: null,
  finishReason: null,
  reportedCostUsd: null,
  reported: null,
  answer: '',
  reasoning: '',
  toolCalls: [],
  errorCode: null,
  warnings: [],
};

function conclude(body: object, { status, headers }: HttpBody): BlockingAnswer {
  let hasOutput = false;
  const state = new AnswerState({
    keepText: true,
    onOutput: () => {
      hasOutput = true;
    },
  });
  readWireBody(body, '', state);
  const { finish } = state;
  const { warnings, ...reading } = state.readUsage(hasOutput, false);
  const outcome = (): Outcome => {
    const partial = { where: 'body', partialOutput: hasOutput } as const;
    if (state.excess !== null) return failureOf('invalid', `the answer has ${state.excess}`, hasOutput);
    if (state.error !== null) return classifyInBody(state.error, partial);
    const failure = finish === null ? null : classifyFinish(finish, partial);
    if (failure !== null) return failure;
    if (!hasUsableChoice(body, state)) {
      return failureOf('invalid', headline(status, headers, 'no usable choice in the answer'));
    }
    if (hasOutput || (reading.usage.outputTokens ?? 0) > 0) return { kind: 'ok' };
    return failureOf('empty', headline(status, headers, 'neither text nor tool call nor output tokens'));
  };
  return {
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

/** OpenAI: a choice that is an object; Anthropic: a message with its content; Responses: an output. */
function hasUsableChoice(body: object, state: AnswerState): boolean {
  const root: unknown = Array.isArray(body) ? body[0] : body;
  if (!isRecord(root)) return false;
  if (state.choices.size > 0 || state.hasOutput) return true;
  return Array.isArray(root['content']) || Array.isArray(root['output']);
}
