// Bundle sizes, the build's time, and the time of a report from a large k6 JSON file.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { runBlocking } from '../clients/k6-llm.mjs';
import { peakBytes, watch } from '../process/watch.mjs';
import { spread } from '../report/figures.mjs';
import { startInstant } from '../servers/instant-client.mjs';

const root = path.join(import.meta.dirname, '../..');
const ROUNDS = { full: 3, quick: 1 };
const REPORT_BYTES = { full: 1e9, quick: 1e8 };

export async function measureBuild({ mode, k6s: { k6 }, say }) {
  const buildSeconds = [];
  for (let round = 0; round < ROUNDS[mode]; round += 1) {
    const { startedAtMs, endedAtMs } = await watch(process.execPath, ['build.mjs', '--quiet'], { cwd: root });
    buildSeconds.push((endedAtMs - startedAtMs) / 1000);
  }
  const bundles = [];
  for (const name of (await readdir(path.join(root, 'dist'))).filter((file) => file.endsWith('.js'))) {
    const bytes = await readFile(path.join(root, 'dist', name));
    bundles.push({ name, bytes: bytes.length, gzipBytes: gzipSync(bytes).length });
  }
  say(
    `build: ${buildSeconds[0].toFixed(2)} s; ${bundles.map(({ name, bytes }) => `${name} ${(bytes / 1024).toFixed(0)} kB`).join(', ')}`,
  );
  return { buildSeconds: spread(buildSeconds), bundles, report: await report({ mode, k6, say }) };
}

/** k6's JSON output of a real run, repeated up to 1 GB. */
async function report({ mode, k6, say }) {
  const dir = await mkdtemp(path.join(tmpdir(), 'k6-llm-bench-'));
  try {
    const [part, whole] = [path.join(dir, 'part.json'), path.join(dir, 'whole.json')];
    const server = await startInstant();
    await runBlocking({ k6, url: server.url, vus: 5, seconds: 4, env: { K6_OUT: `json=${part}` } });
    await server.stop();
    await repeat(part, whole, REPORT_BYTES[mode]);
    const { size } = await stat(whole);
    const out = path.join(dir, 'report.html');
    const ours = await watch(process.execPath, ['dist/cli.mjs', 'report', whole, '--quiet', '-o', out], {
      cwd: root,
    });
    const least = await watch(process.execPath, ['bench/measure/parse-lines.mjs', whole], { cwd: root });
    const row = {
      bytes: size,
      seconds: (ours.endedAtMs - ours.startedAtMs) / 1000,
      peakBytes: peakBytes(ours.memory),
      parseOnlySeconds: (least.endedAtMs - least.startedAtMs) / 1000,
    };
    say(
      `report of ${(size / 1e9).toFixed(2)} GB: ${row.seconds.toFixed(1)} s (only parsing each line: ${row.parseOnlySeconds.toFixed(1)} s)`,
    );
    return row;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function repeat(from, to, bytes) {
  const { size } = await stat(from);
  const out = createWriteStream(to);
  for (let written = 0; written < bytes; written += size) {
    for await (const piece of createReadStream(from, { highWaterMark: 1 << 20 })) {
      if (!out.write(piece)) await once(out, 'drain');
    }
  }
  out.end();
  await once(out, 'finish');
}
