import { expect, test } from 'vitest';
import { runBundle, scriptErrors } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';

/** Ours, in whichever field of whichever kind. */
const PNG = /iVBORw0KGgo[A-Za-z0-9+/]+=*/g;

test('pictures go with every kind that takes them, none twice, and with no other', async () => {
  const mock = await openMock({ keepBodies: true, timing: { ttft: '1', tpot: '0', tokens: '4' } });
  const { code, output, summary } = await runBundle(
    'smoke',
    {
      LLM_BASE_URL: mock.url,
      LLM_PROVIDER: 'mock',
      LLM_MIX: 'm,messages:a,responses:r,completions:c,embeddings:e',
      LLM_IMAGES: '1:64x48,2:32x32',
    },
    ['--iterations', '20'],
  );
  expect(scriptErrors(output)).toEqual([]);
  expect(code, output).toBe(0);
  const { bodies = [], kinds, totals } = mock.truth();
  const seen = new Map<string, Set<string>>();
  for (const { body } of bodies) {
    const { model } = JSON.parse(body) as { model: string };
    const pictures = body.match(PNG) ?? [];
    expect({ model, pictures: pictures.length }).toEqual({
      model,
      pictures: 'mar'.includes(model) ? 3 : 0,
    });
    const known = seen.get(model) ?? new Set<string>();
    seen.set(model, known);
    // Preflight asks what the first request asks once more.
    const before = known.size;
    for (const picture of pictures) known.add(picture);
    if ('mar'.includes(model)) expect([before, before + 3]).toContain(known.size);
  }
  expect(Object.keys(kinds).toSorted()).toEqual([
    'chat',
    'completions',
    'embeddings',
    'messages',
    'responses',
  ]);
  const sum = summary!.totals;
  expect(sum.succeeded).toBe(20);
  expect(sum.inputTokens + (sum.preflight?.inputTokens ?? 0)).toBe(totals.inputTokens);
});

/** The first request of this seed draws none. */
const WITHOUT_FIRST = { LLM_IMAGES: 'uniform:0:1:750x100', LLM_SEED: '3' };

test('preflight shows a picture even where the first request has none', async () => {
  const mock = await openMock({ keepBodies: true, timing: { ttft: '1', tpot: '0', tokens: '4' } });
  const { code, output } = await runBundle(
    'smoke',
    { LLM_BASE_URL: mock.url, LLM_PROVIDER: 'mock', LLM_MIX: 'm', ...WITHOUT_FIRST },
    ['--iterations', '1', '--vus', '1'],
  );
  expect(code, output).toBe(0);
  const counts = (mock.truth().bodies ?? []).map(({ body }) => body.match(PNG)?.length ?? 0);
  expect(counts).toEqual([1, 0]);
});

test('a forecast counts the pictures that requests show, and no others', async () => {
  const mock = await openMock();
  const forecastOf = async (env: Record<string, string>): Promise<number> => {
    const { code, output, summary } = await runBundle(
      'smoke',
      { LLM_BASE_URL: mock.url, LLM_PROVIDER: 'mock', LLM_MIX: 'm', LLM_PREFLIGHT: '0', ...env },
      ['--iterations', '5', '--vus', '1'],
    );
    expect(code, output).toBe(0);
    return summary!.forecast!.inputTokens / summary!.forecast!.requests;
  };
  const plain = await forecastOf({});
  expect((await forecastOf({ LLM_IMAGES: 'uniform:1:3:750x100' })) - plain).toBeCloseTo(200, 0);
});
