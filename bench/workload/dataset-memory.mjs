// Memory that k6 takes for a JSONL data set of 200 MB and 200 VUs: without one, as it is, and as the launcher
// hands it over. Linux only (reads /proc). K6_BIN names the k6.
//   node bench/workload/dataset-memory.mjs
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '..', '..');
const FILE_BYTES = 200_000_000;
const directory = await mkdtemp(path.join(tmpdir(), 'k6-llm-bench-'));
const file = (name) => path.join(directory, name);

async function writeRows() {
  const out = createWriteStream(file('big.jsonl'));
  const words = 'alpha river stone cloud paper window garden market engine table silver morning'.split(' ');
  for (let bytes = 0, row = 0; bytes < FILE_BYTES; row++) {
    const text = Array.from(
      { length: 60 + ((row * 7919) % 180) },
      (_, at) => words[(row * 31 + at * 17) % 12],
    );
    const line = `${JSON.stringify({ id: row, prompt: text.join(' '), max_tokens: 100 })}\n`;
    bytes += line.length;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

async function bundle(entry, outfile, options) {
  await build({
    entryPoints: [path.join(root, entry)],
    outfile,
    bundle: true,
    format: 'esm',
    logLevel: 'error',
    ...options,
  });
}

/** Peak resident memory of a run, MB. */
async function peakOf(label, dataset) {
  const args = [
    'run',
    '--quiet',
    '--no-usage-report',
    '--address',
    '127.0.0.1:0',
    '-e',
    `BENCH_FILE=${dataset}`,
  ];
  const started = performance.now();
  const k6 = spawn(process.env.K6_BIN ?? 'k6', [...args, file('script.js')], { stdio: 'ignore' });
  let peakMb = 0;
  const timer = setInterval(async () => {
    const status = await readFile(`/proc/${k6.pid}/status`, 'utf8').catch(() => '');
    peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  }, 100);
  const [code] = await once(k6, 'exit');
  clearInterval(timer);
  const seconds = ((performance.now() - started) / 1000 - 10).toFixed(1);
  console.log(
    `${label}: exit ${code}, peak ${Math.round(peakMb)} MB, ${seconds} s before and after the load`,
  );
}

try {
  await writeRows();
  await bundle('bench/workload/dataset-script.ts', file('script.js'), {
    platform: 'neutral',
    target: 'es2022',
    external: ['k6', 'k6/*'],
  });
  await bundle('src/tools/dataset/compact-dataset.ts', file('compact.mjs'), { platform: 'node' });
  const { compactDataset } = await import(file('compact.mjs'));
  await peakOf('no data set', '');
  await peakOf('200 MB as it is', file('big.jsonl'));
  const small = await compactDataset(file('big.jsonl'), {
    outputFile: file('small.jsonl'),
    setting: 'LLM_DATASET',
    seed: 42,
  });
  const { size } = await stat(file('small.jsonl'));
  console.log(`compacted: ${small.keptRows} of ${small.usableRows} rows, ${(size / 1e6).toFixed(1)} MB`);
  await peakOf('compacted', file('small.jsonl'));
} finally {
  await rm(directory, { recursive: true });
}
