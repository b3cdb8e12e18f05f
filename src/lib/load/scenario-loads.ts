import {
  type ClosedShape,
  iterations,
  type IterationsShape,
  type OpenShape,
  rate,
  steps,
  users,
} from './load-builders.ts';

/*
 * The loads of our own scenarios. Functions: a bundle holds those that it names.
 */

/** 1 VU, 5 iterations: does it work at all. */
export function smokeLoad(): IterationsShape {
  return iterations(5);
}

/** Users come in over 2 min, 50 stay for 5 min, and leave over 1 min. */
export function baselineLoad(): ClosedShape {
  return users({
    stages: [
      { duration: '2m', target: 50 },
      { duration: '5m', target: 50 },
      { duration: '1m', target: 0 },
    ],
  });
}

/** 1/s for a minute, 5/s within 5 s and for 3 min, 1/s again for 2 min. */
export function spikeLoad(): OpenShape {
  return rate({
    start: 1,
    stages: [
      { duration: '1m', target: 1 },
      { duration: '5s', target: 5 },
      { duration: '3m', target: 5 },
      { duration: '0s', target: 1 },
      { duration: '2m', target: 1 },
    ],
    minVus: 100,
    hasSpike: true,
  });
}

/** 1/s → 20 → 50 → 100 → 200 per second, 2 min each. */
export function stressLoad(): OpenShape {
  return rate({
    start: 1,
    stages: [
      { duration: '2m', target: 20 },
      { duration: '2m', target: 50 },
      { duration: '2m', target: 100 },
      { duration: '2m', target: 200 },
    ],
  });
}

/** 2/s for an hour, to see drift and leaks. */
export function soakLoad(): OpenShape {
  return rate(2, '1h');
}

/** 20 steps of constant rate up to 200/s, 30 s each. */
export function breakpointLoad(): OpenShape {
  return steps({ to: 200, count: 20, each: '30s' });
}

/** 100 users, 10 more each second, 60 s. */
export function mixedLoad(): ClosedShape {
  return users({
    stages: [
      { duration: '10s', target: 100 },
      { duration: '50s', target: 100 },
    ],
  });
}

/** 5 VUs for 3 min. */
export function abLoad(): ClosedShape {
  return users(5, '3m');
}
