import { expect, test } from 'vitest';
import { madeRequests, runOf } from '../../compare/made-runs.ts';
import { renderPage } from './page.ts';

const LOAD = { seed: 1, durationSec: 10, ratePerSec: 5, slowness: 1, memory: 0 };

test.each<[string, [number, number][], string | null]>([
  [
    'a load that was planned over time',
    [
      [0, 5],
      [10_000, 20],
    ],
    'planned load, to 20 VUs',
  ],
  ['a load of so many requests, which has no shape', [], null],
])('plots tell of %s', async (_, points, words) => {
  const stages = [{ testType: 'smoke', unit: 'vus' as const, points }];
  const { run } = await runOf(madeRequests(LOAD), { label: 'run', header: { stages } });
  const page = renderPage([run]);
  if (words === null) expect(page).not.toContain('planned load');
  else expect(page).toContain(words);
  expect(page).not.toContain('Infinity');
});
