import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { runDemo } from '../../src/tools/demo/run-demo.ts';
import { DEMO_STEPS } from '../../src/tools/demo/demo-steps.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { childrenOf } from '../support/processes.ts';
import { folderOfTests } from '../support/temporary-folder.ts';

/** Of the demo's own lengths, so that one run serves all tests. */
const SCALE = 0.4;
const STEPS = DEMO_STEPS.map((step) => ({
  ...step,
  env: { ...step.env, LLM_TIME_SCALE: String(Number(step.env['LLM_TIME_SCALE'] ?? 1) * SCALE) },
}));

describe('the demo', () => {
  const folder = folderOfTests('demo');
  let exitCode = -1;
  const said: string[] = [];
  const summaryOf = async (step: string): Promise<Summary> =>
    JSON.parse(await readFile(path.join(folder, step, 'summary.json'), 'utf8'));

  beforeAll(async () => {
    vi.spyOn(console, 'log').mockImplementation((line: unknown) => void said.push(String(line)));
    exitCode = await runDemo(await findK6(() => {}), { steps: STEPS, folder });
    vi.restoreAllMocks();
  });

  test('ends with 0, every run as expected', () => {
    expect(said.filter((line) => line.startsWith('  ✗'))).toEqual([]);
    expect(said.filter((line) => line.startsWith('  ✓'))).toHaveLength(STEPS.length + 1);
    expect(exitCode).toBe(0);
  });

  test('its runs together counted what the mock counted', () => {
    expect(said.join('\n')).toMatch(/✓ the mock counted the same: \d+ requests, \d+ failed, \d+ tokens/);
  });

  test('tells the rate at which the mock gave in', () => {
    expect(said.join('\n')).toMatch(/the mock gave in at about \d+(\.\d)? requests\/s;/);
  });

  test('its own lines fit into 80 columns', () => {
    const lines = said.flatMap((line) => line.split('\n')).filter((line) => !line.includes(folder));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test.each(STEPS.map(({ folder: name }) => name))('%s leaves its results', async (step) => {
    for (const file of ['summary.json', 'summary.md', 'junit.xml', 'report.html', 'stats.csv']) {
      expect(existsSync(path.join(folder, step, file)), file).toBe(true);
    }
    const { totals } = await summaryOf(step);
    expect(totals.requestsFinished).toBeGreaterThan(0);
    expect(totals.requestsStarted).toBe(totals.requestsFinished);
  });

  test('the streamed run has times of tokens', async () => {
    const { models, transport } = await summaryOf('baseline-streamed');
    expect(transport).toBe('meter');
    const ttfts = Object.values(models).map(({ ttftMs }) => ttftMs);
    expect(ttfts.reduce((sum, { count }) => sum + (count ?? 0), 0)).toBeGreaterThan(0);
    // The mock's first tokens come after 120 ms or more.
    for (const { count, p50 } of ttfts) if (count !== 0) expect(p50).toBeGreaterThan(50);
  });

  test('leaves one report over all runs, and no process', async () => {
    const report = await readFile(path.join(folder, 'report.html'), 'utf8');
    for (const { folder: name } of STEPS) expect(report).toContain(name);
    expect((await childrenOf(process.pid)).filter(({ command }) => /cli\.mjs|k6 run/.test(command))).toEqual(
      [],
    );
  });
});
