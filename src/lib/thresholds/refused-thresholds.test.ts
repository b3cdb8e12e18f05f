import { expect, test } from 'vitest';
import { ConfigError } from '../parse/config-error.ts';
import type { MetricType } from '../metrics/metric-list.ts';
import { checkExpression } from './check-expression.ts';
import { checkSelector } from './check-selector.ts';
import { neverFed } from './never-fed.ts';
import type { RunFacts } from './run-facts.ts';
import { parseThresholdKey } from './threshold-key.ts';
import { parseProfile, parseProfileText } from './threshold-profile.ts';

// Whole sentences: what a person reads is all that there is of a refusal.

const FACTS: RunFacts = {
  transport: 'meter',
  stream: true,
  recordsGaps: true,
  scheduled: true,
  openParts: ['spike'],
  hasWarmup: true,
  models: ['gpt-a', 'claude-b'],
  testTypes: ['spike'],
  providers: ['mock'],
  kinds: ['chat'],
  textKinds: ['chat'],
  tagsKind: false,
  windows: ['before', 'spike'],
  steps: [],
  hasOwnBehaviour: false,
  ownMetrics: [],
  turns: ['1', '2'],
  hasSessions: false,
};
const BLOCKING: RunFacts = { ...FACTS, transport: 'http', stream: false };

/** What a refusal says; `taken` without one. */
function said(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'taken';
}

