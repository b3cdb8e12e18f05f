import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startService } from '../../examples/rag-service.mjs';
import type { Summary } from '../../src/lib/summary/summary.ts';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import { runCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const BREACHED = 99;
const DELAY_MS = 5;

/** Runs an example as its first lines say, in a folder of its own; a second and a half of load. */
async function runExample(file: string, { delayMs = DELAY_MS }: { delayMs?: number } = {}) {
  const cwd = folderOfTest('example');
  const service = await startService({ port: 0, delayMs });
  onTestFinished(service.close);
  const mock = await openMock();
  const { code, stderr, stdout } = await runCli(['run', path.join(PROJECT_ROOT, 'examples', file)], {
    cwd,
    env: {
      RAG_URL: service.url,
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'gpt-4.1',
      LLM_THINK_TIME: '100ms',
      LLM_TIME_SCALE: '0.025',
      LLM_RESULTS_DIR: 'out',
    },
  });
  const summary = JSON.parse(await readFile(path.join(cwd, 'out/summary.json'), 'utf8')) as Summary;
  return { code, output: stdout + stderr, summary, service, mock };
}

describe.each(['rag.ts', 'rag-in-js.js'])('examples/%s', (file) => {
  test('logs each user in once, finds documents, asks about them, and measures all of it', async () => {
    const { code, output, summary, service, mock } = await runExample(file);
    expect(code, output).toBe(0);
    expect(output).toMatch(/step retrieve, ms +\d+ +\d/);
    expect(output).toMatch(/rag_answer_ms +\d+ +\d/);
    const { counts } = service;
    const users = 5;
    expect(counts.logins).toBeGreaterThan(0);
    expect(counts.logins).toBeLessThanOrEqual(users);
    expect(counts.refused).toBe(0);
    expect(counts.searches).toBeGreaterThan(counts.logins);
    const { metrics, totals, thresholds } = summary;
    expect(metrics['ai_step_ms{name:login}']?.['count']).toBe(counts.logins);
    expect(metrics['ai_step_ms{name:retrieve}']?.['count']).toBe(counts.searches);
    // The service waits by a timer of Node, which may end up to a millisecond early.
    expect(metrics['ai_step_ms{name:retrieve}']?.['min']).toBeGreaterThanOrEqual(DELAY_MS - 1);
    expect(metrics['rag_answer_ms']?.['count']).toBe(totals.succeeded);
    expect(totals.requestsStarted + (totals.preflight?.requests ?? 0)).toBe(mock.truth().totals.requests);
    expect(totals.costUsd).toBeGreaterThan(0);
    expect(thresholds.map(({ metric }) => metric)).toEqual(
      expect.arrayContaining(['rag_answer_ms', 'ai_step_ms{name:retrieve}']),
    );
  });

  test('fails by its own threshold where documents take too long', async () => {
    const { code, summary } = await runExample(file, { delayMs: 700 });
    expect(code).toBe(BREACHED);
    expect(summary.slo.breached.join()).toContain('ai_step_ms{name:retrieve}');
    expect(summary.slo.breached.join()).not.toContain('rag_answer_ms');
  });
});
