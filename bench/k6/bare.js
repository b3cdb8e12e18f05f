// The least that k6 can do for a request: the bare minimum that our bundle is held against.
import { sleep } from 'k6';
import http from 'k6/http';

export const options = {
  scenarios: {
    bare: {
      executor: 'ramping-vus',
      startVUs: Number(__ENV.BENCH_VUS),
      stages: [{ duration: __ENV.BENCH_DURATION, target: Number(__ENV.BENCH_VUS) }],
    },
  },
};

const url = `${__ENV.LLM_BASE_URL}/chat/completions`;
const pauseSeconds = Number(__ENV.BENCH_PAUSE || 0);
const params = { headers: { 'content-type': 'application/json' } };

export default function () {
  http.post(url, __ENV.BENCH_BODY, params);
  if (pauseSeconds > 0) sleep(pauseSeconds);
}
