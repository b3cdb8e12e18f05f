import { expect, test } from 'vitest';
import { KINDS } from '../../src/lib/kinds/kinds.ts';
import { runBundle, scriptErrors } from '../support/bundle-run.ts';
import { expectedEnd, faultCases, faultRules } from '../support/fault-cases.ts';
import { openMock } from '../support/mock.ts';

/** Those whose end k6's HTTP tells in its own words; all others, by kind: src/tools/meter/faults-by-kind.test.ts. */
const FAULTS = [
  'hang',
  'reset',
  'cut',
  'truncated_chunk',
  'interrupted',
  'error_event',
  'error_in_200',
  'empty',
  'silent_close',
] as const;

test.each([
  ['0', KINDS],
  ['1', KINDS.filter(({ answers }) => answers === 'text')],
])(
  'over http too, a fault ends as its kind of failure, whatever is asked: LLM_STREAM=%s',
  async (stream, kinds) => {
    const cases = faultCases(FAULTS, kinds);
    const mock = await openMock({ faults: faultRules(cases) });
    const { output, summary } = await runBundle(
      'smoke',
      {
        LLM_BASE_URL: mock.url,
        LLM_PROVIDER: 'mock',
        LLM_MIX: cases.map(({ kind, model }) => `${kind.name}:${model}`).join(','),
        LLM_PREFLIGHT: '0',
        LLM_STREAM: stream,
        LLM_TIMEOUT: '2s',
      },
      // Enough that each model has its turn.
      ['--iterations', String(2 * cases.length), '--vus', '24'],
    );
    expect(scriptErrors(output)).toEqual([]);
    const ends = cases.map(({ model }) => {
      const { succeeded = 0, errors = {} } = summary?.models[model] ?? {};
      return [model, [...(succeeded > 0 ? ['ok'] : []), ...Object.keys(errors)].join()];
    });
    const expected = cases.map((one) => [one.model, expectedEnd(one, stream === '1')]);
    expect(Object.fromEntries(ends)).toEqual(Object.fromEntries(expected));
  },
);
