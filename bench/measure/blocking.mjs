// Blocking requests driven, no server delay: our baseline bundle against a bare http.post loop on the same k6, and
// against Locust. Rate and CPU of the steady part of each run, by the server's own count.
import { runBlocking } from '../clients/k6-llm.mjs';
import { runScript } from '../clients/k6-script.mjs';
import { runLocust } from '../clients/locust.mjs';
import { cpuBetween, peakBytes } from '../process/watch.mjs';
import { spread } from '../report/figures.mjs';
import { startInstant } from '../servers/instant-client.mjs';

const VUS = 20;
const SECONDS = { full: 9, quick: 4 };
const ROUNDS = { full: 3, quick: 1 };

/** @returns [{tool, ratePerSec, cpuUsPerRequest, …}], each with its spread over the rounds. */
export async function measureBlocking({ mode, k6s: { k6 }, peers, say }) {
  const load = { k6, vus: VUS, seconds: SECONDS[mode] };
  const tools = {
    'bare http.post': (url) => runScript({ script: 'bare', url, ...load }),
    'k6-llm baseline': (url) => runBlocking({ url, ...load }),
    ...('locust' in peers ? { locust: async (url) => (await runLocust({ url, ...load })).watched } : {}),
  };
  const results = Object.fromEntries(Object.keys(tools).map((tool) => [tool, []]));
  for (let round = 1; round <= ROUNDS[mode]; round += 1) {
    for (const [tool, run] of Object.entries(tools)) {
      const result = await driveInstant(run);
      say(
        `blocking ${round}: ${tool}: ${result.ratePerSec.toFixed(0)}/s, ${result.cpuUsPerRequest.toFixed(1)} us CPU a request`,
      );
      results[tool].push(result);
    }
  }
  return Object.entries(results).map(([tool, runs]) => ({
    tool,
    vus: VUS,
    ...Object.fromEntries(
      ['ratePerSec', 'cpuUsPerRequest', 'cpuShare', 'peakBytes'].map((name) => [
        name,
        spread(runs.map((run) => run[name])),
      ]),
    ),
  }));
}

/** One run against an instant server of its own. */
export async function driveInstant(run, { tokens = 64 } = {}) {
  const server = await startInstant(tokens);
  try {
    const watched = await run(server.url);
    const plateau = await server.plateau();
    const cpuMs = cpuBetween(watched.cpu, plateau.fromMs, plateau.toMs);
    return {
      ratePerSec: plateau.ratePerSec,
      requests: plateau.total,
      cpuUsPerRequest: (cpuMs * 1000) / plateau.requests,
      cpuShare: cpuMs / (plateau.toMs - plateau.fromMs),
      peakBytes: peakBytes(watched.memory),
      watched,
      plateau,
    };
  } finally {
    await server.stop();
  }
}
