import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { formatCount, formatMs, formatPercent } from '../../src/lib/text/format.ts';
import { parseFaultRule } from '../../src/tools/mock/faults/draw-faults.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { RunProgress } from '../../src/tools/live/run-progress.ts';
import { headlineUsd } from '../../src/lib/text/headline-usd.ts';
import { CHROMIUM_MISSING, findChromium } from '../dashboards/chromium.ts';
import { type RunningCli, startCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const browserPath = await findChromium();

test('a machine of CI has a browser', () => {
  if (browserPath === null) process.stderr.write(`\nNOT CHECKED: ${CHROMIUM_MISSING}\n`);
  expect(browserPath !== null || process.env['CI'] !== 'true', CHROMIUM_MISSING).toBe(true);
});

/** Runs in the page: keeps every state of its tiles, and every other address that it asks for. */
const KEEP_TILES = `
  const seen = () => JSON.parse(sessionStorage.getItem('tiles') ?? '[]');
  document.addEventListener('DOMContentLoaded', () => {
    const tiles = document.getElementById('tiles');
    if (tiles === null) return;
    new MutationObserver(() => {
      const state = [...tiles.querySelectorAll('.tile')].map((tile) => [
        tile.querySelector('dt').textContent,
        tile.querySelector('dd').firstChild.textContent.trim(),
      ]);
      sessionStorage.setItem('tiles', JSON.stringify([...seen(), Object.fromEntries(state)]));
    }).observe(tiles, { childList: true });
  });
`;

describe.skipIf(browserPath === null)('k6-llm run --live', () => {
  let K6_BIN = '';
  let browser: Browser;
  let cwd = '';

  beforeAll(async () => {
    K6_BIN = (await findK6(() => {})).path;
    browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());
  beforeEach(() => {
    cwd = folderOfTest('live');
  });

  async function start(
    args: readonly string[],
    env: Record<string, string>,
  ): Promise<{ run: RunningCli; url: string }> {
    const usual = { K6_BIN, LLM_RESULTS_DIR: 'out', LLM_THINK_TIME: '100ms', LLM_TIMEOUT: '10s' };
    const run = startCli(['run', 'baseline', '--live', ...args], { cwd, env: { ...usual, ...env } });
    onTestFinished(() => void run.child.kill('SIGKILL'));
    await expect.poll(() => run.output()).toMatch(/live: http\S+/);
    return { run, url: /live: (http\S+)/.exec(run.output())?.[1] ?? '' };
  }

  async function open(url: string): Promise<{ page: Page; said: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    page.setDefaultTimeout(PATIENCE_MS);
    onTestFinished(() => page.close());
    const said: string[] = [];
    page.on('console', (message) => void said.push(message.text()));
    page.on('pageerror', (error) => void said.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) said.push(request.url());
    });
    await page.addInitScript(KEEP_TILES);
    await page.goto(url);
    return { page, said };
  }

  const tilesSeen = async (page: Page): Promise<Record<string, string>[]> =>
    JSON.parse(await page.evaluate<string>(`sessionStorage.getItem('tiles') ?? '[]'`));

  const summaryOf = async (): Promise<Summary> =>
    JSON.parse(await readFile(path.join(cwd, 'out', 'summary.json'), 'utf8'));

  test('follows two k6s as one run, with models by name and events, and ends as the report', async () => {
    const mock = await openMock({ faults: [parseFaultRule('server_500=0.1')] });
    const env = { LLM_BASE_URL: mock.url, LLM_MIX: 'gpt-4.1=1,<b>=1', LLM_VUS: '4', LLM_TIME_SCALE: '0.025' };
    const { run, url } = await start(['--shards', '2'], env);
    const { page, said } = await open(url);
    await page.getByRole('heading', { name: 'Offered and achieved rate' }).waitFor();
    await expect.poll(() => page.locator('#models').innerText()).toContain('<b>');
    await expect.poll(() => page.locator('#events').innerText()).toContain('first error: server of');
    const { code } = await run.ended;
    expect([0, 99]).toContain(code);
    await page.waitForURL(`${url}report`);
    await page.getByText('Did it hold?', { exact: true }).waitFor();
    const summary = await summaryOf();
    expect(await page.title()).toBe('k6-llm: baseline');
    expect(said).toEqual([]);

    const states = await tilesSeen(page);
    const counts = states.map((state) => Number(state['Requests']));
    expect(new Set(counts).size, 'it grows').toBeGreaterThan(3);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    const { totals, metrics } = summary;
    expect(states.at(-1)).toMatchObject({
      Requests: formatCount(totals.requestsFinished),
      Failed: formatPercent(totals.errorRatio),
      Goodput: formatPercent(totals.goodputRatio),
      'Latency p50': formatMs(metrics['ai_latency_ms']?.['med'] ?? null),
      'Latency p95': formatMs(metrics['ai_latency_ms']?.['p(95)'] ?? null),
      Cost: headlineUsd(totals.costUsd),
    });
    await expectSamplesToSay(summary, ['shard-0', 'shard-1']);
  });

  /** What the page was made from while the run went on, to its last line. */
  async function expectSamplesToSay({ totals, metrics }: Summary, folders: readonly string[]): Promise<void> {
    const progress = new RunProgress({ budgetUsd: null });
    for (const folder of folders) {
      const take = progress.follow();
      const text = await readFile(path.join(cwd, 'out', folder, 'samples.jsonl'), 'utf8');
      for (const line of text.split('\n')) take(line);
    }
    expect(progress.requests).toBe(totals.requestsFinished);
    expect(progress.figures.total('ai_errors')).toBe(totals.failed);
    expect(progress.figures.total('ai_output_tokens')).toBe(totals.outputTokens);
    expect(progress.spentUsd).toBeCloseTo(totals.costUsd ?? 0, 9);
    expect(progress.figures.trend('ai_latency_ms').count).toBe(metrics['ai_latency_ms']?.['count']);
  }

  test('its button stops the run as Ctrl-C does; no page of another site can', async () => {
    const mock = await openMock();
    const { run, url } = await start([], {
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'm',
      LLM_VUS: '20',
      LLM_TIME_SCALE: '0.5',
    });
    const { page } = await open(url);
    await expect.poll(async () => (await tilesSeen(page)).length).toBeGreaterThan(1);

    const other = createServer((_, response) => void response.end('<title>other</title>'));
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const address = other.address();
    const stranger = await browser.newPage();
    onTestFinished(() => stranger.close());
    await stranger.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`);
    const stopped = await stranger.evaluate<string>(
      `fetch(${JSON.stringify(`${url}stop`)}, { method: 'POST', mode: 'no-cors' }).then(() => 'asked', () => 'refused')`,
    );
    expect(stopped).toBe('refused');
    expect(await page.locator('#events').innerText()).not.toContain('Stop the run');
    expect(run.child.exitCode).toBeNull();

    page.on('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: 'Stop the run' }).click();
    expect((await run.ended).code).toBe(105);
    await page.waitForURL(`${url}report`);
    await page.getByText('Not judged: interrupted').waitFor();
    expect((await summaryOf()).interrupted).not.toBeNull();
  });

  test('a run that cannot start leaves the page saying so', async () => {
    const mock = await openMock({ apiKey: 'sk-right' });
    const { run, url } = await start([], { LLM_BASE_URL: mock.url, LLM_MIX: 'm', LLM_API_KEY: 'sk-wrong' });
    const { page } = await open(url);
    await run.ended;
    await page
      .getByText(/The launcher has ended|It stopped itself/)
      .first()
      .waitFor();
  });
});
