import { describe, expect, test } from 'vitest';
import { ConfigError } from '../parse/config-error.ts';
import { METRIC_NAMES, METRIC_SPECS } from '../metrics/metric-list.ts';
import { loadProfile, PROFILE_NAMES } from './load-profile.ts';
import { compileThresholds, type K6Thresholds, joinThresholds } from './compile-thresholds.ts';
import type { RunFacts } from './run-facts.ts';
import { stepThresholds } from './step-thresholds.ts';

const FACTS: RunFacts = {
  transport: 'meter',
  stream: true,
  recordsGaps: true,
  scheduled: true,
  openParts: [],
  hasWarmup: true,
  models: ['gpt-4.1', 'claude-sonnet-4.5'],
  testTypes: ['baseline'],
  providers: ['mock'],
  kinds: ['chat'],
  textKinds: ['chat'],
  tagsKind: false,
  windows: ['before', 'spike'],
  steps: [],
  hasOwnBehaviour: true,
  ownMetrics: [],
  turns: ['1', '2'],
  hasSessions: true,
};
const BLOCKING: RunFacts = {
  ...FACTS,
  transport: 'http',
  stream: false,
  recordsGaps: false,
  scheduled: false,
};
const PLACE = 'LLM_THRESHOLDS p';

function compile(thresholds: K6Thresholds, facts: RunFacts = FACTS): K6Thresholds {
  return compileThresholds({ name: 'p', thresholds }, facts, PLACE);
}

const IN_EVERY_RUN = { 'ai_requests_succeeded{phase:main}': ['count>0'], dropped_iterations: ['count<1'] };
const OF_A_SCHEDULE = { ...IN_EVERY_RUN, ai_schedule_lag_ms: ['p(95)<=1000'] };

