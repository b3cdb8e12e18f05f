// Made-up servers of which the truth is known. Each gives requests in order: when they came (ms), how long they took,
// whether they went well.

/** A generator of numbers in [0, 1) from a seed (mulberry32), quick enough for millions of requests. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const exponential = (random) => -Math.log(1 - random());
const normal = (random) => Math.sqrt(2 * exponential(random)) * Math.cos(2 * Math.PI * random());

/** Milliseconds that a request alone takes, on average. */
const SERVICE_MS = 100;

const slower = (slowness) => (slowness === 1 ? '' : `, ${slowness} times as slow`);

/** One server, one queue, in its steady state: sojourn times are exponential with mean 1 / (1 - load). */
export function queue(load, { slowness = 1 } = {}) {
  return {
    name: `queue (M/M/1) at load ${load}${slower(slowness)}`,
    quantile: (q) => (-Math.log(1 - q) / (1 - load)) * SERVICE_MS * slowness,
    requests(random, count) {
      let waitMs = random() < load ? (exponential(random) * SERVICE_MS) / (1 - load) : 0;
      let atMs = 0;
      return Array.from({ length: count }, () => {
        const serviceMs = exponential(random) * SERVICE_MS;
        const request = { atMs, latencyMs: (waitMs + serviceMs) * slowness, isOk: true };
        const gapMs = (exponential(random) * SERVICE_MS) / load;
        atMs += gapMs;
        waitMs = Math.max(0, waitMs + serviceMs - gapMs);
        return request;
      });
    },
  };
}

/** A server with moods: log latency is an autoregression of order one. */
export function moods(memory, { slowness = 1 } = {}) {
  return {
    name: `AR(1) ${memory}${slower(slowness)}`,
    quantile: (q) => 200 * slowness * Math.exp(0.5 * normalQuantile(q)),
    requests(random, count) {
      const fresh = Math.sqrt(1 - memory * memory);
      let mood = normal(random);
      return Array.from({ length: count }, (_, index) => {
        const request = { atMs: index * 50, latencyMs: 200 * slowness * Math.exp(0.5 * mood), isOk: true };
        mood = memory * mood + fresh * normal(random);
        return request;
      });
    },
  };
}

/** Requests that know nothing of each other, 20 a second; `failing`: their share that fails, each by itself. */
export function independent({ slowness = 1, failing = 0, spread = 0.3 } = {}) {
  return {
    name: `independent requests${slower(slowness)}${failing === 0 ? '' : `, ${failing * 100} % errors`}`,
    quantile: (q) => 200 * slowness * Math.exp(spread * normalQuantile(q)),
    failureRatio: failing,
    requests: (random, count) =>
      Array.from({ length: count }, (_, index) => ({
        atMs: index * 50,
        latencyMs: 200 * slowness * Math.exp(spread * normal(random)),
        isOk: random() >= failing,
      })),
  };
}

/** The same, with a load that rises and falls as `baseline`'s does, and latency with it. */
export function ramped({ slowness = 1 } = {}) {
  return {
    name: `a load that ramps up and down${slower(slowness)}`,
    quantile: null,
    requests: (random, count) =>
      Array.from({ length: count }, (_, index) => {
        const place = index / count;
        const load = Math.min(1, place * 4, (1 - place) * 8);
        return {
          atMs: index * 50,
          latencyMs: 200 * slowness * (1 + 2 * load) * Math.exp(0.3 * normal(random)),
          isOk: true,
        };
      }),
  };
}

const MEAN_BURST = 1 / Math.expm1(1 / 30);

/** Failures in bursts: on average so many a run of 1,200 requests, each of about thirty requests. */
export function bursts(perRun) {
  return {
    name: `errors in bursts, about ${perRun} in 1,200`,
    quantile: null,
    // Failures between two begins of bursts, over requests between them: floor(30 x exponential), and 1 that ends it.
    failureRatio: 1 / (1 + 1200 / perRun / MEAN_BURST),
    requests(random, count) {
      let left = 0;
      return independent()
        .requests(random, count)
        .map((request) => {
          if (left === 0 && random() < perRun / 1200) left = 1 + Math.floor(exponential(random) * 30);
          left = Math.max(0, left - 1);
          return { ...request, isOk: left === 0 };
        });
    },
  };
}

/** A world whose server answers nothing but errors for so long, at a random time. */
export function withOutage(world, outageMs) {
  return {
    ...world,
    name: `${world.name}, ${outageMs / 1000} s of errors`,
    requests(random, count) {
      const requests = world.requests(random, count);
      const startMs = random() * ((requests.at(-1)?.atMs ?? 0) - outageMs);
      return requests.map((request) =>
        request.atMs >= startMs && request.atMs < startMs + outageMs ? { ...request, isOk: false } : request,
      );
    },
  };
}

/** By bisection of the error function's integral, good to 1e-9: asked for a few times a world. */
function normalQuantile(p) {
  let [low, high] = [-9, 9];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (normalProbability(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function normalProbability(z) {
  let [sum, term] = [z, z];
  for (let divisor = 3; Math.abs(term) > 1e-17 * Math.abs(sum) && divisor < 600; divisor += 2) {
    term *= (z * z) / divisor;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
