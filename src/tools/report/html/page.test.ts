import { expect, test } from 'vitest';
import { renderMarkdown } from '../../../lib/summary/render/render-markdown.ts';
import { renderText } from '../../../lib/summary/render/render-text.ts';
import { madeRequests, runOf } from '../../compare/made-runs.ts';
import { NOWHERE } from '../../results/figures/figures.ts';
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
  expect(titles).toContain('Requests in the server');
  expect(titles).toContain('vllm:other');
  expect(titles).not.toMatch(/ai_ratelimit_remaining|vus_max/);
});

test("what a look at the server's page saw stands until the next, and not through a long silence", async () => {
  const { run } = await runOf(madeRequests(LOAD), { label: 'run' });
  for (const [offsetMs, value] of [
    [500, 1],
    [2500, 2],
    [8500, 5],
  ] as const)
    run.figures?.add({
      name: 'ai_server_requests_running',
      type: 'gauge',
      value,
      offsetMs,
      place: NOWHERE,
    });
  const rows = figureOf(renderPage([run]), 'Requests in the server').matchAll(/<tr>(.*?)<\/tr>/gs);
  const cells = [...rows].map(([, row = '']) =>
    row
      .replaceAll(/<[^>]*>/g, ' ')
      .trim()
      .split(/\s+/)
      .at(-1),
  );
  expect(cells.slice(1, 10)).toEqual(['1', '1', '2', 'n/a', 'n/a', 'n/a', 'n/a', 'n/a', '5']);
});

const RATE: [number, number][] = [
  [0, 5],
  [10_000, 60],
];

/** The figure with a title, as text. */
function figureOf(page: string, title: string): string {
  return page.split('<figure>').find((figure) => figure.includes(`<h4>${title}</h4>`)) ?? '';
}

test('a plan is drawn behind figures of its own unit alone, on their axis', async () => {
  const stages = [{ testType: 'stress', unit: 'ratePerSec' as const, points: RATE }];
  const { run } = await runOf(madeRequests({ ...LOAD, ratePerSec: 20 }), {
    label: 'run',
    header: { stages },
  });
  const page = renderPage([run]);
  expect(figureOf(page, 'Offered and achieved rate')).toContain('planned load, to 60/s');
  expect(figureOf(page, 'Offered and achieved rate')).toMatch(/>60 \/s</);
  for (const title of ['Latency over time', 'VUs', 'Dollars over time']) {
    expect(figureOf(page, title)).not.toContain('planned load');
  }
});

test('limits stand in the plots of what they limit, and are told where they are far above', async () => {
  const { run } = await runOf(madeRequests({ ...LOAD, ratePerSec: 20 }), { label: 'run', header: {} });
  const thresholds = [
    { metric: 'ai_latency_ms', expression: 'p(95)<1200', ok: true },
    { metric: 'ai_ttft_ms', expression: 'p(95)<90000', ok: true },
    { metric: 'ai_latency_ms', expression: 'max>0', ok: true },
  ];
  const page = renderPage([{ ...run, summary: { ...run.summary, thresholds } }]);
  expect(figureOf(page, 'Latency over time')).toMatch(/p\(95\)&lt;1200\s*</);
  expect(figureOf(page, 'Latency over time')).not.toContain('max&gt;0');
  expect(figureOf(page, 'Time to first token (TTFT)')).toContain('p(95)&lt;90000 (far above the plot)');
});

test('nothing is drawn of fewer than twenty samples: a table tells them', async () => {
  const { run } = await runOf(madeRequests({ ...LOAD, durationSec: 2, ratePerSec: 4 }), { label: 'run' });
  const page = renderPage([run]);
  expect(page).not.toContain('<figure>');
  expect(page).toContain('Too few samples to draw (fewer than 20), in ms');
});

test('several runs begin with one picture of all, and each folds', async () => {
  const [first, second] = await Promise.all([
    runOf(madeRequests({ ...LOAD, ratePerSec: 20 }), { label: 'first' }),
    runOf(madeRequests({ ...LOAD, ratePerSec: 20, slowness: 2 }), { label: 'second' }),
  ]);
  const page = renderPage([first.run, second.run]);
  expect(page.indexOf('Latency of all runs')).toBeGreaterThan(0);
  expect(page.indexOf('Latency of all runs')).toBeLessThan(page.indexOf('class="fold"'));
  expect(page.match(/<details class="fold">/g)).toHaveLength(2);
});

test('a run of 70 % chat and 30 % embeddings tells both apart, and their sum is the sum', async () => {
  const asChat = { kind: 'chat', model: 'a', inputTokens: 100, cachedInputTokens: 0 };
  const asEmbeddings = {
    kind: 'embeddings',
    model: 'e',
    stream: false,
    ttftMs: null,
    tpotMs: null,
    inputTokens: 300,
    outputTokens: 0,
    inputs: 3,
    costUsd: 0.000_006,
    latencyMs: 7,
  };
  const requests = madeRequests({ ...LOAD, durationSec: 40 }, asChat).map((record, at) =>
    at % 10 < 7 ? record : { ...record, ...asEmbeddings, outcome: 'ok' as const, status: 200, good: true },
  );
  const { run } = await runOf(requests);
  const { kinds, totals } = run.summary;
  const [chat, embeddings] = [kinds['chat'], kinds['embeddings']];
  expect(Object.keys(kinds)).toEqual(['chat', 'embeddings']);
  for (const field of ['succeeded', 'failed', 'inputTokens', 'outputTokens'] as const)
    expect((chat?.[field] ?? NaN) + (embeddings?.[field] ?? NaN), field).toBe(totals[field]);
  expect((chat?.costUsd ?? NaN) + (embeddings?.costUsd ?? NaN)).toBeCloseTo(totals.costUsd ?? NaN, 12);
  expect(embeddings).toMatchObject({ outputTokens: 0, inputTokens: 300 * (embeddings?.succeeded ?? 0) });
  const texts = [
    renderPage([run]),
    renderMarkdown(run.summary),
    renderText(run.summary, { enableColors: false }),
  ];
  for (const text of texts) expect(text).toMatch(/chat[^]*embeddings/);
});