test('expressions: what is wrong, and the nearest right one', () => {
  const cases: [string, MetricType][] = [
    ...[' p(95)<5000 ', 'p(0)<1', 'p(100)<1', 'p(101)<1', 'p(-1)<1', '<5000', '>5', '=5', '!5', 'x<5']
      .concat('p95<5s', 'P 95 < 5s', 'xp95', 'p( 95 ) < 5', 'P(95)<5', 'q(95)<5', 'p(95) x<1', 'p(95)=5000')
      .concat('p(95)==5', 'p(95)<5%', 'p(95)<5 %', 'med<5ms', 'med < 5 ms', 'med<1.5s', 'med<2m', 'med<1h')
      .concat(
        'med<5 parsecs',
        'count<5',
        'rate<5',
        'value<5',
        'med',
        '',
        'med<x',
        'p(95)<1e400',
        'med<5ms or so',
      )
      .map((text): [string, MetricType] => [text, 'trend']),
    ...['rate<0', 'rate<1', 'rate<-1', 'rate<1.5', 'rate<5', 'rate<100', 'rate<101', 'rate<5%', 'p(95)<0.1']
      .concat('rate=0.05', 'count<5', '<0.05')
      .map((text): [string, MetricType] => [text, 'rate']),
    ...['count<5', 'rate<5', 'med<5', 'p95<5', 'count<5%', '5'].map((text): [string, MetricType] => [
      text,
      'counter',
    ]),
    ...['value<5', 'count<5', 'p(95)<5', 'value<5s'].map((text): [string, MetricType] => [text, 'gauge']),
  ];
  const table = cases.map(([text, type]) => {
    const checked = checkExpression(text, type);
    const verdict = checked.kind === 'ok' ? 'taken' : `${checked.expected}; ${checked.example}`;
    return `${type} ${JSON.stringify(text)}: ${verdict}`;
  });
  expect(table).toMatchInlineSnapshot(`
    [
      "trend " p(95)<5000 ": taken",
      "trend "p(0)<1": taken",
      "trend "p(100)<1": taken",
      "trend "p(101)<1": a percentile from 0 to 100; p(95)<1",
      "trend "p(-1)<1": a percentile from 0 to 100; p(95)<1",
      "trend "<5000": an aggregation before the comparison: a Trend takes avg, min, med, max, p(N); p(95)<5000",
      "trend ">5": an aggregation before the comparison: a Trend takes avg, min, med, max, p(N); p(95)>5",
      "trend "=5": an aggregation before the comparison: a Trend takes avg, min, med, max, p(N); p(95)==5",
      "trend "!5": an aggregation before the comparison: a Trend takes avg, min, med, max, p(N); p(95)<5000",
      "trend "x<5": aggregation, comparison, number: a Trend takes avg, min, med, max, p(N); p(95)<5",
      "trend "p95<5s": the percentile in brackets, p(95); p(95)<5000",
      "trend "P 95 < 5s": the percentile in brackets, p(95); p(95)<5000",
      "trend "xp95": aggregation, comparison, number: a Trend takes avg, min, med, max, p(N); p(95)<5000",
      "trend "p( 95 ) < 5": the percentile without spaces and in small letters, p(95); p(95)<5",
      "trend "P(95)<5": the percentile without spaces and in small letters, p(95); p(95)<5",
      "trend "q(95)<5": aggregation, comparison, number: a Trend takes avg, min, med, max, p(N); p(95)<5",
      "trend "p(95) x<1": aggregation, comparison, number: a Trend takes avg, min, med, max, p(N); p(95)<1",
      "trend "p(95)=5000": a comparison (<, <=, >, >=, ==, !=); p(95)==5000",
      "trend "p(95)==5": taken",
      "trend "p(95)<5%": a ratio from 0 to 1, without %; p(95)<0.05",
      "trend "p(95)<5 %": a ratio from 0 to 1, without %; p(95)<0.05",
      "trend "med<5ms": a plain number, durations in ms and without a unit; med<5",
      "trend "med < 5 ms": a plain number, durations in ms and without a unit; med<5",
      "trend "med<1.5s": a plain number, durations in ms and without a unit; med<1500",
      "trend "med<2m": a plain number, durations in ms and without a unit; med<120000",
      "trend "med<1h": a plain number, durations in ms and without a unit; med<3600000",
      "trend "med<5 parsecs": aggregation, comparison, number: a Trend takes avg, min, med, max, p(N); p(95)<5000",
      "trend "count<5": a Trend takes avg, min, med, max, p(N) (count is not known there); p(95)<5",
      "trend "rate<5": a Trend takes avg, min, med, max, p(N) (rate is not known there); p(95)<5",
      "trend "value<5": a Trend takes avg, min, med, max, p(N) (value is not known there); p(95)<5",
      "trend "med": aggregation, comparison, number: a Trend takes avg, min, med, max, p(N); p(95)<5000",
      "trend "": aggregation, comparison, number: a Trend takes avg, min, med, max, p(N); p(95)<5000",
      "trend "med<x": aggregation, comparison, number: a Trend takes avg, min, med, max, p(N); p(95)<5000",
      "trend "p(95)<1e400": aggregation, comparison, number: a Trend takes avg, min, med, max, p(N); p(95)<5000",
      "trend "med<5ms or so": aggregation, comparison, number: a Trend takes avg, min, med, max, p(N); p(95)<5000",
      "rate "rate<0": taken",
      "rate "rate<1": taken",
      "rate "rate<-1": a rate from 0 to 1; rate<0.05",
      "rate "rate<1.5": a rate from 0 to 1; rate<0.015",
      "rate "rate<5": a rate from 0 to 1; rate<0.05",
      "rate "rate<100": a rate from 0 to 1; rate<1",
      "rate "rate<101": a rate from 0 to 1; rate<0.05",
      "rate "rate<5%": a ratio from 0 to 1, without %; rate<0.05",
      "rate "p(95)<0.1": a Rate takes rate (p(N) is not known there); rate<0.05",
      "rate "rate=0.05": a comparison (<, <=, >, >=, ==, !=); rate==0.05",
      "rate "count<5": a Rate takes rate (count is not known there); rate<0.05",
      "rate "<0.05": an aggregation before the comparison: a Rate takes rate; rate<0.05",
      "counter "count<5": taken",
      "counter "rate<5": taken",
      "counter "med<5": a Counter takes count, rate (med is not known there); count<10",
      "counter "p95<5": the percentile in brackets, p(95); count<5",
      "counter "count<5%": a ratio from 0 to 1, without %; count<0.05",
      "counter "5": aggregation, comparison, number: a Counter takes count, rate; count<10",
      "gauge "value<5": taken",
      "gauge "count<5": a Gauge takes value (count is not known there); value<5",
      "gauge "p(95)<5": a Gauge takes value (p(N) is not known there); value<5",
      "gauge "value<5s": a plain number, durations in ms and without a unit; value<5000",
    ]
  `);
});

