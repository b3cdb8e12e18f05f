import { describe, expect, test } from 'vitest';
import type { KindName } from '../kinds/kinds.ts';
import { parseMix } from '../prompts/mix.ts';
import { type KindOrigins, type SentShare, sentShares } from './sent-shares.ts';

/** `model as kind: share`, to read. */
function told(mix: string, origins: Partial<KindOrigins>): string[] {
  const sentAs = (begun: KindName): Map<KindName, number> => new Map([[begun, 1]]);
  const shares = sentShares(parseMix(mix, 'LLM_MIX'), { part: null, run: 'chat', sentAs, ...origins });
  return shares.map(
    ({ model, kind, shareRatio }: SentShare) => `${model} as ${kind}: ${Number(shareRatio.toFixed(9))}`,
  );
}

/** Rows of which so many name embeddings, and the others nothing. */
const rows =
  (embeddings: number) =>
  (begun: KindName): Map<KindName, number> =>
    new Map<KindName, number>(
      begun === 'embeddings'
        ? [['embeddings', 1]]
        : [
            [begun, 1 - embeddings],
            ['embeddings', embeddings],
          ],
    );

describe('sentShares', () => {
  test('of rows that name no kind are those of the mix', () => {
    expect(told('a=70,embeddings:e=30', {})).toEqual(['a as chat: 0.7', 'e as embeddings: 0.3']);
    expect(told('a,b=3', { run: 'completions' })).toEqual([
      'a as completions: 0.25',
      'b as completions: 0.75',
    ]);
  });

  test('of a part that names a kind go to the models of that kind', () => {
    expect(told('a=70,embeddings:e=20,embeddings:f=10', { part: 'embeddings' })).toEqual([
      'e as embeddings: 0.666666667',
      'f as embeddings: 0.333333333',
    ]);
  });

  test('of rows that name another kind go to the models that take it', () => {
    expect(told('a=3,b=1', { sentAs: rows(0.4) })).toEqual([
      'a as chat: 0.45',
      'a as embeddings: 0.3',
      'b as embeddings: 0.1',
      'b as chat: 0.15',
    ]);
    expect(told('a=60,b=20,embeddings:e=20', { sentAs: rows(0.5) })).toEqual([
      'a as chat: 0.3',
      'e as embeddings: 0.4',
      'b as chat: 0.1',
      'e as embeddings: 0.2',
    ]);
  });

  test('of rows alone go to a model that the mix never draws', () => {
    expect(told('a,embeddings:e=0', { sentAs: rows(0.3) })).toEqual([
      'a as chat: 0.7',
      'e as embeddings: 0.3',
    ]);
  });
});
