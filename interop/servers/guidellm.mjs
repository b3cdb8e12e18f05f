// GuideLLM's mock server: configured delays, and usage in its answers; it counts nothing of its own.
import path from 'node:path';
import { installPython } from '../install/python.mjs';
import { flagsOf, freePort, startProcess } from './process.mjs';

const DELAYS = { ttftMs: 150, itlMs: 10, outputTokens: 48 };
const MODEL = 'llama-3.1-8b-instruct';

/** Models and tokenizers are looked up nowhere. */
const OFFLINE = {
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  DO_NOT_TRACK: '1',
};

export async function startGuidellm({ folder, say }) {
  const program = await installPython('guidellm', say);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const { stop, pid } = await startProcess(
    program('guidellm'),
    [
      'mock-server',
      ...flagsOf({
        host: '127.0.0.1',
        port,
        workers: 1,
        model: MODEL,
        'ttft-ms': DELAYS.ttftMs,
        'itl-ms': DELAYS.itlMs,
        'output-tokens': DELAYS.outputTokens,
      }),
    ],
    {
      cwd: folder,
      env: { ...OFFLINE, HF_HOME: path.join(folder, 'hf') },
      readyUrl: `${origin}/health`,
      logFile: path.join(folder, 'guidellm.log'),
    },
  );
  return {
    name: 'GuideLLM',
    about: `its mock server, TTFT ${DELAYS.ttftMs} ms, ${DELAYS.itlMs} ms between tokens, ${DELAYS.outputTokens} tokens`,
    version: '0.8.1',
    pid,
    origin,
    url: `${origin}/v1`,
    key: null,
    model: MODEL,
    env: {},
    authorization: {},
    isRelay: false,
    wrongModel: 'echoed',
    maxPromptTokens: null,
    delays: DELAYS,
    counts: null,
    times: null,
    stop,
  };
}