test('selectors: the tags and the values that there are', () => {
  const keys = `
    ai_latency_ms{model:gpt-a} ai_latency_ms{model:gpt-b} ai_latency_ms{modle:gpt-a} ai_latency_ms{provider:mock}
    ai_latency_ms{provider:x} ai_latency_ms{test_type:spike} ai_latency_ms{scenario:spike} ai_latency_ms{scenario:x}
    ai_latency_ms{window:before} ai_latency_ms{window:x} ai_latency_ms{step:01} ai_latency_ms{turn:2}
    ai_latency_ms{turn:3} ai_latency_ms{stream:true} ai_latency_ms{stream:yes} ai_latency_ms{phase:main}
    ai_latency_ms{phase:warmup} ai_latency_ms{phase:x} ai_latency_ms{cache:hit} ai_latency_ms{cache:miss}
    ai_latency_ms{cache:x} ai_errors{kind:quota} ai_errors{kind:x} ai_warnings{kind:held_back} ai_warnings{kind:quota}
    http_req_duration{name:llm} http_req_duration{name:x} http_req_duration{status:200} http_req_duration{nmae:llm}
    ai_latency_ms{group:any} ai_latency_ms{step:01,model:gpt-a}`
    .trim()
    .split(/\s+/);
  const place = 'LLM_THRESHOLDS p';
  const table = keys.map(
    (key) => `${key}: ${said(() => checkSelector(parseThresholdKey(key, place), FACTS, place))}`,
  );
  const nameless = said(() =>
    checkSelector(parseThresholdKey('ai_errors{x:1}', place), { ...FACTS, models: [] }, place),
  );
  const own = said(() =>
    checkSelector(
      parseThresholdKey('http_reqs{name:mine}', place),
      { ...FACTS, hasOwnBehaviour: true },
      place,
    ),
  );
  expect([...table, nameless, own]).toMatchInlineSnapshot(`
    [
      "ai_latency_ms{model:gpt-a}: taken",
      "ai_latency_ms{model:gpt-b}: LLM_THRESHOLDS p: got "ai_latency_ms{model:gpt-b}"; expected a model of the mix (did you mean gpt-a?): gpt-a, claude-b; write ai_latency_ms{model:gpt-a}",
      "ai_latency_ms{modle:gpt-a}: LLM_THRESHOLDS p: got "ai_latency_ms{modle:gpt-a}"; expected a tag of ai_latency_ms (did you mean model?): model, provider, stream, test_type, phase, turn, cache, window, step, scenario, group, testid, kind; write ai_latency_ms{model:gpt-a}",
      "ai_latency_ms{provider:mock}: taken",
      "ai_latency_ms{provider:x}: LLM_THRESHOLDS p: got "ai_latency_ms{provider:x}"; expected a provider of this run: mock; write ai_latency_ms{provider:mock}",
      "ai_latency_ms{test_type:spike}: taken",
      "ai_latency_ms{scenario:spike}: taken",
      "ai_latency_ms{scenario:x}: LLM_THRESHOLDS p: got "ai_latency_ms{scenario:x}"; expected a scenario of this run: spike; write ai_latency_ms{scenario:spike}",
      "ai_latency_ms{window:before}: taken",
      "ai_latency_ms{window:x}: LLM_THRESHOLDS p: got "ai_latency_ms{window:x}"; expected a window of this run: before, spike; write ai_latency_ms{window:before}",
      "ai_latency_ms{step:01}: LLM_THRESHOLDS p: got "ai_latency_ms{step:01}"; expected no step: this run does not set it; write ai_latency_ms",
      "ai_latency_ms{turn:2}: taken",
      "ai_latency_ms{turn:3}: LLM_THRESHOLDS p: got "ai_latency_ms{turn:3}"; expected a turn of this run (did you mean 1?): 1, 2; write ai_latency_ms{turn:1}",
      "ai_latency_ms{stream:true}: taken",
      "ai_latency_ms{stream:yes}: LLM_THRESHOLDS p: got "ai_latency_ms{stream:yes}"; expected a stream of this run: true, false; write ai_latency_ms{stream:true}",
      "ai_latency_ms{phase:main}: taken",
      "ai_latency_ms{phase:warmup}: taken",
      "ai_latency_ms{phase:x}: LLM_THRESHOLDS p: got "ai_latency_ms{phase:x}"; expected a phase of this run: main, warmup; write ai_latency_ms{phase:main}",
      "ai_latency_ms{cache:hit}: taken",
      "ai_latency_ms{cache:miss}: taken",
      "ai_latency_ms{cache:x}: LLM_THRESHOLDS p: got "ai_latency_ms{cache:x}"; expected a cache of this run: hit, miss; write ai_latency_ms{cache:hit}",
      "ai_errors{kind:quota}: taken",
      "ai_errors{kind:x}: LLM_THRESHOLDS p: got "ai_errors{kind:x}"; expected a kind of this run: rate_limited, quota, auth, bad_request, server, overloaded, timeout, network, stream_error, truncated, empty, invalid, content_filter; write ai_errors{kind:rate_limited}",
      "ai_warnings{kind:held_back}: taken",
      "ai_warnings{kind:quota}: LLM_THRESHOLDS p: got "ai_warnings{kind:quota}"; expected a kind of this run: held_back, dropped_event, stray_text, joined_objects, after_done, cumulative, not_streamed, unasked_stream, left_open, zero_usage, unexplained_total, hidden_tokens, choices_added, choices_untold, other_model, other_rate; write ai_warnings{kind:held_back}",
      "http_req_duration{name:llm}: taken",
      "http_req_duration{name:x}: LLM_THRESHOLDS p: got "http_req_duration{name:x}"; expected a name of this run: llm, warmup, preflight, scrape; write http_req_duration{name:llm}",
      "http_req_duration{status:200}: taken",
      "http_req_duration{nmae:llm}: LLM_THRESHOLDS p: got "http_req_duration{nmae:llm}"; expected a tag of http_req_duration (did you mean name?): model, provider, stream, test_type, phase, turn, cache, window, step, scenario, group, testid, kind, name, url, method, status, proto, subproto, error, error_code, expected_response, tls_version, check, service, ip, ocsp_status, rpc_type; write http_req_duration{model:gpt-a}",
      "ai_latency_ms{group:any}: taken",
      "ai_latency_ms{step:01,model:gpt-a}: LLM_THRESHOLDS p: got "ai_latency_ms{step:01,model:gpt-a}"; expected no step: this run does not set it; write ai_latency_ms{model:gpt-a}",
      "LLM_THRESHOLDS p: got "ai_errors{x:1}"; expected a tag of ai_errors: model, provider, stream, test_type, phase, turn, cache, window, step, scenario, group, testid, request_kind, kind; write ai_errors{model:gpt-4.1}",
      "taken",
    ]
  `);
});

