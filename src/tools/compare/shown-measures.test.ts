import { describe, expect, test } from 'vitest';
import { compareRuns } from './compare-runs.ts';
import { madeRequests, runOf } from './made-runs.ts';
import { DEFAULT_MEASURES, parseMeasure } from './measure.ts';
import { shownMeasures } from './shown-measures.ts';

const USUAL = { seed: 1, durationSec: 20, ratePerSec: 20, slowness: 1, memory: 0.9 };

/** Two kinds; of chat, every tenth user leaves and every fifth answer is not the JSON that was asked for. */
const mixed = (seed: number) =>
  runOf([
    ...madeRequests({ ...USUAL, seed }, { kind: 'chat' }).map((record, at) => {
      if (at % 10 === 0)
        return { ...record, outcome: 'aborted' as const, latencyMs: null, ttftMs: null, good: null };
      return at % 5 === 1 && record.outcome === 'ok'
        ? { ...record, warnings: ['invalid_output' as const] }
        : record;
    }),
    ...madeRequests({ ...USUAL, seed: seed + 1 }, { kind: 'embeddings', model: 'e', inputTokens: 50 }),
  ]);

describe('what is shown', () => {
  test('of usual runs is what everybody asks, and nothing that they have none of', async () => {
    const run = await runOf(madeRequests(USUAL));
    expect(shownMeasures([run, run]).map(({ name }) => name)).toEqual([...DEFAULT_MEASURES]);
  });

  test('holds users who left, answers of no use and each kind, against a run without them too', async () => {
    const [first, second, plain] = [await mixed(1), await mixed(3), await runOf(madeRequests(USUAL))];
    const names = shownMeasures([first, second]).map(({ name }) => name);
    expect(names.slice(DEFAULT_MEASURES.length)).toEqual([
      'abort_rate',
      'invalid_output_rate',
      ...['chat', 'embeddings'].flatMap((kind) => [
        `p50(ai_latency_ms{kind:${kind}})`,
        `p95(ai_latency_ms{kind:${kind}})`,
        `error_rate{kind:${kind}}`,
        `requests_per_sec{kind:${kind}}`,
        `input_tokens_per_sec{kind:${kind}}`,
        `cost{kind:${kind}}`,
      ]),
    ]);
    const { rows } = compareRuns(first, second, { measures: shownMeasures([first, second]) });
    expect(rows.map(({ measure }) => measure.name)).toEqual(names);
    expect(shownMeasures([first, plain]).map(({ name }) => name)).toEqual(
      names.slice(0, DEFAULT_MEASURES.length + 2),
    );
  });

  test('counts them as shares, and none as 0', async () => {
    const [first, plain] = [await mixed(1), await runOf(madeRequests(USUAL))];
    const { totals } = first.run.summary;
    const measures = ['abort_rate', 'invalid_output_rate'].flatMap((name) => parseMeasure(name) ?? []);
    const values = compareRuns(plain, first, { measures }).rows.map((row) => [
      row.first,
      row.second,
      row.verdict,
    ]);
    expect(values).toEqual([
      [0, totals.aborted / totals.requestsFinished, 'worse'],
      [0, totals.invalidOutput / totals.succeeded, 'worse'],
    ]);
    expect(totals.aborted).toBeGreaterThan(20);
  });
});
