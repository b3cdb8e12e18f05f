import { describe, expect, test } from 'vitest';
import { bodyOfKind } from '../../../../test/support/body-of-kind.ts';
import { openMock } from '../../../../test/support/mock.ts';
import { requestRaw } from '../../../../test/support/raw-http.ts';
import { attemptOf } from '../../../lib/answer/http-answer.ts';
import type { Attempt } from '../../../lib/answer/attempt.ts';
import { KINDS } from '../../../lib/kinds/kinds.ts';
import type { Kind } from '../../../lib/kinds/kind.ts';
import { parseJsonRecord } from '../../../lib/parse/json.ts';
import { FAULT_NAMES, FAULT_SPECS, type FaultName } from '../faults/faults.ts';
import type { Mock } from '../server/start-mock.ts';

const TEXTS = ['Be brief.', 'Name a bird.', 'And a fish.'];

type Asking = {
  stream: boolean;
  fault?: FaultName | `${FaultName}:${number}`;
  extraBody?: Record<string, unknown>;
};

/** A request as our own composer writes it, and what our own reader makes of the answer. */
async function ask(mock: Mock, kind: Kind, { stream, fault, extraBody = {} }: Asking): Promise<Attempt> {
  const body = bodyOfKind(kind, { texts: TEXTS, model: 'm', stream, maxTokens: 6, extraBody });
  const headers = fault === undefined ? {} : { 'x-mock-fault': fault };
  const answer = await requestRaw(mock.port, { path: `/v1/${kind.path}`, body, headers });
  const items = kind.countItems?.(parseJsonRecord(body) ?? {}) ?? null;
  return attemptOf({
    status: answer.status,
    errorCode: answer.whole ? 0 : 1220,
    errorText: answer.whole ? '' : 'connection reset by peer',
    headers: answer.headers,
    bodyText: answer.body,
    stream,
    wantsText: true,
    asked: { kind, items },
    ttfbMs: null,
    endMs: 1,
    nowMs: 0,
  }).attempt;
}

const WAYS = KINDS.flatMap((kind) =>
  (kind.answers === 'text' ? [false, true] : [false]).map((stream) => ({
    kind,
    stream,
    way: `${kind.name}, ${stream ? 'streamed' : 'blocking'}`,
  })),
);

describe.each(WAYS)('$way', ({ kind, stream }) => {
  test('is answered, and told the tokens that the mock counts', async () => {
    const mock = await openMock();
    const { outcome, usage, answeredModel } = await ask(mock, kind, { stream });
    expect([outcome, answeredModel]).toEqual([{ kind: 'ok' }, 'm']);
    const { kinds, totals } = mock.truth();
    const { inputTokens, outputTokens } = usage;
    expect(kinds).toEqual({ [kind.name]: totals });
    expect(totals).toMatchObject({ requests: 1, succeeded: 1, inputTokens, outputTokens });
    expect(inputTokens).toBeGreaterThan(0);
    expect(outputTokens).toBe(kind.answers === 'text' ? 6 : 0);
  });

  // Of these two no answer is the point, but what the connection does: faults.test.ts.
  test.each(FAULT_NAMES.filter((name) => name !== 'hang' && name !== 'silent_close'))('%s', async (fault) => {
    const mock = await openMock();
    // A stall lasts two seconds unless it is told how long.
    const { outcome } = await ask(mock, kind, { stream, fault: fault === 'stall' ? 'stall:50' : fault });
    const [counted = null] = Object.keys(mock.truth().errors);
    expect(outcome.kind === 'failed' ? outcome.error : null).toBe(counted);
    const { group, streamed, blocking } = FAULT_SPECS[fault];
    const expected = stream ? streamed : blocking === 'ignored' ? null : blocking;
    if (group !== 'refusal') expect(counted).toBe(expected);
  });
});

test('answers side by side have tokens of their own, and all of them count', async () => {
  const mock = await openMock();
  for (const { kind, stream } of WAYS.filter(({ kind: { name } }) => /^(chat|completions)$/.test(name))) {
    const { outcome, usage } = await ask(mock, kind, { stream, extraBody: { n: 3 } });
    expect(outcome).toEqual({ kind: 'ok' });
    expect(usage.outputTokens).toBe(18);
  }
  expect(mock.truth().totals.outputTokens).toBe(4 * 18);
});
