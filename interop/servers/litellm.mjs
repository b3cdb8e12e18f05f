// LiteLLM's proxy, with our mock behind it: a relay that counts tokens and dollars itself.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startServer } from '../../bench/process/server.mjs';
import { installPython } from '../install/python.mjs';
import { readMetricsPage } from './metrics-page.mjs';
import { flagsOf, freePort, startProcess } from './process.mjs';

const KEY = 'sk-interop-litellm';
const MODEL = 'gpt-4.1';
const MOCK_KEY = 'interop-mock-key';
/** TTFT and time between tokens of the mock behind it, ms. */
const MOCK = { ttftMs: 100, tpotMs: 5, outputTokens: 64 };

/** Its own price list, no telemetry, nothing downloaded. */
const OFFLINE = {
  LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  LITELLM_TELEMETRY: 'False',
  DISABLE_ADMIN_UI: 'True',
};

export async function startLitellm({ root, folder, say }) {
  const program = await installPython('litellm', say);
  const mock = await startServer([
    path.join(root, 'dist/cli.mjs'),
    'mock',
    '--quiet',
    '--strict-models',
    ...flagsOf({
      port: 0,
      'api-key': MOCK_KEY,
      model: `${MODEL}:ttft=${MOCK.ttftMs},tpot=${MOCK.tpotMs},tokens=${MOCK.outputTokens}`,
    }),
  ]);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const config = path.join(folder, 'litellm.yaml');
  await writeFile(config, configOf(mock.url));
  const { stop, pid } = await startProcess(
    program('litellm'),
    ['--config', config, '--host', '127.0.0.1', '--port', String(port), '--num_workers', '1'],
    {
      cwd: folder,
      env: OFFLINE,
      readyUrl: `${origin}/health/liveliness`,
      logFile: path.join(folder, 'litellm.log'),
    },
  );
  return {
    name: 'LiteLLM',
    about: `its proxy in front of our mock (TTFT ${MOCK.ttftMs} ms, ${MOCK.tpotMs} ms a token), with LiteLLM's own prices`,
    version: await versionOf(program),
    pid,
    origin,
    url: `${origin}/v1`,
    key: KEY,
    model: MODEL,
    env: {},
    authorization: { authorization: `Bearer ${KEY}` },
    isRelay: true,
    wrongModel: 'refused',
    maxPromptTokens: null,
    counts: () => countsOf(origin),
    times: () => timesOf(mock.url),
    stop: async () => {
      await stop();
      await mock.stop();
    },
  };
}

function configOf(mockUrl) {
  return JSON.stringify({
    model_list: [
      {
        model_name: MODEL,
        litellm_params: { model: `openai/${MODEL}`, api_base: mockUrl, api_key: MOCK_KEY },
      },
    ],
    litellm_settings: {
      num_retries: 0,
      callbacks: ['prometheus'],
      require_auth_for_metrics_endpoint: false,
      include_cost_in_streaming_usage: true,
    },
    general_settings: { master_key: KEY },
  });
}

/** Its Prometheus counters, spend included. They follow an answer by some seconds, so they are read until they rest. */
async function countsOf(origin) {
  let before = null;
  for (;;) {
    const page = await readMetricsPage(`${origin}/metrics/`);
    const counts = {
      inputTokens: page.get('litellm_input_tokens_metric_total') ?? 0,
      outputTokens: page.get('litellm_output_tokens_metric_total') ?? 0,
      costUsd: page.get('litellm_spend_metric_total') ?? 0,
    };
    if (before !== null && JSON.stringify(before) === JSON.stringify(counts)) return counts;
    before = counts;
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
}

/** How long the mock behind it took until its last token. */
async function timesOf(mockUrl) {
  const truth = await (await fetch(`${new URL(mockUrl).origin}/__truth?requests=1`)).json();
  return truth.requestRecords
    .filter(({ stream, end, tokensWritten }) => stream && end === 'whole' && tokensWritten > 1)
    .map(({ lastTokenAtMs, arrivalMs, tokensWritten }) => ({
      lastMs: lastTokenAtMs - arrivalMs,
      tokens: tokensWritten,
    }));
}

async function versionOf(program) {
  const { runQuietly } = await import('../install/run-quietly.mjs');
  const code = "from importlib.metadata import version; print(version('litellm'))";
  return (await runQuietly(program('python'), ['-c', code])).trim();
}
