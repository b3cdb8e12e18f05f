// AIPerf, with a local tokenizer and the server's own token counts.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { watch } from '../process/watch.mjs';
import { binary, makeTokenizer, OFFLINE } from '../setup/venvs.mjs';
import { bodyOf, MODEL } from './request.mjs';

export async function runAiperf({ url, streams, requests, tokens = 64 }) {
  const tokenizer = await makeTokenizer();
  const dir = await mkdtemp(path.join(tmpdir(), 'k6-llm-bench-'));
  try {
    const prompts = path.join(dir, 'prompts.jsonl');
    const { messages } = JSON.parse(bodyOf({ stream: true, tokens }));
    await writeFile(prompts, `${JSON.stringify({ text: messages[0].content })}\n`);
    const watched = await watch(
      binary('aiperf'),
      [
        'profile',
        '-m',
        MODEL,
        '-u',
        new URL(url).origin,
        '--endpoint-type',
        'chat',
        '--streaming',
        '--concurrency',
        String(streams),
        '--request-count',
        String(requests),
        '--tokenizer',
        tokenizer,
        '--use-server-token-count',
        '--extra-inputs',
        `max_tokens:${tokens}`,
        '--input-file',
        prompts,
        '--custom-dataset-type',
        'single_turn',
        '--ui',
        'none',
        '--no-gpu-telemetry',
        '--no-server-metrics',
        '--export-level',
        'summary',
        '--artifact-dir',
        path.join(dir, 'out'),
      ],
      // Offline, this version looks for a local tokenizer in the hub's cache only; it asks no hub for a local path.
      { cwd: dir, env: { ...OFFLINE, HF_HUB_OFFLINE: '', TRANSFORMERS_OFFLINE: '' } },
    );
    const result = JSON.parse(await readFile(path.join(dir, 'out', 'profile_export_aiperf.json'), 'utf8'));
    return {
      watched,
      reported: {
        requests: result.request_count.avg,
        ttftMeanMs: result.time_to_first_token.avg,
        ttftP99Ms: result.time_to_first_token.p99,
        tpotMeanMs: result.inter_token_latency.avg,
      },
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
