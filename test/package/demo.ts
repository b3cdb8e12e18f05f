import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { DEMO_STEPS } from '../../src/tools/demo/demo-steps.ts';
import { processesIn } from '../support/processes.ts';

/**
 * Tests of one whole demo.
 *
 * @param home the folder that it is run in.
 * @param runDemo what it says on its standard output; throws unless it ends with 0.
 */
export function describeDemo(home: string, runDemo: () => Promise<string>): void {
  describe('the demo', () => {
    let said = '';
    const results = (...names: string[]): string => path.join(home, 'results/demo', ...names);
    const summaryOf = async (step: string): Promise<Summary> =>
      JSON.parse(await readFile(results(step, 'summary.json'), 'utf8'));

    beforeAll(async () => {
      said = await runDemo();
    });

    test('every run ends as expected', () => {
      expect(said).not.toMatch(/^ {2}✗/m);
      expect(said.match(/^ {2}✓/gm)).toHaveLength(DEMO_STEPS.length + 1);
    });

    test('its runs together counted what the mock counted', () => {
      expect(said).toMatch(/✓ the mock counted the same: \d+ requests, \d+ failed, \d+ tokens/);
    });

    test('tells the rate at which the mock gave in', () => {
      expect(said).toMatch(/the mock gave in at about \d+(\.\d)? requests\/s;/);
    });

    test('what it says fits into 80 columns', () => {
      expect(said.split('\n').filter((line) => line.length > 80)).toEqual([]);
    });

    test.each(DEMO_STEPS.map(({ folder: name }) => name))('%s leaves its results', async (step) => {
      for (const file of ['summary.json', 'summary.md', 'junit.xml', 'report.html', 'stats.csv']) {
        expect(existsSync(results(step, file)), file).toBe(true);
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
      const report = await readFile(results('report.html'), 'utf8');
      for (const { folder: name } of DEMO_STEPS) expect(report).toContain(name);
      expect(await processesIn(home)).toEqual([]);
    });
  });
}
