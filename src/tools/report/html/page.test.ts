import { expect, test } from 'vitest';
import { madeRequests, runOf } from '../../compare/made-runs.ts';
import { NOWHERE } from '../../results/run-figures.ts';
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

test("plots show the server's own gauges, and no limits or figures of k6", async () => {
  const { run } = await runOf(madeRequests(LOAD), { label: 'run' });
  for (const name of ['ai_server_requests_waiting', 'vllm:other', 'ai_ratelimit_remaining', 'vus_max'])
    run.figures?.add({ name, type: 'gauge', value: 3, offsetMs: 1000, place: NOWHERE });
  const page = renderPage([run]);
  const titles = [...page.matchAll(/<figcaption[^>]*>.*?<\/figcaption>|<h4[^>]*>(.*?)<\/h4>/gs)]
    .map(([text]) => text)
    .join();
  expect(titles).toContain('ai_server_requests_waiting');
  expect(titles).toContain('vllm:other');
  expect(titles).not.toMatch(/ai_ratelimit_remaining|vus_max/);
});
