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

/** The mock answers in a second or less, so short pauses and few VUs make a lively load. */
const SHORT = { LLM_EXPECTED_LATENCY: '2s', LLM_TIMEOUT: '20s', LLM_MAX_TOKENS: '64' };
const USERS = { ...SHORT, LLM_VUS: '20', LLM_THINK_TIME: '100ms-300ms' };

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
    purpose: 'the load you expect: 20 users come, stay and leave',
    env: { ...USERS, LLM_TIME_SCALE: '0.02' },
    stream: false,
    expected: [0],
  },
  {
    folder: 'spike',
    scenario: 'spike',
    purpose: 'a sudden spike: five times the load, then calm again',
    env: { ...SHORT, LLM_RATE: '40', LLM_TIME_SCALE: '0.025' },
    stream: false,
    expected: [0],
  },
  {
    folder: 'stress',
    scenario: 'stress',
    purpose: 'where it breaks: up to 200 requests a second',
    env: { ...SHORT, LLM_TIME_SCALE: '0.02' },
    stream: false,
    expected: [0, 99],
  },
  {
    folder: 'baseline-streamed',
    scenario: 'baseline',
    purpose: 'the same users, streamed: time to first token, pace of the rest',
    env: { ...USERS, LLM_TIME_SCALE: '0.02', LLM_THRESHOLDS: 'streaming' },
    stream: true,
    expected: [0],
  },
];
