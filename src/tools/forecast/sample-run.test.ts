import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { planSample } from './sample-run.ts';

const SAMPLE = { requests: 10, stream: false, otherMixes: [] };

function dataset(lines: readonly object[]): string {
  const folder = folderOfTest('sample-run');
  const file = path.join(folder, 'rows.jsonl');
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}

describe('a sample', () => {
  test('asks each entry of the mix as often as any other, as the kind that it names', () => {
    const { env, mix } = planSample('baseline', SAMPLE, { LLM_MIX: 'a=70,embeddings:e=30' });
    expect(env['LLM_MIX']).toBe('a,embeddings:e');
    expect(mix?.map(({ shareRatio }) => shareRatio)).toEqual([0.7, 0.3]);
  });

  test('of rows that name their kinds is sent as the run would be, and forecast as it came', () => {
    const LLM_DATASET = dataset([{ prompt: 'Hi' }, { prompt: 'A text', kind: 'embeddings' }]);
    const { env, mix } = planSample('baseline', SAMPLE, { LLM_MIX: 'a=70,embeddings:e=30', LLM_DATASET });
    expect([env['LLM_MIX'], mix]).toEqual(['a=70,embeddings:e=30', null]);
    const plain = { LLM_MIX: 'a=70,b=30', LLM_DATASET: dataset([{ prompt: 'Hi' }]) };
    expect(planSample('baseline', SAMPLE, plain).env['LLM_MIX']).toBe('a,b');
  });
});
