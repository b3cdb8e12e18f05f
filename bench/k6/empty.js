// A VU that does nothing: what k6 itself costs in memory and start-up.
import { sleep } from 'k6';

export const options = {
  scenarios: {
    empty: {
      executor: 'ramping-vus',
      startVUs: Number(__ENV.BENCH_VUS),
      stages: [{ duration: __ENV.BENCH_DURATION, target: Number(__ENV.BENCH_VUS) }],
      gracefulStop: '0s',
    },
  },
};

export default function () {
  sleep(1000);
}
