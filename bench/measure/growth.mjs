// Growth: CPU a request against VUs, CPU a streamed token against the tokens of an answer. Against streams, it is in
// the measurement of truth; against requests and minutes, in the one of memory.
import { runBlocking, runStreaming } from '../clients/k6-llm.mjs';
import { runScript } from '../clients/k6-script.mjs';
import { driveInstant } from './blocking.mjs';

const STEADY = { bundle: 'bench/.build/steady.js', lengthSeconds: 100 };
const VUS = { full: [1, 10, 100, 500], quick: [1, 20] };
const TOKENS = { full: [16, 64, 256, 1024], quick: [16, 64] };
const SECONDS = { full: 5, quick: 3 };

export async function measureGrowth({ mode, k6s: { k6 }, say }) {
  const seconds = SECONDS[mode];
  const byVus = [];
  for (const vus of VUS[mode]) {
    const bare = await driveInstant((url) => runScript({ k6, script: 'bare', url, vus, seconds }));
    const ours = await driveInstant((url) => runBlocking({ k6, url, vus, seconds, ...STEADY }));
    say(
      `growth: ${vus} VUs: ${ours.ratePerSec.toFixed(0)}/s, ${ours.cpuUsPerRequest.toFixed(1)} us a request (bare ${bare.ratePerSec.toFixed(0)}/s, ${bare.cpuUsPerRequest.toFixed(1)})`,
    );
    byVus.push({ vus, ours: pick(ours), bare: pick(bare) });
  }
  const byTokens = [];
  for (const tokens of TOKENS[mode]) {
    const ours = await driveInstant(
      async (url) => (await runStreaming({ k6, url, streams: 20, seconds, tokens })).watched,
      { tokens },
    );
    const row = {
      tokens,
      tokensPerSec: ours.ratePerSec * tokens,
      cpuUsPerToken: ours.cpuUsPerRequest / tokens,
    };
    say(
      `growth: ${tokens} tokens an answer: ${row.tokensPerSec.toFixed(0)}/s, ${row.cpuUsPerToken.toFixed(2)} us a token`,
    );
    byTokens.push(row);
  }
  return { byVus, byTokens };
}

function pick({ ratePerSec, cpuUsPerRequest }) {
  return { ratePerSec, cpuUsPerRequest };
}
