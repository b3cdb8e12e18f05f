import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { k6Dashboard } from '../../src/tools/live/k6-dashboard.ts';
import { everyMetricScript } from '../influxdb/every-metric-script.ts';
import { CHROMIUM_MISSING, findChromium } from './chromium.ts';
import { PATIENCE_MS } from '../support/patience.ts';

const MODELS = ['gpt-4.1', 'o3'];
const browserPath = await findChromium();

test('a machine of CI has a browser', () => {
  if (browserPath === null) process.stderr.write(`\nNOT CHECKED: ${CHROMIUM_MISSING}\n`);
  expect(browserPath !== null || process.env['CI'] !== 'true', CHROMIUM_MISSING).toBe(true);
});

describe.skipIf(browserPath === null)("k6's web dashboard during a run", () => {
  let folder: string;
  let target: Server;
  let k6: ChildProcess;
  let browser: Browser;
  let page: Page;
  let url: string;
  const pageErrors: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'live-'));
    await writeFile(path.join(folder, 'script.js'), everyMetricScript({ models: MODELS, duration: '30m' }));
    target = createServer((_, response) => void response.end('hello'));
    await new Promise<void>((resolve) => void target.listen(0, '127.0.0.1', resolve));
    k6 = await startK6(folder, target);
    url = await addressIn(k6);
    browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1400, height: 1200 } });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => void pageErrors.push(error.message));
    await page.goto(url);
  });

  afterAll(async () => {
    await browser?.close();
    if (k6 !== undefined && k6.exitCode === null) {
      k6.kill('SIGTERM');
      await once(k6, 'exit');
    }
    target?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('shows the LLM tab first, with figures and charts that have data', async () => {
    for (const title of [
      'Latency p95, ms',
      'TTFT p95, ms',
      'Errors, 1 = all',
      'Output tokens/s',
      'Dollars/s',
    ]) {
      await page.getByText(title, { exact: true }).first().waitFor();
    }
    for (const title of ['Latency, ms', 'Time to first token, ms', 'Time per output token, ms']) {
      await page.getByRole('heading', { name: title }).waitFor();
    }
    // A chart draws from the second snapshot on.
    await expect.poll(() => page.getByText('no data').count()).toBe(0);
    expect(await page.locator('.u-over').count()).toBeGreaterThan(10);
    expect(pageErrors).toEqual([]);
  });

  test('shows the figures of each model, whatever is in its name', async () => {
    await page.getByText('By model', { exact: true }).click();
    for (const model of MODELS) await page.getByText(model, { exact: true }).waitFor();
    const figures = page.locator('.u-title').filter({ hasText: /[1-9]/ });
    await expect.poll(() => figures.count()).toBe(MODELS.length * 6);
    expect(pageErrors).toEqual([]);
  });

  test('listens on loopback alone', async () => {
    const { hostname, port } = new URL(url);
    expect(hostname).toBe('127.0.0.1');
    const others = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    for (const { address } of others.filter(({ internal, family }) => !internal && family === 'IPv4')) {
      expect(await accepts(address, Number(port)), address).toBe(false);
    }
  });

  test('leaves a copy of the page when the run ends', async () => {
    await browser.close();
    const ended = once(k6, 'exit');
    k6.kill('SIGINT');
    await ended;
    const copy = await readFile(path.join(folder, 'dashboard.html'), 'utf8');
    expect(copy.includes('</html>')).toBe(true);
  });
});

async function startK6(folder: string, target: Server): Promise<ChildProcess> {
  const { env } = await k6Dashboard({ directory: folder, models: MODELS, port: 0 });
  const address = target.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { path: binary } = await findK6(() => {});
  return spawn(binary, ['run', '--no-color', '--address', '127.0.0.1:0', 'script.js'], {
    cwd: folder,
    env: {
      ...process.env,
      ...env,
      K6_NO_USAGE_REPORT: 'true',
      TARGET: `http://127.0.0.1:${port}`,
      SUMMARY_FILE: path.join(folder, 'summary.json'),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** The address that k6 prints when it serves the page. */
async function addressIn(k6: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    k6.once('exit', () => reject(new Error(`k6 ended:\n${output}`)));
    k6.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const url = /web dashboard: (http:\S+)/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const answer = (accepted: boolean) => (): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });
}
