import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { measureRequests, measureStreams } from '../../src/tools/calibration/calibrate.ts';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { startCli } from '../support/cli.ts';
import { childrenOf, isRunning } from '../support/processes.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

test('streams are measured against what the mock wrote', async () => {
  const context = { k6: await findK6(() => {}), folder: folderOfTest('calibrate') };
  const error = await measureStreams(10, context);
  if (error === null || error === 'interrupted') throw new Error(`it came to ${String(error)}`);
  expect(error).toMatchObject({ count: 10, open: 10 });
  // However busy the machine, a first token is not seen before it was written by more than the clocks' grain.
  expect(error.ttftErrorMs).toBeGreaterThan(-5);
  // Later by half a minute would be another clock's time.
  expect(error.ttftErrorMs).toBeLessThan(30_000);
});

test('answers in one piece are counted by the second', async () => {
  const perSec = await measureRequests({ k6: await findK6(() => {}), folder: folderOfTest('calibrate') });
  expect(perSec).toBeGreaterThan(5);
});

test('interrupted, it leaves no process, a partial answer, and nothing for later', async () => {
  const folder = folderOfTest('calibrate');
  const cache = path.join(folder, 'cache');
  const cli = startCli(['doctor', '--calibrate'], {
    cwd: folder,
    env: { K6_BIN: (await findK6(() => {})).path, LLM_RESULTS_DIR: 'found', XDG_CACHE_HOME: cache },
  });
  onTestFinished(() => void cli.child.kill('SIGKILL'));
  await expect.poll(cli.output).toContain('answers/s in one piece');
  const k6 = async (): Promise<string[]> =>
    (await childrenOf(cli.child.pid ?? 0)).flatMap(({ command }) => (/ run /.test(command) ? [command] : []));
  await expect.poll(k6).toHaveLength(1);
  const children = await childrenOf(cli.child.pid ?? 0);
  cli.child.kill('SIGINT');
  const { code, stdout } = await cli.ended;
  expect(code).toBe(105);
  expect(stdout).toContain('Interrupted: so far');
  const running = await Promise.all(children.map(({ pid }) => isRunning(pid)));
  expect(running).not.toContain(true);
  const answer: unknown = JSON.parse(await readFile(path.join(folder, 'found/answer.json'), 'utf8'));
  expect(answer).toMatchObject({ question: 'Is the client lying?', partial: true });
  expect(existsSync(path.join(cache, 'k6-llm'))).toBe(false);
});

test.each([[['--ask']], [['--stream']], [['baseline']]])('--calibrate with %j is refused', async (more) => {
  const cli = startCli(['doctor', '--calibrate', ...more], { cwd: folderOfTest('calibrate') });
  const { code, stderr } = await cli.ended;
  expect(code).toBe(2);
  expect(stderr).toContain('--calibrate: expected nothing beside it');
});
