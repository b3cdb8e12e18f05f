// Streamed tokens driven, no server delay: through our meter, through k6/x/sse where there is such a k6, by an
// ordinary xk6-sse script that parses every event, by Locust.
import { runStreaming } from '../clients/k6-llm.mjs';
import { runSseParse } from '../clients/k6-script.mjs';
import { runLocust } from '../clients/locust.mjs';
import { spread } from '../report/figures.mjs';
import { driveInstant } from './blocking.mjs';

const STREAMS = 20;
const SECONDS = { full: 9, quick: 4 };
const ROUNDS = { full: 3, quick: 1 };
const TOKENS = 64;

export async function measureStreaming({ mode, k6s: { k6, sse }, peers, say }) {
  const load = { streams: STREAMS, seconds: SECONDS[mode], tokens: TOKENS };
  const tools = {
    'k6-llm meter': (url) => runStreaming({ k6, url, ...load }),
    ...(sse === null
      ? {}
      : {
          'k6-llm sse': (url) => runStreaming({ k6: sse, url, ...load, transport: 'sse' }),
          'xk6-sse script': (url) => runSseParse({ k6: sse, url, ...load }),
        }),
    ...('locust' in peers
      ? {
          locust: (url) =>
            runLocust({ url, vus: STREAMS, seconds: load.seconds, stream: true, tokens: TOKENS }),
        }
      : {}),
  };
  const results = Object.fromEntries(Object.keys(tools).map((tool) => [tool, []]));
  for (let round = 1; round <= ROUNDS[mode]; round += 1) {
    for (const [tool, run] of Object.entries(tools)) {
      const result = await driveInstant(async (url) => (await run(url)).watched, { tokens: TOKENS });
      const row = {
        tokensPerSec: result.ratePerSec * TOKENS,
        cpuUsPerToken: result.cpuUsPerRequest / TOKENS,
        cpuShare: result.cpuShare,
      };
      say(
        `streaming ${round}: ${tool}: ${row.tokensPerSec.toFixed(0)} tokens/s, ${row.cpuUsPerToken.toFixed(2)} us CPU a token`,
      );
      results[tool].push(row);
    }
  }
  return Object.entries(results).map(([tool, runs]) => ({
    tool,
    streams: STREAMS,
    tokens: TOKENS,
    ...Object.fromEntries(
      ['tokensPerSec', 'cpuUsPerToken', 'cpuShare'].map((name) => [
        name,
        spread(runs.map((run) => run[name])),
      ]),
    ),
  }));
}
