import { expect, onTestFinished, test } from 'vitest';
import { findK6 } from '../../src/tools/k6/find-k6.ts';
import { startCli } from '../support/cli.ts';
import { openMock } from '../support/mock.ts';
import { childrenOf, isRunning } from '../support/processes.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

test.each([
  ['one k6', [], 1],
  ['two shards', ['--shards', '2'], 2],
])('a launcher that is killed leaves nothing that sends: %s', async (_, flags, count) => {
  const cwd = folderOfTest('killed');
  const mock = await openMock();
  const launcher = startCli(['run', 'soak', ...flags], {
    cwd,
    env: {
      K6_BIN: (await findK6(() => {})).path,
      LLM_BASE_URL: mock.url,
      LLM_MIX: 'm',
      LLM_RATE: '20',
      LLM_PREFLIGHT: '0',
      LLM_EXPECTED_LATENCY: '100ms',
    },
  });
  onTestFinished(() => void launcher.child.kill('SIGKILL'));
  await expect.poll(() => mock.truth().requests.started).toBeGreaterThan(5);
  const children = await childrenOf(launcher.child.pid ?? 0);
  onTestFinished(() => {
    for (const { pid } of children) if (pid > 1) kill(pid);
  });
  expect(children.filter(({ command }) => / run /.test(command))).toHaveLength(count);
  launcher.child.kill('SIGKILL');
  const running = async (): Promise<string[]> => {
    const states = await Promise.all(children.map(({ pid }) => isRunning(pid)));
    return children.filter((_child, index) => states[index]).map(({ command }) => command);
  };
  await expect.poll(running).toEqual([]);
});

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone, as it should be.
  }
}
