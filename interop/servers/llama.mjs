// llama.cpp's server: a real engine, with a model of random weights.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { installLlamaServer } from '../install/llama-server.mjs';
import { readMetricsPage } from './metrics-page.mjs';
import { freePort, startProcess } from './process.mjs';

const KEY = 'interop-llama-key';
const AUTHORIZATION = { authorization: `Bearer ${KEY}` };
const CONTEXT_TOKENS = 32_768;
const SLOTS = 4;
const MODEL = 'random-llama';

export async function startLlama({ folder, say }) {
  const { server, model } = await installLlamaServer(say);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const logFile = path.join(folder, 'llama-server.log');
  const flags = [
    '-m',
    model,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--alias',
    MODEL,
    '--api-key',
    KEY,
  ];
  // One thread of two cores, so that k6 and the meter have the other. No cache: every prompt is read in full.
  const shape = ['-np', String(SLOTS), '-c', String(CONTEXT_TOKENS), '-t', '1', '-tb', '1'];
  const more = ['--no-cache-prompt', '--cache-ram', '0', '--metrics', '--no-webui', '--offline'];
  const { stop, pid } = await startProcess(server, [...flags, ...shape, ...more], {
    readyUrl: `${origin}/health`,
    logFile,
  });
  return {
    name: 'llama.cpp',
    about: `llama-server, ${SLOTS} slots, one thread, a Llama model of random weights`,
    version: await versionOf(origin),
    pid,
    origin,
    url: `${origin}/v1`,
    key: KEY,
    model: MODEL,
    env: { LLM_EXTRA_BODY: '{"ignore_eos":true}', LLM_METRICS_URL: `${origin}/metrics` },
    authorization: AUTHORIZATION,
    /** Unknown names are served, under its own. */
    isRelay: false,
    wrongModel: 'served',
    maxPromptTokens: CONTEXT_TOKENS / SLOTS,
    counts: () => countsOf(origin),
    times: () => timesOf(logFile),
    stop,
  };
}

/** Counters of its page; it leaves cached tokens out, and here nothing is cached. */
async function countsOf(origin) {
  const page = await readMetricsPage(`${origin}/metrics`, AUTHORIZATION);
  return {
    inputTokens: page.get('llamacpp:prompt_tokens_total') ?? 0,
    outputTokens: page.get('llamacpp:tokens_predicted_total') ?? 0,
    costUsd: null,
  };
}

/** What its log says of each answer, the engine's own clock: by the token after the first, as its `timings` have it. */
async function timesOf(logFile) {
  const log = await readFile(logFile, 'utf8');
  const decodes = [...log.matchAll(/^.*\beval time =\s*([\d.]+) ms \/\s*(\d+) tokens/gm)]
    .filter(([line]) => !line.includes('prompt eval time'))
    .map(([, totalMs, tokens]) => ({ totalMs: Number(totalMs), tokens: Number(tokens) }));
  return decodes
    .filter(({ tokens }) => tokens > 1)
    .map(({ totalMs, tokens }) => ({ tpotMs: totalMs / (tokens - 1), tokens }));
}

/** `b1-0c1e570`: its build's number and commit. */
async function versionOf(origin) {
  const response = await fetch(`${origin}/props`, { headers: AUTHORIZATION });
  return (await response.json()).build_info ?? 'unknown';
}
