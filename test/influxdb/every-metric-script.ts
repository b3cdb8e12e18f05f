import { METRIC_NAMES, METRIC_SPECS } from '../../src/lib/metrics/metric-list.ts';

/** Models of the script, one with every character that InfluxQL or its line protocol could stumble over. */
export const MODELS = ['gpt-4.1', 'openai/o3 mini, "new"'];

/** Kinds of its requests. */
export const KINDS_SENT = ['chat', 'embeddings'];

/**
 * A k6 script that feeds every metric of ours with the tags of a real run, and k6's own that the boards show:
 * `dropped_iterations` (a rate that one VU cannot keep), `checks`, `http_reqs` with answers 200 and 429.
 * One VU records: InfluxDB keeps one point of two with the same tags and the same nanosecond (docs/grafana.md).
 * It writes k6's own summary to `__ENV.SUMMARY_FILE` and sends its requests to `__ENV.TARGET`.
 */
export function everyMetricScript({ models = MODELS, kinds = KINDS_SENT, duration = '7s' } = {}): string {
  const makers = METRIC_NAMES.map((name) => {
    const { type } = METRIC_SPECS[name];
    return `  ${name}: new ${type.charAt(0).toUpperCase()}${type.slice(1)}('${name}'),`;
  });
  return `
import { check, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const metrics = {
${makers.join('\n')}
};
const specs = ${JSON.stringify(METRIC_SPECS)};
const ownTags = {
  ai_errors: (i) => ({ kind: ['rate_limited', 'timeout', 'server'][i % 3], request_kind: kinds[i % kinds.length] }),
  ai_warnings: (i) => ({ kind: 'other_model', request_kind: kinds[i % kinds.length] }),
  ai_step_ms: (i) => ({ name: ['retrieve', 'log in'][i % 2] }),
  ai_sessions: (i) => ({ end: ['complete', 'broken'][i % 2] }),
  ai_reported_ms: (i) => ({ part: ['proxy', 'queue', 'prompt'][i % 3] }),
  ai_ratelimit_remaining: (i) => ({ limit: ['requests', 'tokens'][i % 2] }),
};
const models = ${JSON.stringify(models)};
const kinds = ${JSON.stringify(kinds)};

export const options = {
  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(50)', 'p(95)', 'p(99)', 'count'],
  scenarios: {
    steady: { executor: 'constant-vus', vus: 1, duration: '${duration}', gracefulStop: '5s' },
    late: {
      executor: 'constant-arrival-rate', rate: 10, duration: '4s', preAllocatedVUs: 1, maxVUs: 1, exec: 'slow',
    },
  },
};

export function slow() { sleep(1.5); }

function valueOf({ type, unit }, i) {
  if (type === 'rate') return i % 4 !== 0;
  if (unit === 'requests') return 1;
  // Skewed like latencies are, and never a whole number, so that sums round as those of a real run do.
  return 100 * Math.exp(Math.random());
}

export default function () {
  const i = exec.scenario.iterationInTest;
  const model = models[i % models.length];
  Object.assign(exec.vu.metrics.tags, {
    model, provider: 'mock', stream: 'true', test_type: 'baseline', phase: 'main',
    kind: kinds[i % kinds.length],
  });
  const answer = http.get(__ENV.TARGET + (i % 5 === 0 ? '/limited' : '/'), { tags: { name: 'llm' } });
  check(answer, { answered: (r) => r.status === 200, 'has content': (r) => r.body.length > 0 });
  for (const [name, metric] of Object.entries(metrics)) {
    const tags = name in ownTags ? ownTags[name](i) : {};
    metric.add(valueOf(specs[name], i), tags);
  }
  sleep(0.01);
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY_FILE]: JSON.stringify(data.metrics) };
}
`;
}
