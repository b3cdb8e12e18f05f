// Memory per VU of the blocking bundle, against an empty script, and how memory grows with requests.
import { runBlocking } from '../clients/k6-llm.mjs';
import { runScript } from '../clients/k6-script.mjs';
import { peakBytes } from '../process/watch.mjs';
import { slope, spread } from '../report/figures.mjs';
import { driveInstant } from './blocking.mjs';

/** The steady bundle: all VUs from the first moment on. */
const STEADY = { bundle: 'bench/.build/steady.js', lengthSeconds: 100 };
const VUS = { full: [20, 1000], quick: [10, 100] };
const ROUNDS = { full: 2, quick: 1 };
const SECONDS = 5;
const SOAK_SECONDS = { full: 30, quick: 8 };

export async function measureMemory({ mode, k6s: { k6 }, say }) {
  const tools = {
    'empty script': (vus) => (url) => runScript({ k6, script: 'empty', url, vus, seconds: SECONDS }),
    'bare http.post': (vus) => (url) =>
      runScript({ k6, script: 'bare', url, vus, seconds: SECONDS, env: { BENCH_PAUSE: '2' } }),
    'k6-llm': (vus) => (url) =>
      runBlocking({ k6, url, vus, seconds: SECONDS, ...STEADY, env: { LLM_THINK_TIME: '2s' } }),
  };
  const perVu = [];
  for (const [tool, make] of Object.entries(tools)) {
    const perVuBytes = [];
    const points = VUS[mode].map((vus) => ({ vus, bytes: [] }));
    for (let round = 0; round < ROUNDS[mode]; round += 1) {
      for (const point of points) {
        const idle = tool === 'empty script';
        const bytes = peakBytes(
          (idle
            ? await make(point.vus)('http://127.0.0.1:1/v1')
            : (await driveInstant(make(point.vus))).watched
          ).memory,
        );
        point.bytes.push(bytes);
      }
      perVuBytes.push(slope(points.map(({ vus, bytes }) => [vus, bytes.at(-1)])));
    }
    say(`memory: ${tool}: ${(perVuBytes[0] / 1e6).toFixed(3)} MB a VU`);
    perVu.push({
      tool,
      perVuBytes: spread(perVuBytes),
      peaks: points.map(({ vus, bytes }) => ({ vus, bytes: spread(bytes) })),
    });
  }
  return { perVu, growth: await soak({ mode, k6, say }) };
}

/** Bytes a request, from the lowest memory in each quarter of the run: what stays after garbage is collected. */
async function soak({ mode, k6, say }) {
  const tools = {
    'bare http.post': (url) => runScript({ k6, script: 'bare', url, vus: 20, seconds: SOAK_SECONDS[mode] }),
    'k6-llm baseline': (url) => runBlocking({ k6, url, vus: 20, seconds: SOAK_SECONDS[mode] }),
  };
  const rows = [];
  for (const [tool, run] of Object.entries(tools)) {
    const { watched, plateau, requests, ratePerSec } = await driveInstant(run);
    const points = lowestOfEach(
      watched.memory.filter(({ atMs }) => atMs >= plateau.fromMs && atMs <= plateau.toMs),
      4,
    ).map(({ atMs, bytes }) => [((atMs - plateau.fromMs) / 1000) * ratePerSec, bytes]);
    const bytesPerRequest = slope(points);
    say(`soak: ${tool}: ${bytesPerRequest?.toFixed(0)} bytes a request over ${requests} requests`);
    rows.push({ tool, requests, seconds: SOAK_SECONDS[mode], mbPerMillionRequests: bytesPerRequest });
  }
  return rows;
}

function lowestOfEach(samples, parts) {
  const size = Math.max(1, Math.ceil(samples.length / parts));
  return Array.from({ length: parts }, (_, part) => samples.slice(part * size, (part + 1) * size))
    .filter((group) => group.length > 0)
    .map((group) => group.reduce((low, sample) => (sample.bytes < low.bytes ? sample : low)));
}
