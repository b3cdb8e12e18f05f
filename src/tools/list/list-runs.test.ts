import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import type { Summary } from '../../lib/summary/summary.ts';
import { madeRequests, runOf } from '../compare/made-runs.ts';
import { listRuns, renderRuns } from './list-runs.ts';

const { run } = await runOf(
  madeRequests({ seed: 1, durationSec: 5, ratePerSec: 20, slowness: 1, memory: 0 }),
);
const made = run.summary;

function makeFolder(): { root: string; add: (name: string, change?: Partial<Summary>) => void } {
  const root = folderOfTest('list');
  return {
    root,
    add: (name, change) => {
      mkdirSync(path.join(root, name), { recursive: true });
      const file = path.join(root, name, change === undefined ? 'samples.jsonl' : 'summary.json');
      writeFileSync(file, change === undefined ? '' : JSON.stringify({ ...made, ...change }));
    },
  };
}

test('lists runs, those in folders of runs too, the last first, in 80 columns', async () => {
  const { root, add } = makeFolder();
  add('soak', { startedAt: '2026-11-25T04:00:00.000Z', slo: { ...made.slo, state: 'pass' } });
  add('demo/stress', { startedAt: '2026-11-26T04:00:00.000Z', slo: { ...made.slo, state: 'fail' } });
  add('killed');
  add('2026-11-25T04-31-07-a-scenario-of-my-own', {
    startedAt: '2026-11-27T04:00:00.000Z',
    interrupted: { afterMs: 1, plannedMs: 2 },
  } as Partial<Summary>);
  add('dear', { startedAt: null, stopped: 'LLM_BUDGET_USD' });
  mkdirSync(path.join(root, 'soak', 'shard-0'));
  mkdirSync(path.join(root, 'notes'));
  const runs = await listRuns(root);
  expect(runs.map(({ name }) => name)).toEqual([
    '2026-11-25T04-31-07-a-scenario-of-my-own',
    'demo/stress',
    'soak',
    'dear',
    'killed',
  ]);
  const lines = renderRuns(runs);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.slice(2).map((line) => line.slice(0, 42).trimEnd())).toEqual([
    '…4-31-07-a-scenario-of-my-own  interrupted',
    'demo/stress                    fail',
    'soak                           pass',
    'dear                           stopped',
    'killed                         no summary',
  ]);
  expect(lines[3]).toMatch(/ 9\d {2,}\d(\.\d+)? % +\d{3} +\$0\.0\d+$/);
});
