import { describe, expect, test } from 'vitest';
import { finishKind, finishReasonText, readFinish } from './finish-reason.ts';

/** By who sends them; read from API references and sources, 2026-11. */
const KNOWN: Record<string, [kind: string, reasons: string[]][]> = {
  'OpenAI, Azure': [
    [
      'ended',
      ['stop', 'length', 'tool_calls', 'function_call', 'completed', 'max_output_tokens', 'max_tool_calls'],
    ],
    ['content_filter', ['content_filter']],
    ['server', ['failed', 'cancelled']],
    ['open', ['in_progress', 'queued']],
  ],
  Anthropic: [
    [
      'ended',
      ['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'pause_turn', 'model_context_window_exceeded'],
    ],
    ['content_filter', ['refusal']],
  ],
  'Gemini, Vertex': [
    ['ended', ['STOP', 'MAX_TOKENS', 'FINISH_REASON_STOP', 'FinishReason.MAX_TOKENS']],
    [
      'content_filter',
      [
        'SAFETY',
        'RECITATION',
        'LANGUAGE',
        'BLOCKLIST',
        'PROHIBITED_CONTENT',
        'SPII',
        'IMAGE_SAFETY',
        'IMAGE_PROHIBITED_CONTENT',
        'IMAGE_RECITATION',
        'MODEL_ARMOR',
        'FINISH_REASON_SAFETY',
        'content_filter: SAFETY',
      ],
    ],
    [
      'server',
      [
        'MALFORMED_FUNCTION_CALL',
        'UNEXPECTED_TOOL_CALL',
        'TOO_MANY_TOOL_CALLS',
        'NO_IMAGE',
        'IMAGE_OTHER',
        'MALFORMED_RESPONSE',
      ],
    ],
    ['bad_request', ['MISSING_THOUGHT_SIGNATURE']],
    ['unknown', ['OTHER', 'FINISH_REASON_UNSPECIFIED']],
  ],
  Bedrock: [
    ['ended', ['FINISH', 'LENGTH', 'STOP_CRITERIA_MET']],
    ['content_filter', ['guardrail_intervened', 'content_filtered', 'CONTENT_FILTERED']],
    ['server', ['malformed_model_output', 'malformed_tool_use']],
    ['bad_request', ['RAG_QUERY_WHEN_RAG_DISABLED']],
  ],
  Mistral: [
    ['ended', ['model_length']],
    ['server', ['error']],
  ],
  DeepSeek: [['overloaded', ['insufficient_system_resource']]],
  'Zhipu, DashScope, MiniMax': [
    ['content_filter', ['sensitive']],
    ['server', ['network_error']],
    ['open', ['null', '']],
    ['ended', ['max_output']],
  ],
  Cohere: [
    ['ended', ['COMPLETE', 'TOOL_CALL']],
    ['content_filter', ['ERROR_TOXIC']],
    ['bad_request', ['ERROR_LIMIT']],
    ['server', ['ERROR', 'USER_CANCEL']],
    ['timeout', ['TIMEOUT']],
  ],
  'xAI, watsonx': [
    ['ended', ['REASON_STOP', 'REASON_MAX_LEN', 'REASON_MAX_CONTEXT', 'REASON_TOOL_CALLS', 'token_limit']],
    ['timeout', ['REASON_TIME_LIMIT', 'time_limit']],
    ['open', ['not_finished']],
  ],
  'engines and relays': [
    [
      'ended',
      ['eos', 'eos_token', 'stop_str', 'word', 'limit', 'repetition', 'max_new_tokens', 'tool-calls'],
    ],
    ['ended', ['END_ID', 'STOP_WORDS', 'maxPredictedTokensReached', 'contextLengthReached']],
    ['server', ['userStopped', 'stopped_by_user', 'EXPIRED', 'rejected', 'worker_died', 'stalled']],
    ['content_filter', ['harmful', 'SELF_HARM', 'jailbreak']],
    ['server', ['abort', 'aborted', 'interrupted', 'error: worker died', 'engine_crash', 'upstream_failure']],
    ['overloaded', ['preempt', 'evicted', 'server_overloaded']],
    ['rate_limited', ['rate_limit_exceeded']],
    ['quota', ['insufficient_quota']],
    ['ended', ['max_tokens_reached', 'stop_sequence_hit', 'toolUse', 'endTurn', ' Stop ']],
    ['content_filter', ['content-filter', 'contentFilter', 'moderation', 'policy_violation', 'blocked']],
    ['unknown', ['other', 'unknown', 'incomplete', '7', 'wibble', '停止']],
  ],
};

describe.each(Object.entries(KNOWN))('%s', (_, kinds) => {
  test.each(kinds.flatMap(([kind, reasons]) => reasons.map((reason) => [reason, kind] as const)))(
    '"%s" is %s',
    (reason, kind) => {
      expect(readFinish(reason)?.kind ?? 'open').toBe(kind);
    },
  );
});

test.each<[unknown, string | null]>([
  [{ type: 'stop', matched: 2 }, 'stop'],
  [{ reason: { name: 'SAFETY' } }, 'SAFETY'],
  [{ kind: 'error' }, 'error'],
  [{ Error: { message: 'gone' } }, 'Error'],
  [['abort', 'stop'], 'abort'],
  [[null, 'length'], 'length'],
  [3, '3'],
  [null, null],
  [undefined, null],
  [false, null],
  [{}, null],
  [[], null],
  ['x'.repeat(1000), 'x'.repeat(100)],
])('a reason may come in any shape: %j', (raw, text) => {
  expect(finishReasonText(raw)).toBe(text);
});

test('a reason keeps its own spelling', () => {
  expect(readFinish('FINISH_REASON_SAFETY')).toEqual({
    reason: 'FINISH_REASON_SAFETY',
    kind: 'content_filter',
  });
  expect(finishKind('FINISH_REASON_SAFETY')).toBe('content_filter');
});
