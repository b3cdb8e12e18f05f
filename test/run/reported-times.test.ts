import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { openPlainServer } from '../support/servers/plain-server.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const MODELS = JSON.stringify({ object: 'list', data: [{ id: 'm', object: 'model' }] });
const EVENTS = [
  { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] },
  { choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: null }] },
  { choices: [{ index: 0, delta: { content: ' there' }, finish_reason: 'stop' }] },
  {
    choices: [],
    usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
    metrics: { queue_time_ms: 640, time_to_first_token_ms: 800, mean_itl_ms: 20 },
  },
];
const STREAM = [...EVENTS.map((event) => JSON.stringify({ model: 'm', ...event })), '[DONE]']
  .map((data) => `data: ${data}\n\n`)
  .join('');

test.each([
  ['one k6', []],
  ['two shards', ['--shards', '2']],
])('what a vLLM says of each request stands beside our figures: %s', async (_, flags) => {
  const url = await openPlainServer((request, response) => {
    if (request.method === 'GET')
      return void response.setHeader('content-type', 'application/json').end(MODELS);
    request.resume().once('end', () => response.setHeader('content-type', 'text/event-stream').end(STREAM));
  });
  const cwd = folderOfTest('reported');
  const { code, stdout, stderr } = await runCli(['run', 'baseline', '--stream', ...flags], {
    cwd,
    env: {
      LLM_BASE_URL: url,
      LLM_MIX: 'm',
      LLM_VUS: '2',
      LLM_TIME_SCALE: '0.005',
      LLM_THINK_TIME: '50ms',
      LLM_RESULTS_DIR: path.join(cwd, 'out'),
    },
  });
  expect(code, stderr).toBe(0);
  const { metrics, totals } = JSON.parse(await readFile(path.join(cwd, 'out', 'summary.json'), 'utf8'));
  expect(totals.succeeded).toBeGreaterThan(0);
  for (const [part, value] of Object.entries({ queue: 640, first_token: 800, token: 20 })) {
    const values = metrics[`ai_reported_ms{part:${part}}`];
    expect(values.count, part).toBe(totals.succeeded);
    expect(values.med / value, part).toBeCloseTo(1, 2);
  }
  expect(stdout).toMatch(/wait in its queue +640/);
  expect(await readFile(path.join(cwd, 'out', 'report.html'), 'utf8')).toContain('What the server says');
});