test('what no sample can feed, and which setting would change that', () => {
  const cases: [string, RunFacts][] = [
    ...'ai_latency_ms ai_ttft_ms ai_icl_ms ai_delivered_ratio ai_delivered_ratio{test_type:spike} ai_meter_overhead_ms'
      .split(' ')
      .concat('ai_delivered_ratio{test_type:x}', 'ai_connect_ms', 'ai_ttft_ms{stream:false}', 'ai_step_ms')
      .concat('ai_latency_ms{phase:warmup}', 'error_rate{phase:warmup}', 'ai_cost_dollars{phase:warmup}')
      .concat('ai_sessions', 'ai_session_ms', 'ai_inputs', 'ai_output_tokens', 'http_req_waiting')
      .map((key): [string, RunFacts] => [key, FACTS]),
    ...['ai_ttft_ms', 'ai_latency_ms{stream:true}', 'ai_meter_overhead_ms'].map((key): [string, RunFacts] => [
      key,
      BLOCKING,
    ]),
    ['ai_ttft_ms', { ...FACTS, transport: 'http' }],
    ['ai_icl_ms', { ...FACTS, recordsGaps: false }],
    ['ai_schedule_lag_ms', { ...FACTS, scheduled: false }],
    ['ai_intended_latency_ms', { ...FACTS, scheduled: false }],
    ['ai_delivered_ratio', { ...FACTS, openParts: [] }],
    ['ai_cost_dollars{phase:warmup}', { ...FACTS, hasWarmup: false }],
    ['http_reqs{phase:warmup}', { ...FACTS, hasWarmup: false }],
    ['ai_connect_ms', { ...FACTS, transport: 'sse' }],
    ['http_req_waiting', { ...FACTS, transport: 'sse' }],
    ['http_req_duration', { ...FACTS, transport: 'sse' }],
    ['http_req_sending', { ...FACTS, transport: 'sse' }],
    ['ai_output_tokens', { ...FACTS, kinds: ['embeddings'], textKinds: [] }],
    ['ai_inputs', { ...FACTS, kinds: ['embeddings'], textKinds: [] }],
    ['ai_ttft_ms', { ...FACTS, kinds: ['embeddings'], textKinds: [] }],
  ];
  const table = cases.map(([key, facts]) => {
    const unfed = neverFed(parseThresholdKey(key, 'p'), facts);
    return `${key} ${facts.transport}: ${unfed === null ? 'fed' : `${unfed.why}; ${unfed.change}`}`;
  });
  expect(table).toMatchInlineSnapshot(`
    [
      "ai_latency_ms meter: fed",
      "ai_ttft_ms meter: fed",
      "ai_icl_ms meter: fed",
      "ai_delivered_ratio meter: fed",
      "ai_delivered_ratio{test_type:spike} meter: fed",
      "ai_meter_overhead_ms meter: fed",
      "ai_delivered_ratio{test_type:x} meter: users who wait for their answers ask no more than the server lets them; to an open scenario (spike, stress, soak, breakpoint)",
      "ai_connect_ms meter: fed",
      "ai_ttft_ms{stream:false} meter: blocking answers come in one piece; the selector to stream:true",
      "ai_step_ms meter: this scenario has no steps of its own; to a scenario that calls user.step",
      "ai_latency_ms{phase:warmup} meter: the warm-up gives no sample to Trends and Rates; the selector to phase:main",
      "error_rate{phase:warmup} meter: the warm-up gives no sample to Trends and Rates; the selector to phase:main",
      "ai_cost_dollars{phase:warmup} meter: fed",
      "ai_sessions meter: this run sends no sessions; LLM_DATASET to a file of sessions",
      "ai_session_ms meter: this run sends no sessions; LLM_DATASET to a file of sessions",
      "ai_inputs meter: no request of it is answered with items; LLM_KIND=embeddings",
      "ai_output_tokens meter: fed",
      "http_req_waiting meter: fed",
      "ai_ttft_ms http: blocking answers come in one piece; LLM_STREAM=1 LLM_TRANSPORT=meter with LLM_METER_URL (k6-llm run --stream does both), or LLM_TRANSPORT=sse",
      "ai_latency_ms{stream:true} http: no request of this run is streamed; LLM_STREAM=1",
      "ai_meter_overhead_ms http: only the meter measures it; LLM_TRANSPORT=meter with LLM_METER_URL",
      "ai_ttft_ms http: over http, k6 reads a stream whole before the script sees it; LLM_TRANSPORT=meter with LLM_METER_URL (k6-llm run --stream does both), or LLM_TRANSPORT=sse",
      "ai_icl_ms meter: gaps are not recorded; LLM_ICL=all",
      "ai_schedule_lag_ms meter: this run keeps no schedule of starts; LLM_ARRIVALS=poisson, in an open scenario",
      "ai_intended_latency_ms meter: this run keeps no schedule of starts; LLM_ARRIVALS=poisson, in an open scenario",
      "ai_delivered_ratio meter: users who wait for their answers ask no more than the server lets them; to an open scenario (spike, stress, soak, breakpoint)",
      "ai_cost_dollars{phase:warmup} meter: this run has no warm-up; LLM_WARMUP=30s",
      "http_reqs{phase:warmup} meter: this run has no warm-up; LLM_WARMUP=30s",
      "ai_connect_ms sse: only the meter measures it; LLM_TRANSPORT=meter with LLM_METER_URL",
      "http_req_waiting sse: xk6-sse does not write it; the threshold to error_rate, ai_errors or ai_latency_ms",
      "http_req_duration sse: fed",
      "http_req_sending sse: fed",
      "ai_output_tokens meter: requests of kind embeddings write no tokens; the threshold to ai_latency_ms",
      "ai_inputs meter: fed",
      "ai_ttft_ms meter: requests of kind embeddings have no first token; the threshold to ai_latency_ms",
    ]
  `);
});

