// GuideLLM, with a local tokenizer.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { watch } from '../process/watch.mjs';
import { binary, makeTokenizer, OFFLINE } from '../setup/venvs.mjs';
import { bodyOf, MODEL } from './request.mjs';

export async function runGuidellm({ url, streams, requests, tokens = 64 }) {
  const tokenizer = await makeTokenizer();
  const dir = await mkdtemp(path.join(tmpdir(), 'k6-llm-bench-'));
  try {
    const prompts = path.join(dir, 'prompts.jsonl');
    const out = path.join(dir, 'out.json');
    const { messages } = JSON.parse(bodyOf({ stream: true, tokens }));
    // A row for each request: it stops when its data ends.
    await writeFile(prompts, `${JSON.stringify({ prompt: messages[0].content })}\n`.repeat(requests));
    const watched = await watch(
      binary('guidellm'),
      [
        'run',
        '--backend',
        `kind=openai_http,target=${new URL(url).origin},model=${MODEL},max_tokens=${tokens}`,
        '--profile',
        `kind=concurrent,streams=${streams}`,
        '--constraint',
        `kind=max_requests,count=${requests}`,
        '--tokenizer',
        `kind=hf_auto,model=${tokenizer}`,
        '--data',
        `kind=json_file,path=${prompts}`,
        '--output',
        `kind=json,path=${out}`,
        '--disable-console',
      ],
      { cwd: dir, env: { ...OFFLINE, HF_HOME: path.join(dir, 'hf') } },
    );
    const { metrics } = JSON.parse(await readFile(out, 'utf8')).benchmarks[0];
    const ttft = metrics.time_to_first_token_ms.successful;
    return {
      watched,
      reported: {
        requests: metrics.request_totals.successful,
        ttftMeanMs: ttft.mean,
        ttftP99Ms: ttft.percentiles.p99,
        tpotMeanMs: metrics.inter_token_latency_ms.successful.mean,
      },
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
