import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';
import type { Summary } from '../../src/lib/summary/summary.ts';
import type { Truth } from '../../src/tools/mock/truth/truth.ts';
import { startK6 } from '../influxdb/k6-run.ts';
import { runProgram, startProgram } from '../support/cli.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const FIXTURE = path.join(PROJECT_ROOT, 'test/fixtures/kinds/haiku');

/** A copy of the sources with one kind more: its folder, and one line of the list of kinds. */
async function copyWithKind(): Promise<string> {
  const root = folderOfTest('kind');
  const parts = ['src', 'data', 'scripts', 'thresholds', 'build.mjs', 'package.json', 'tsconfig.json'];
  await Promise.all(
    parts.map((part) => cp(path.join(PROJECT_ROOT, part), path.join(root, part), { recursive: true })),
  );
  await symlink(path.join(PROJECT_ROOT, 'node_modules'), path.join(root, 'node_modules'));
  const kinds = path.join(root, 'src/lib/kinds');
  await cp(FIXTURE, path.join(kinds, 'haiku'), { recursive: true });
  for (const file of ['haiku-kind.ts', 'mock.ts', 'expected.ts']) {
    const text = await readFile(path.join(FIXTURE, file), 'utf8');
    const moved = text
      .replaceAll('../../../../src/lib/kinds/', '../')
      .replaceAll('../../../../src/lib/', '../../');
    await writeFile(path.join(kinds, 'haiku', file), moved);
  }
  const list = await readFile(path.join(kinds, 'kinds.ts'), 'utf8');
  const line = "import { HAIKU_KIND } from './haiku/haiku-kind.ts';\n";
  await writeFile(
    path.join(kinds, 'kinds.ts'),
    line + list.replace('  RERANK_KIND,\n]', '  RERANK_KIND,\n  HAIKU_KIND,\n]'),
  );
  return root;
}

test('a made-up kind is sent, read, streamed, priced and counted from its folder alone', async () => {
  const root = await copyWithKind();
  const built = await runProgram(process.execPath, ['build.mjs', '--quiet'], { cwd: root });
  expect(built).toMatchObject({ code: 0, stderr: '' });
  const cli = path.join(root, 'dist/cli.mjs');
  const start = async (...args: string[]): Promise<string> => {
    const program = startProgram(process.execPath, [cli, ...args], { cwd: root });
    onTestFinished(() => void program.child.kill('SIGKILL'));
    await expect.poll(program.output).toMatch(/^http:\/\/127\.0\.0\.1:\d+\S*\n/);
    return program.output().split('\n')[0] ?? '';
  };
  const mock = await start('mock', '--port', '0', '--ttft', '20', '--tpot', '8', '--output-tokens', '5');
  const meter = await start('meter', '--port', '0', '--target', mock);
  const prices = path.join(root, 'own-prices.json');
  await writeFile(prices, '{"models":{"basho":{"input":2,"output":8}}}');
  for (const [index, streamed] of [{}, { LLM_STREAM: '1', LLM_METER_URL: meter }].entries()) {
    await fetch(`${mock}/__reset`, { method: 'POST' });
    const env = {
      LLM_BASE_URL: mock,
      LLM_PROVIDER: 'mock',
      LLM_KIND: 'haiku',
      LLM_MIX: 'basho',
      LLM_PRICES: prices,
      LLM_RESULTS_DIR: root,
      ...streamed,
    };
    const k6 = await startK6([path.join(root, 'dist/smoke.js')], { env, cwd: root });
    const { code, output } = await k6.ended;
    expect(output).not.toMatch(/Uncaught|level=error/);
    expect(code).toBe(0);
    const summary: Summary = JSON.parse(await readFile(path.join(root, 'summary.json'), 'utf8'));
    const truth = (await (await fetch(`${mock}/__truth`)).json()) as Truth;
    const { totals, kinds, metrics } = summary;
    const told = truth.kinds['haiku'];
    expect(Object.keys(kinds)).toEqual(['haiku']);
    expect(totals.succeeded).toBe(5);
    expect(totals.inputTokens + (totals.preflight?.inputTokens ?? 0)).toBe(told?.inputTokens);
    expect(totals.outputTokens + (totals.preflight?.outputTokens ?? 0)).toBe(told?.outputTokens);
    expect(totals.costUsd).toBeCloseTo((totals.inputTokens * 2 + totals.outputTokens * 8) / 1e6, 12);
    if (index === 1) expect(metrics['ai_ttft_ms']?.['count']).toBeGreaterThan(0);
  }
});
