import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { exhaustively, inputs } from '../../../test/support/exhaustively.ts';
import { readBlockingAnswer } from './blocking-answer.ts';
import { attemptOf, type HttpAnswer } from './http-answer.ts';
import { classifyTransport } from './failure/classify-failure.ts';
import { createRandom } from '../numbers/random.ts';
import { readRetryAfterMs } from './headers/retry-after.ts';

type Blocking = {
  name: string;
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  body_text?: string;
  expected: Record<string, unknown>;
};

const CASES = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../../test/fixtures/answers.json'), 'utf8'),
) as {
  blocking: Blocking[];
  retryAfter: { rows: [Record<string, string>, number | null][] };
  kinds: [number | string, unknown, string, boolean | string][];
};

/** Names of kinds in the cases, in ours. */
const KIND: Readonly<Record<string, string>> = {
  rate_limited: 'rate_limited',
  quota_exhausted: 'quota',
  invalid_body: 'invalid',
  server_error: 'server',
  timeout_or_server_error: 'timeout',
};

const SECOND = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../../test/fixtures/answers-2.json'), 'utf8'),
) as Blocking[];

describe('a blocking answer', () => {
  test.each([...CASES.blocking, ...SECOND])(
    '$name',
    ({ status, headers = {}, body, body_text, expected }) => {
      const bodyText = body_text ?? JSON.stringify(body);
      const answer = readBlockingAnswer({ status, headers, bodyText });
      if (expected['outcome'] === 'ok') expect(answer.outcome).toEqual({ kind: 'ok' });
      else {
        const kind = String(expected['kind']);
        expect(answer.outcome).toMatchObject({ kind: 'failed', error: KIND[kind] ?? kind });
        if (answer.outcome.kind === 'failed') expect(answer.outcome.message.length).toBeLessThan(260);
      }
      const seen: Record<string, unknown> = {
        answer: answer.answer,
        output_tokens: answer.usage.outputTokens,
        prompt_tokens: answer.usage.inputTokens,
        cached: answer.usage.cachedInputTokens,
        reasoning: answer.usage.reasoningTokens,
      };
      for (const [name, value] of Object.entries(expected))
        if (name in seen) expect(seen[name], name).toBe(value);
      if (expected['warning'] !== undefined) expect(answer.warnings.length).toBeGreaterThan(0);
      for (const word of (expected['message_names'] as string[] | undefined) ?? []) {
        expect(JSON.stringify(answer.outcome)).toContain(word);
      }
    },
  );

  exhaustively('never throws, and is one outcome, whatever the status, the headers and the body are', () => {
    const random = createRandom('answers');
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      'null',
      '1e999',
      '"choices"',
      '"error"',
      '"usage"',
      '"message"',
      '"content"',
      '<html>',
      '\u0000',
      'é',
      '-',
      'true',
      ' ',
    ];
    for (let round = 0; round < inputs(1500); round++) {
      const bodyText = Array.from(
        { length: Math.floor(random.next() * 20) },
        () => pieces[Math.floor(random.next() * pieces.length)],
      ).join('');
      const answer: HttpAnswer = {
        status: Math.floor(random.next() * 700),
        errorCode: random.next() < 0.5 ? 0 : 1000 + Math.floor(random.next() * 700),
        errorText: 'x',
        headers: {
          'Retry-After': bodyText,
          'X-Ratelimit-Remaining-Requests': bodyText,
          'x-litellm-response-cost': bodyText,
        },
        bodyText,
        stream: random.next() < 0.5,
        wantsText: true,
        ttfbMs: 1,
        endMs: 2,
        nowMs: 0,
      };
      const { attempt } = attemptOf(answer);
      expect(['ok', 'failed']).toContain(attempt.outcome.kind);
      for (const count of Object.values(attempt.usage)) expect(count === null || count >= 0).toBe(true);
    }
  });
});

describe('kinds of failures', () => {
  const plain = CASES.kinds.filter(([status]) => typeof status === 'number' && status > 0);
  test.each(plain)('%s %j is %s, retryable %s', (status, body, kind, retryable) => {
    const bodyText = typeof body === 'string' ? '' : JSON.stringify(body);
    expect(readBlockingAnswer({ status: Number(status), headers: {}, bodyText }).outcome).toMatchObject({
      kind: 'failed',
      error: KIND[kind] ?? kind,
      retryable,
    });
  });

  test('of the transport', () => {
    expect(classifyTransport({ errorCode: 1212, errorText: 'connection refused' })).toMatchObject({
      error: 'network',
      retryable: true,
    });
    expect(classifyTransport({ errorCode: 1050, errorText: 'request timeout' })).toMatchObject({
      error: 'timeout',
      retryable: true,
    });
    expect(classifyTransport({ errorCode: 1220, errorText: 'reset', answerBegan: true })).toMatchObject({
      error: 'truncated',
    });
  });

  test('show no key', () => {
    const body = JSON.stringify({
      error: { message: 'Incorrect API key provided: sk-proj-abcdef0123456789 (Bearer sk-other-998877)' },
    });
    const { outcome } = readBlockingAnswer({ status: 401, headers: {}, bodyText: body });
    expect(JSON.stringify(outcome)).not.toMatch(/abcdef0123456789|998877/);
  });
});

describe('Retry-After', () => {
  test.each(CASES.retryAfter.rows)('%j is %s ms', (headers, expected) => {
    expect(readRetryAfterMs(headers, Date.UTC(2026, 2, 1))).toBe(expected);
  });
});
