// Memory per VU of the blocking bundle, against an empty script, and how memory grows with requests.
import { runBlocking } from '../clients/k6-llm.mjs';
import { runScript } from '../clients/k6-script.mjs';
import { peakBytes } from '../process/watch.mjs';
import { heapWatch } from '../process/go-heap.mjs';
import { slope, spread } from '../report/figures.mjs';
import { startInstant } from '../servers/instant-client.mjs';
import { driveInstant } from './blocking.mjs';

/** The steady bundle: all VUs from the first moment on. */
const STEADY = { bundle: 'bench/.build/steady.js', lengthSeconds: 100 };
const VUS = { full: [20, 1000], quick: [10, 100] };
const ROUNDS = { full: 2, quick: 1 };
const SECONDS = 5;
const HEAP_EVERY_MS = 1000;
const SOAK_SECONDS = { full: 20, quick: 8 };

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

/** What each request leaves behind: slope of the live heap, after collections, over the requests answered. */
async function soak({ mode, k6, say }) {
  const seconds = SOAK_SECONDS[mode];
  const tools = {
    'bare http.post': (url, args) => runScript({ k6, script: 'bare', url, vus: 20, seconds, args }),
    'k6-llm baseline': (url, args) => runBlocking({ k6, url, vus: 20, seconds, args }),
  };
  const rows = [];
  for (const [tool, run] of Object.entries(tools)) {
    const heap = await heapWatch();
    const server = await startInstant();
    const points = [];
    const timer = setInterval(async () => {
      const bytes = await heap.liveBytes();
      const requests = (await server.counts()).requests.at(-1) ?? 0;
      if (bytes !== null) points.push([requests, bytes]);
    }, HEAP_EVERY_MS);
    await run(server.url, heap.args);
    clearInterval(timer);
    const requests = (await server.counts()).requests.at(-1) ?? 0;
    await server.stop();
    // Users come in and go in the first and the last part: their own memory is not growth.
    const steady = points.filter(([at]) => at > requests * 0.25 && at < requests * 0.85);
    const bytesPerRequest = slope(steady);
    say(`soak: ${tool}: ${bytesPerRequest?.toFixed(0)} bytes a request over ${requests} requests`);
    rows.push({ tool, requests, seconds, mbPerMillionRequests: bytesPerRequest });
  }
  return rows;
}