describe('compileThresholds', () => {
  test('the default profile, as a closed and as an open scenario gets it', () => {
    const closed = {
      ai_latency_ms: ['p(95)<5000', 'p(99)<10000', 'max>0'],
      'http_req_duration{name:llm}': ['p(95)<6000', 'max>0'],
      error_rate: ['rate<0.05'],
      checks: ['rate>0.95'],
      ...IN_EVERY_RUN,
    };
    const profile = loadProfile('default', () => '');
    expect(compileThresholds(profile, BLOCKING, PLACE)).toEqual(closed);
    expect(compileThresholds(profile, { ...BLOCKING, openParts: ['spike', 'stress'] }, PLACE)).toEqual({
      ...closed,
      'ai_delivered_ratio{test_type:spike}': ['value>=0.95'],
      'ai_delivered_ratio{test_type:stress}': ['value>=0.95'],
    });
    expect(compileThresholds(profile, { ...BLOCKING, scheduled: true }, PLACE)).toEqual({
      ...closed,
      ai_schedule_lag_ms: ['p(95)<=1000'],
    });
  });

  test.each(PROFILE_NAMES)('%s compiles where its metrics can be seen', (name) => {
    const compiled = compileThresholds(
      loadProfile(name, () => ''),
      FACTS,
      PLACE,
    );
    expect(compiled).toMatchObject(IN_EVERY_RUN);
  });

  const BEST_AT_NOTHING = [
    'ai_retry_after_ms',
    'ai_connect_ms',
    'ai_stall_ms',
    'ai_schedule_lag_ms',
    'ai_meter_overhead_ms',
  ];

  test('every Trend has its guard, once', () => {
    const ofItems = 'ai_input_tokens_per_sec';
    const trends = METRIC_NAMES.filter((name) => METRIC_SPECS[name].type === 'trend' && name !== ofItems);
    const compiled = compile(Object.fromEntries(trends.map((name) => [name, ['avg<1']])));
    for (const name of trends.filter((trend) => !BEST_AT_NOTHING.includes(trend))) {
      expect(compiled[name]).toEqual(['avg<1', 'max>0']);
    }
    expect(compile({ ai_latency_ms: ['max > 0', 'avg<1'] })['ai_latency_ms']).toEqual(['max > 0', 'avg<1']);
  });

  test('what kinds of requests never feed is refused, and their own tag is known', () => {
    const items: RunFacts = { ...FACTS, kinds: ['embeddings'], textKinds: [], tagsKind: true };
    const both: RunFacts = { ...FACTS, kinds: ['chat', 'embeddings'], textKinds: ['chat'], tagsKind: true };
    for (const metric of ['ai_ttft_ms', 'token_throughput_per_sec']) {
      expect(() => compile({ [metric]: ['avg<1'] }, items)).toThrow(
        /embeddings (have no first|write no) token/,
      );
      expect(() => compile({ [`${metric}{kind:embeddings}`]: ['avg<1'] }, both)).toThrow(/embeddings/);
      expect(compile({ [`${metric}{kind:chat}`]: ['avg<1'] }, both)).toHaveProperty([`${metric}{kind:chat}`]);
    }
    expect(() => compile({ ai_input_tokens_per_sec: ['avg>1'] })).toThrow(/LLM_KIND=embeddings/);
    expect(compile({ ai_input_tokens_per_sec: ['avg>1'] }, items)).toHaveProperty('ai_input_tokens_per_sec');
    expect(() => compile({ 'ai_latency_ms{kind:rerank}': ['avg<1'] }, both)).toThrow(/chat, embeddings/);
    expect(() => compile({ 'ai_latency_ms{kind:chat}': ['avg<1'] })).toThrow(/does not set it/);
    expect(compile({ 'ai_inputs{kind:embeddings}': ['count>1'] }, both)).toHaveProperty([
      'ai_inputs{kind:embeddings}',
    ]);
    expect(compile({ ai_inputs: ['count>1'] }, both)).toHaveProperty('ai_inputs');
    expect(() => compile({ 'ai_inputs{kind:chat}': ['count>1'] }, both)).toThrow(/LLM_KIND=embeddings/);
    expect(() => compile({ ai_ttft_ms: ['avg<1'] }, { ...items, kinds: ['embeddings', 'rerank'] })).toThrow(
      'requests of kind embeddings, rerank have no first token',
    );
    expect(() => compile({ 'ai_errors{request_kind:rerank}': ['count<1'] }, both)).toThrow(
      /chat, embeddings/,
    );
    const errors = 'ai_errors{kind:timeout,request_kind:embeddings}';
    expect(compile({ [errors]: ['count<1'] }, both)).toHaveProperty([errors]);
  });

  test('a wait that no server asked for is no missing sample', () => {
    expect(compile({ ai_retry_after_ms: ['p(95)<1000'] })['ai_retry_after_ms']).toEqual(['p(95)<1000']);
  });

  test.each([
    ['ai_connect_ms', 'ai_requests_finished{phase:main}'],
    ['ai_connect_ms{model:gpt-4.1}', 'ai_requests_finished{model:gpt-4.1,phase:main}'],
    ['ai_schedule_lag_ms', 'ai_requests_finished{phase:main}'],
    ['ai_stall_ms', 'ai_requests_succeeded{phase:main}'],
    ['http_req_connecting{name:llm}', 'http_reqs{name:llm}'],
  ])('%s is best at nothing, so %s stands guard', (name, guard) => {
    const compiled = compile({ [name]: ['p(95)<1000'] });
    expect(compiled[name]).toEqual(['p(95)<1000']);
    expect(compiled[guard]).toEqual(['count>0']);
  });

  test('guards count what is measured: without a warm-up, everything', () => {
    const compiled = compile({ 'error_rate{model:gpt-4.1}': ['rate<0.1'] }, { ...FACTS, hasWarmup: false });
    expect(Object.keys(compiled)).toEqual([
      'error_rate{model:gpt-4.1}',
      'ai_requests_finished{model:gpt-4.1}',
      'ai_requests_succeeded',
      'dropped_iterations',
      'ai_schedule_lag_ms',
    ]);
  });

  test('a part of a Rate has the Counter of the same part beside it', () => {
    expect(
      compile({ 'error_rate{model:gpt-4.1}': ['rate<0.1'], 'http_req_failed{name:llm}': ['rate<0.1'] }),
    ).toEqual({
      'error_rate{model:gpt-4.1}': ['rate<0.1'],
      'ai_requests_finished{model:gpt-4.1,phase:main}': ['count>0'],
      'http_req_failed{name:llm}': ['rate<0.1'],
      'http_reqs{name:llm}': ['count>0'],
      ...OF_A_SCHEDULE,
    });
  });

  test('an empty list declares a part and judges nothing', () => {
    expect(compile({ 'ai_latency_ms{model:gpt-4.1}': [] })).toEqual({
      'ai_latency_ms{model:gpt-4.1}': [],
      ...OF_A_SCHEDULE,
    });
  });

  test("a user's own limits of what is not delivered stand", () => {
    const own = {
      dropped_iterations: ['count<50'],
      'ai_delivered_ratio{test_type:baseline}': ['value>0.5'],
      ai_schedule_lag_ms: ['p(95)<2000'],
    };
    const { 'ai_requests_finished{phase:main}': guard, ...compiled } = compile(own, {
      ...FACTS,
      openParts: ['baseline'],
    });
    expect(guard).toEqual(['count>0']);
    expect(compiled).toEqual({ ...IN_EVERY_RUN, ...own });
  });

  test('abortOnFail and its delay are kept, and space around an expression is not', () => {
    const stop = { threshold: ' rate<0.5 ', abortOnFail: true, delayAbortEval: '10s' };
    expect(compile({ error_rate: [stop, ' rate<0.1 '] })['error_rate']).toEqual([
      { ...stop, threshold: 'rate<0.5' },
      'rate<0.1',
    ]);
  });

  test('a guard of the user’s own that ends the run is not set beside itself', () => {
    const stop = { threshold: 'max > 0', abortOnFail: true };
    expect(compile({ ai_latency_ms: [stop] })['ai_latency_ms']).toEqual([stop]);
  });

  test('metrics of the scenario’s own are judged and guarded by what is written', () => {
    const facts = { ...FACTS, ownMetrics: ['rag_ms'] };
    expect(compile({ 'rag_ms{part:a}': ['p(95)<5'] }, facts)).toEqual({
      'rag_ms{part:a}': ['p(95)<5', 'max>0'],
      ...OF_A_SCHEDULE,
    });
    expect(() => compile({ 'rag_ms{part:a}': ['p95<5'] }, facts)).toThrow(
      /^LLM_THRESHOLDS p: rag_ms\{part:a\}: got "p95<5"/,
    );
  });

  test('a part of a Rate that no Counter goes with has no guard', () => {
    const checks = { 'checks{group:any}': ['rate>0.9'] };
    expect(compile(checks)).toEqual({ ...checks, ...OF_A_SCHEDULE });
  });

  test('a part that is the measured one already is guarded as it is', () => {
    expect(compile({ 'error_rate{phase:main}': ['rate<0.1'] })).toHaveProperty([
      'ai_requests_finished{phase:main}',
    ]);
  });

  test('a step by its name, of a scenario that has none, is refused for that', () => {
    const step = { 'ai_step_ms{name:login}': ['avg<1'] };
    expect(compile(step)).toHaveProperty(['ai_step_ms{name:login}']);
    expect(() => compile(step, { ...FACTS, hasOwnBehaviour: false })).toThrow(/no steps of its own/);
  });

  test('refusals end with a line that works', () => {
    expect(() => compile({ nothing: ['avg<1'] })).toThrow(/write "ai_latency_ms": \["p\(95\)<5000"\]$/);
    expect(() => compile({ ai_icl_ms: ['avg<1'] }, { ...FACTS, recordsGaps: false })).toThrow(
      /write LLM_THRESHOLDS=default to judge by what it sees as it is$/,
    );
  });

  test("two spellings of one key become k6's one", () => {
    expect(
      compile({ 'ai_latency_ms{model:gpt-4.1}': ['avg<1'], 'ai_latency_ms{ model:gpt-4.1 }': ['max<2'] }),
    ).toEqual({ 'ai_latency_ms{model:gpt-4.1}': ['avg<1', 'max>0', 'max<2'], ...OF_A_SCHEDULE });
  });

  test.each<[K6Thresholds, string]>([
    [{ ai_latency: ['p(95)<1'] }, 'did you mean ai_latency_ms?'],
    [{ http_req_durations: ['p(95)<1'] }, 'did you mean http_req_duration?'],
    [{ constructor: ['p(95)<1'] }, 'a metric of ours or of k6'],
    [{ ai_latency_ms: ['p95<5000'] }, 'write p(95)<5000'],
    [{ ai_latency_ms: ['<5000'] }, 'an aggregation before the comparison'],
    [{ ai_latency_ms: ['count>0'] }, 'a Trend takes avg, min, med, max, p(N)'],
    [{ error_rate: [{ threshold: 'rate<5', abortOnFail: true }] }, 'a rate from 0 to 1'],
    [{ 'ai_latency_ms{model:gpt-4}': ['avg<1'] }, 'a model of the mix (did you mean gpt-4.1?)'],
    [{ 'ai_latency_ms{modle:gpt-4.1}': ['avg<1'] }, 'did you mean model?'],
    [{ 'ai_latency_ms{name:llm}': ['avg<1'] }, 'a tag of ai_latency_ms'],
    [{ 'ai_errors{kind:rate_limit}': ['count<1'] }, 'did you mean rate_limited?'],
    [{ 'ai_latency_ms{stream:yes}': ['avg<1'] }, 'a stream of this run'],
    [{ 'ai_latency_ms{test_type:spike}': ['avg<1'] }, 'a test_type of this run'],
    [{ 'ai_latency_ms{step:01}': ['avg<1'] }, 'no step: this run does not set it'],
    [{ 'ai_latency_ms{model:gpt-4.1': ['avg<1'] }, 'a closing brace'],
    [{ 'ai_latency_ms{model:"gpt-4.1"}': ['avg<1'] }, 'without quotes'],
    [{ 'ai_latency_ms{phase:warmup}': ['avg<1'] }, 'the warm-up gives no sample'],
  ])('%j is refused', (thresholds, part) => {
    expect(() => compile(thresholds)).toThrow(ConfigError);
    expect(() => compile(thresholds)).toThrow(part);
    expect(() => compile(thresholds)).toThrow(/^LLM_THRESHOLDS p/);
  });

  test.each<[string, Partial<RunFacts>, string]>([
    ['ai_ttft_ms', { stream: false }, 'LLM_STREAM=1'],
    ['ai_ttft_ms', { transport: 'http' }, 'LLM_TRANSPORT=meter'],
    ['ai_ttft_ms{stream:false}', {}, 'stream:true'],
    ['ai_ttfo_ms', { transport: 'http' }, 'LLM_TRANSPORT=meter'],
    ['ai_tpot_ms', { transport: 'http', stream: false }, 'LLM_STREAM=1'],
    ['ai_stall_ms', { transport: 'http' }, 'LLM_TRANSPORT=meter'],
    ['ai_icl_ms', { recordsGaps: false }, 'LLM_ICL=all'],
    ['ai_schedule_lag_ms', { scheduled: false }, 'LLM_ARRIVALS'],
    ['ai_connect_ms', { transport: 'sse' }, 'LLM_TRANSPORT=meter'],
    ['ai_delivered_ratio', {}, 'an open scenario'],
    ['http_req_waiting', { transport: 'sse' }, 'ai_latency_ms'],
    ['ai_latency_ms{stream:true}', { stream: false }, 'LLM_STREAM=1'],
  ])('%s with %j can never be fed: change %s', (metric, facts, change) => {
    const run = { ...FACTS, ...facts };
    expect(() => compile({ [metric]: ['avg<1'] }, run)).toThrow(change);
    expect(() => compile({ [metric]: ['avg<1'] }, run)).toThrow(/can feed/);
  });

  test('http_req_failed over sse is refused, as it would pass for want of samples', () => {
    expect(() => compile({ http_req_failed: ['rate<0.1'] }, { ...FACTS, transport: 'sse' })).toThrow(
      'error_rate',
    );
  });

  test('what the default profile asks for, every transport feeds', () => {
    for (const transport of ['http', 'sse', 'meter'] as const) {
      const facts = { ...FACTS, transport };
      expect(
        compileThresholds(
          loadProfile('default', () => ''),
          facts,
          PLACE,
        ),
      ).toMatchObject(IN_EVERY_RUN);
    }
  });
});

