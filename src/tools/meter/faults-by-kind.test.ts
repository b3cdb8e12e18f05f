import { expect, test } from 'vitest';
import { bodyOfKind } from '../../../test/support/body-of-kind.ts';
import { expectedEnd, type FaultCase, faultCases, faultRules } from '../../../test/support/fault-cases.ts';
import { ask, openMeter } from '../../../test/support/meter.ts';
import { openMock } from '../../../test/support/mock.ts';
import { parseJsonRecord } from '../../lib/parse/json.ts';

const TEXTS = ['What is it?', 'A bird.'];

function bodyOf({ kind, model }: FaultCase, stream: boolean): object {
  const body = bodyOfKind(kind, { texts: TEXTS, model, stream, maxTokens: 20 });
  return parseJsonRecord(body) ?? {};
}

test.each([false, true])(
  'every fault ends as its kind of failure, whatever is asked; streamed: %s',
  async (stream) => {
    const cases = faultCases();
    const mock = await openMock({ faults: faultRules(cases) });
    const meter = await openMeter(mock.url, { timeoutMs: 2000 });
    const ends = await Promise.all(
      cases.map(async (one) => {
        const { answer } = await ask(meter, { path: `/v1/${one.kind.path}`, body: bodyOf(one, stream) });
        const { outcome } = answer.attempt;
        return [one.model, outcome.kind === 'failed' ? outcome.error : outcome.kind] as const;
      }),
    );
    const expected = cases.map((one) => [one.model, expectedEnd(one, stream)] as const);
    expect(Object.fromEntries(ends)).toEqual(Object.fromEntries(expected));
  },
);
