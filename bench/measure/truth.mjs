// Truth: what each tool says of TTFT and TPOT, against the mock's own record of the same requests. All streams start
// at once and stay in step, which is the worst case. CPU and memory of the same runs.
import { runAiperf } from '../clients/aiperf.mjs';
import { runGuidellm } from '../clients/guidellm.mjs';
import { runStreaming } from '../clients/k6-llm.mjs';
import { runSseParse } from '../clients/k6-script.mjs';
import { runLocust } from '../clients/locust.mjs';
import { cpuBetween, peakBytes } from '../process/watch.mjs';
import { spread } from '../report/figures.mjs';
import { startMock, TIMING } from '../servers/mock.mjs';

const STREAMS = { full: [10, 100, 400, 1000], check: [10, 100, 400, 1000], quick: [10, 100] };
/** Answers of one stream after the other: 1.46 s each. */
const ANSWERS = { full: 6, check: 6, quick: 3 };
/** `check` compares with Locust alone, and wants to know the noise. */
const ROUNDS = { full: 2, check: 3, quick: 1 };
const ANSWER_MS = TIMING.ttftMs + (TIMING.tokens - 1) * TIMING.tpotMs;

/** @returns [{tool, streams, …figures}], each figure with its spread over the rounds. */
export async function measureTruth({ mode, k6s, peers, say }) {
  const rows = [];
  for (let round = 1; round <= ROUNDS[mode]; round += 1) {
    for (const streams of STREAMS[mode]) {
      for (const [tool, run] of Object.entries(tools(k6s, peers))) {
        const row = await measureOne({ run, streams, answers: ANSWERS[mode] });
        say(
          `truth ${round}: ${tool} ${streams} streams: TTFT ${signed(row.ttftMeanErrorMs)} ms, p99 ${signed(row.ttftP99ErrorMs)}, TPOT ${signed(row.tpotErrorMs)}, CPU ${row.cpuUsPerToken?.toFixed(1)} us/token`,
        );
        rows.push({ tool, streams, ...row });
      }
    }
  }
  return gather(rows);
}

function tools({ k6, sse }, peers) {
  const all = {
    'k6-llm': (load) => runStreaming({ k6, ...load }),
    ...(sse === null
      ? {}
      : {
          'k6-llm sse': (load) => runStreaming({ k6: sse, ...load, transport: 'sse' }),
          'xk6-sse script': (load) => runSseParse({ k6: sse, ...load }),
        }),
    locust: ({ url, streams, seconds, tokens }) =>
      runLocust({ url, vus: streams, seconds, stream: true, tokens }),
    aiperf: runAiperf,
    guidellm: runGuidellm,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => !['locust', 'aiperf', 'guidellm'].includes(name) || name in peers),
  );
}

async function measureOne({ run, streams, answers }) {
  const mock = await startMock();
  try {
    const { watched, reported } = await run({
      url: mock.url,
      streams,
      // Half an answer less than whole ones: nobody begins another at the last moment.
      seconds: Math.floor(((answers - 0.5) * ANSWER_MS) / 1000),
      requests: streams * answers,
      tokens: TIMING.tokens,
    });
    const truth = await mock.truth();
    const fromMs = truth.arrivedAtMs[0];
    const toMs = Math.min(watched.endedAtMs, truth.endedAtMs);
    return {
      requests: reported.requests,
      seenByMock: truth.streams,
      maxConcurrent: truth.maxConcurrent,
      ttftMeanErrorMs: reported.ttftMeanMs - truth.ttftMeanMs,
      ttftP99ErrorMs: reported.ttftP99Ms - truth.ttftP99Ms,
      tpotErrorMs: reported.tpotMeanMs - truth.tpotMeanMs,
      mockLateMs: truth.firstWriteLateMeanMs,
      cpuUsPerToken: (cpuBetween(watched.cpu, fromMs, toMs) * 1000) / truth.tokens,
      cpuShare: cpuBetween(watched.cpu, fromMs, toMs) / (toMs - fromMs),
      peakBytes: peakBytes(watched.memory),
    };
  } finally {
    await mock.stop();
  }
}

const FIGURES = [
  'requests',
  'seenByMock',
  'maxConcurrent',
  'ttftMeanErrorMs',
  'ttftP99ErrorMs',
  'tpotErrorMs',
  'mockLateMs',
  'cpuUsPerToken',
  'cpuShare',
  'peakBytes',
];

function gather(rows) {
  const groups = group(rows);
  return [...groups.values()].map((same) => ({
    tool: same[0].tool,
    streams: same[0].streams,
    ...Object.fromEntries(FIGURES.map((name) => [name, spread(same.map((row) => row[name]))])),
  }));
}

function group(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

function keyOf({ tool, streams }) {
  return `${tool} ${streams}`;
}

function signed(value) {
  return value === null || Number.isNaN(value) ? 'n/a' : `${value >= 0 ? '+' : ''}${value.toFixed(2)}`;
}