describe('stepThresholds', () => {
  test('judges each step by its own samples, at its end, and stops the run', () => {
    const profile = {
      name: 'p',
      thresholds: {
        ai_latency_ms: [{ threshold: ' p(95)<5 ' }],
        'error_rate{model:gpt-4.1}': ['rate<0.1'],
        checks: [],
      },
    };
    const steps = [
      { name: '01', endMs: 30_000 },
      { name: '02', endMs: 60_000.5 },
    ];
    const compiled = stepThresholds(profile, { steps, startsMs: [1000, 2000], place: PLACE });
    const stop = (threshold: string, ms: number) => [
      { threshold, abortOnFail: true, delayAbortEval: `${ms}ms` },
    ];
    expect(compiled).toEqual({
      'ai_latency_ms{step:01}': ['p(95)<5'],
      'ai_latency_ms{step:01,start:1s}': stop('p(95)<5', 31_000),
      'ai_latency_ms{step:01,start:2s}': stop('p(95)<5', 32_000),
      'error_rate{model:gpt-4.1,step:01}': ['rate<0.1'],
      'error_rate{model:gpt-4.1,step:01,start:1s}': stop('rate<0.1', 31_000),
      'error_rate{model:gpt-4.1,step:01,start:2s}': stop('rate<0.1', 32_000),
      'ai_latency_ms{step:02}': ['p(95)<5'],
      'ai_latency_ms{step:02,start:1s}': stop('p(95)<5', 61_001),
      'ai_latency_ms{step:02,start:2s}': stop('p(95)<5', 62_001),
      'error_rate{model:gpt-4.1,step:02}': ['rate<0.1'],
      'error_rate{model:gpt-4.1,step:02,start:1s}': stop('rate<0.1', 61_001),
      'error_rate{model:gpt-4.1,step:02,start:2s}': stop('rate<0.1', 62_001),
    });
  });
});

describe('joinThresholds', () => {
  test('joins the lists of one key', () => {
    expect(joinThresholds({ a: ['avg<1'] }, { a: ['max<2'], b: [] }, {})).toEqual({
      a: ['avg<1', 'max<2'],
      b: [],
    });
  });
});
