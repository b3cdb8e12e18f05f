// An ordinary xk6-sse script that parses every event, as in llama.cpp's bench. Needs a k6 with k6/x/sse.
import sse from 'k6/x/sse';
import exec from 'k6/execution';
import { Counter, Trend } from 'k6/metrics';

export const options = {
  summaryTrendStats: ['avg', 'p(99)', 'count'],
  scenarios: {
    parse: {
      executor: 'ramping-vus',
      startVUs: Number(__ENV.BENCH_VUS),
      stages: [{ duration: __ENV.BENCH_DURATION, target: Number(__ENV.BENCH_VUS) }],
      gracefulRampDown: '30s',
    },
  },
};

const ttft = new Trend('bench_ttft_ms');
const tpot = new Trend('bench_tpot_ms');
const tokens = new Counter('bench_tokens');
const params = {
  method: 'POST',
  body: __ENV.BENCH_BODY,
  headers: { 'Content-Type': 'application/json' },
  timeout: '60s',
};
let instance = null;

export default function () {
  instance ??= exec.instance;
  const begin = instance.currentTestRunDuration;
  let first = null;
  let last = null;
  let count = 0;
  sse.open(`${__ENV.LLM_BASE_URL}/chat/completions`, params, (client) => {
    client.on('event', (event) => {
      if (event.data === '[DONE]' || event.data === '') return;
      const [choice] = JSON.parse(event.data).choices;
      if (choice === undefined || !choice.delta.content) return;
      last = instance.currentTestRunDuration;
      first ??= last;
      count += 1;
    });
    client.on('error', () => client.close());
  });
  if (first === null) return;
  tokens.add(count);
  ttft.add(first - begin);
  if (count > 1) tpot.add((last - first) / (count - 1));
}

export function handleSummary(data) {
  return { [__ENV.BENCH_OUT]: JSON.stringify(data) };
}
