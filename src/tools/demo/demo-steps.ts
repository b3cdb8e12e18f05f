/** One run of the demo: a real scenario, made short by settings that anyone may set. */
export type DemoStep = {
  /** The folder below `results/demo/`. */
  folder: string;
  scenario: string;
  /** What a person is to see in it. */
  purpose: string;
  env: Readonly<Record<string, string>>;
  stream: boolean;
  /** k6 exit codes that are as expected. */
  expected: readonly number[];
};

/**
 * The demo's mock: 40 answers at a time, 80 requests waiting, 503 beyond. An answer takes it 0.45 s on average, so
 * it keeps up with some 90 requests/s. The demo's users and spike stay below that; stress goes through it.
 */
export const MOCK_ARGS = ['--slots', '40', '--queue', '80'] as const;

/** Answers take half a second, so short pauses make a lively load, long enough for a p99. */
const SHORT = { LLM_EXPECTED_LATENCY: '500ms', LLM_TIMEOUT: '20s', LLM_MAX_TOKENS: '64' };
const USERS = { ...SHORT, LLM_VUS: '28', LLM_THINK_TIME: '50ms-150ms', LLM_TIME_SCALE: '0.02' };
/** An overloaded server answers late, and an open load needs a VU for each request that waits. */
const OPEN = { ...SHORT, LLM_EXPECTED_LATENCY: '2s' };

/** About a minute in all. */
export const DEMO_STEPS: readonly DemoStep[] = [
  {
    folder: 'smoke',
    scenario: 'smoke',
    purpose: 'does it work at all: 5 requests, one after the other',
    env: SHORT,
    stream: false,
    expected: [0],
  },
  {
    folder: 'baseline',
    scenario: 'baseline',
    purpose: 'the load you expect: 28 users come, stay and leave',
    env: USERS,
    stream: false,
    expected: [0],
  },
  {
    folder: 'spike',
    scenario: 'spike',
    purpose: 'a sudden spike: five times the load, then calm again',
    env: { ...OPEN, LLM_RATE: '60', LLM_TIME_SCALE: '0.03' },
    stream: false,
    expected: [0],
  },
  {
    folder: 'stress',
    scenario: 'stress',
    purpose: 'where it breaks: up to 200 requests a second',
    env: { ...OPEN, LLM_TIME_SCALE: '0.03' },
    stream: false,
    expected: [0, 99],
  },
  {
    folder: 'baseline-streamed',
    scenario: 'baseline',
    purpose: 'the same users, token by token',
    env: { ...USERS, LLM_THRESHOLDS: 'streaming' },
    stream: true,
    expected: [0],
  },
];