test('keys and profiles of another form', () => {
  const keys = [
    'a}',
    'a:b',
    'a,b',
    'a"',
    "a'",
    'a{b:c',
    'a{b:c}x',
    'a{b:c}{d:e}',
    'a{b:"c"}',
    "a{b:'c'}",
    'a{}',
    'a{b}',
  ].concat('a{b:}', 'a{:c}', 'a{b:c,b:d}', ' a { b : c } ', 'a{b:c/d:e f}');
  const parsed = keys.map((key) => `${key}: ${said(() => parseThresholdKey(key, 'P'))}`);
  const profiles: unknown[] = [
    [],
    'x',
    { thresholds: [] },
    { thresholds: { m: 'x' } },
    { thresholds: { m: [3] } },
    { thresholds: { m: [{}] } },
    { thresholds: { m: [{ threshold: 'x', abortOnFail: 'yes' }] } },
    { thresholds: { m: [{ threshold: 'x', delayAbortEval: 10 }] } },
    { thresholds: { m: [{ threshold: 'x', delayAbortEval: 'soon' }] } },
    { thresholds: { m: [{ threshold: 'x', abort: true }] } },
    { threshold: {} },
  ];
  const framed = profiles.map((data) => `${JSON.stringify(data)}: ${said(() => parseProfile(data, 'P'))}`);
  expect([...parsed, ...framed, said(() => parseProfileText('{', 'P'))]).toMatchInlineSnapshot(`
    [
      "a}: P: got "a}"; expected tags in braces after the metric; write ai_latency_ms{model:gpt-4.1}",
      "a:b: P: got "a:b"; expected tags in braces after the metric; write ai_latency_ms{model:gpt-4.1}",
      "a,b: P: got "a,b"; expected tags in braces after the metric; write ai_latency_ms{model:gpt-4.1}",
      "a": P: got "a""; expected tags in braces after the metric; write ai_latency_ms{model:gpt-4.1}",
      "a': P: got "a'"; expected tags in braces after the metric; write ai_latency_ms{model:gpt-4.1}",
      "a{b:c: P: got "a{b:c"; expected a closing brace as the last character; write ai_latency_ms{model:gpt-4.1}",
      "a{b:c}x: P: got "a{b:c}x"; expected a closing brace as the last character; write ai_latency_ms{model:gpt-4.1}",
      "a{b:c}{d:e}: P: got "a{b:c}{d:e}"; expected one pair of braces; write ai_latency_ms{model:gpt-4.1}",
      "a{b:"c"}: P: got "a{b:"c"}"; expected tag values without quotes; write ai_latency_ms{model:gpt-4.1}",
      "a{b:'c'}: P: got "a{b:'c'}"; expected tag values without quotes; write ai_latency_ms{model:gpt-4.1}",
      "a{}: P: got "a{}"; expected tag:value between the braces, separated by commas (so no value may hold a comma); write ai_latency_ms{model:gpt-4.1}",
      "a{b}: P: got "a{b}"; expected tag:value between the braces, separated by commas (so no value may hold a comma); write ai_latency_ms{model:gpt-4.1}",
      "a{b:}: P: got "a{b:}"; expected tag:value between the braces, separated by commas (so no value may hold a comma); write ai_latency_ms{model:gpt-4.1}",
      "a{:c}: P: got "a{:c}"; expected tag:value between the braces, separated by commas (so no value may hold a comma); write ai_latency_ms{model:gpt-4.1}",
      "a{b:c,b:d}: P: got "a{b:c,b:d}"; expected the tag b once: no sample has two values of it; write ai_latency_ms{model:gpt-4.1}",
      " a { b : c } : taken",
      "a{b:c/d:e f}: taken",
      "[]: P: got "[]"; expected a JSON object; write {"thresholds":{"ai_latency_ms":["p(95)<5000"]}}",
      ""x": P: got "x"; expected a JSON object; write {"thresholds":{"ai_latency_ms":["p(95)<5000"]}}",
      "{"thresholds":[]}: P: thresholds: got "[]"; expected an object of lists by metric; write {"thresholds":{"ai_latency_ms":["p(95)<5000"]}}",
      "{"thresholds":{"m":"x"}}: P: m: got "x"; expected a list: ["p(95)<5000"]; write {"thresholds":{"ai_latency_ms":["p(95)<5000"]}}",
      "{"thresholds":{"m":[3]}}: P: m[0]: got "3"; expected a JSON object; write {"thresholds":{"ai_latency_ms":["p(95)<5000"]}}",
      "{"thresholds":{"m":[{}]}}: P: m[0].threshold: got "nothing"; expected text: "p(95)<5000"; write {"thresholds":{"ai_latency_ms":["p(95)<5000"]}}",
      "{"thresholds":{"m":[{"threshold":"x","abortOnFail":"yes"}]}}: P: m[0].abortOnFail: got "yes"; expected true or false; write {"thresholds":{"ai_latency_ms":["p(95)<5000"]}}",
      "{"thresholds":{"m":[{"threshold":"x","delayAbortEval":10}]}}: P: m[0].delayAbortEval: got "10"; expected a duration as text: "10s"; write {"thresholds":{"ai_latency_ms":["p(95)<5000"]}}",
      "{"thresholds":{"m":[{"threshold":"x","delayAbortEval":"soon"}]}}: P: m[0].delayAbortEval: got "soon"; expected a duration with its unit (ms, s, m, h) from 0s to 168h; write P: m[0].delayAbortEval=10s",
      "{"thresholds":{"m":[{"threshold":"x","abort":true}]}}: P: m[0]: got "abort"; expected no keys but threshold, abortOnFail, delayAbortEval; write {"thresholds":{"ai_latency_ms":["p(95)<5000"]}}",
      "{"threshold":{}}: P: got "threshold"; expected no keys but $schema, name, description, thresholds (did you mean thresholds?); write {"thresholds":{"ai_latency_ms":["p(95)<5000"]}}",
      "P: got "{"; expected JSON; write {"thresholds":{"ai_latency_ms":["p(95)<5000"]}}",
    ]
  `);
  const whole = { threshold: 'p(95)<1', abortOnFail: false, delayAbortEval: '10s' };
  expect(parseProfile({ thresholds: { m: [whole, { threshold: 'x' }, 'y'] } }, 'P')).toEqual({
    name: 'P',
    thresholds: { m: [whole, { threshold: 'x' }, 'y'] },
  });
  expect(parseProfile({ name: 'mine', thresholds: {} }, 'P').name).toBe('mine');
});
