import { type BoardRow, graph } from './board.ts';

/** Whether the load that was asked for was there. */
export const LOAD: BoardRow = {
  title: 'Load',
  collapsed: false,
  panels: [
    graph({
      title: 'Requests: offered and achieved',
      note: 'Offered: attempts started. Achieved: attempts finished, and those that ended well.',
      unit: 'reqps',
      queries: [
        { take: 'per-second', metric: 'ai_requests_started', legend: 'started' },
        { take: 'per-second', metric: 'ai_requests_finished', legend: 'finished' },
        { take: 'per-second', metric: 'ai_requests_succeeded', legend: 'succeeded' },
      ],
      width: 8,
    }),
    graph({
      title: 'Dropped iterations',
      note: 'Starts that k6 could not make: too few VUs. Above 0, the load was not the one asked for.',
      unit: 'suffix: /s',
      queries: [{ take: 'per-second', metric: 'dropped_iterations', legend: 'dropped' }],
      calcs: ['max'],
      width: 8,
    }),
    graph({
      title: 'Virtual users',
      note: "k6's own gauges, over all scenarios of the run.",
      unit: 'short',
      queries: [
        { take: 'level', metric: 'vus', legend: 'active' },
        { take: 'level', metric: 'vus_max', legend: 'allocated' },
      ],
      calcs: ['max'],
      width: 8,
    }),
    graph({
      title: 'Sessions',
      note: 'Sessions of an agent, and conversations of a trace, that ended: complete, or broken by a turn that failed.',
      unit: 'suffix: /s',
      queries: [{ take: 'per-second', metric: 'ai_sessions', by: 'end', legend: '' }],
    }),
    graph({
      title: 'Time of a session',
      note: 'From its first request to its last answer, pauses included.',
      unit: 'ms',
      queries: [
        { take: 'percentile', metric: 'ai_session_ms', percent: 50, legend: 'p50' },
        { take: 'percentile', metric: 'ai_session_ms', percent: 95, legend: 'p95' },
      ],
    }),
    graph({
      title: 'Schedule lag',
      note: 'With LLM_ARRIVALS other than even. Above 100 ms at p99 the load generator was behind.',
      unit: 'ms',
      queries: [
        { take: 'percentile', metric: 'ai_schedule_lag_ms', percent: 50, legend: 'p50' },
        { take: 'percentile', metric: 'ai_schedule_lag_ms', percent: 99, legend: 'p99' },
      ],
    }),
    graph({
      title: 'Latency from the intended start',
      note: 'With LLM_ARRIVALS other than even: latency that holds the wait for a late start too.',
      unit: 'ms',
      queries: [
        { take: 'percentile', metric: 'ai_intended_latency_ms', percent: 50, legend: 'intended p50' },
        { take: 'percentile', metric: 'ai_intended_latency_ms', percent: 95, legend: 'intended p95' },
        { take: 'percentile', metric: 'ai_latency_ms', percent: 95, legend: 'as sent p95' },
      ],
    }),
  ],
};
