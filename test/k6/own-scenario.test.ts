import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildBundles } from '../../build.mjs';
import { parseFaultRule } from '../../src/tools/mock/faults/draw-faults.ts';
import type { Mock } from '../../src/tools/mock/server/start-mock.ts';
import { type BundleRun, runBundle, scriptErrors } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';
import { openPlainServer } from '../support/servers/plain-server.ts';
import { folderOfTests } from '../support/temporary-folder.ts';

const BREACHED = 99;
const WRONG_SETTING = 107;

const folder = folderOfTests('own');

const END = `
export const { options, setup, handleSummary, scrape } = scenario;
export default scenario;`;
const HEAD = `import { Trend, Rate } from 'k6/metrics';
import * as api from 'k6-llm/k6';
const { defineScenario, iterations, users, rate, steps, trace } = api;
`;

let made = 0;

/** Builds a scenario and runs it; what it logs with `told` comes back, in order. */
async function runOwn(
  scenario: string,
  url: string,
  env: Readonly<Record<string, string>> = {},
): Promise<BundleRun & { told: unknown[] }> {
  const name = `own-${made++}`;
  const entry = path.join(folder, `${name}.js`);
  const told = `const told = (value) => console.log('TOLD ' + JSON.stringify(value));\n`;
  await writeFile(entry, HEAD + told + scenario + END);
  await buildBundles({ outdir: path.join(folder, 'dist'), entries: [entry] });
  const run = await runBundle(path.join(folder, 'dist', `${name}.js`), {
    LLM_BASE_URL: url,
    LLM_MIX: 'm',
    LLM_PREFLIGHT: '0',
    LLM_THINK_TIME: '0s',
    LLM_TIMEOUT: '10s',
    ...env,
  });
  const lines = [...run.output.matchAll(/TOLD (.*?)" source=console/g)];
  return {
    ...run,
    told: lines.map(([, json = '']) => JSON.parse(JSON.parse(`"${json}"`) as string) as unknown),
  };
}

type Body = { messages: { role: string; content: string }[]; [field: string]: unknown };

const bodiesOf = (mock: Mock): Body[] =>
  (mock.truth().bodies ?? []).map(({ body }) => JSON.parse(body) as Body);

describe('a user', () => {
  test('who says nothing of his own does what our scenarios do, request by request', async () => {
    const asked = await Promise.all(
      ['', ', (user) => { const chat = user.chat(); while (chat.next() !== null) user.pause(); }'].map(
        async (behaviour) => {
          const mock = await openMock({ keepBodies: true });
          const definition = `const scenario = defineScenario({ name: 'x', load: iterations(6) }${behaviour});`;
          const { code } = await runOwn(definition, mock.url, { LLM_TURNS: '3', LLM_MIX: 'a=2,b=1' });
          expect(code).toBe(0);
          return bodiesOf(mock);
        },
      ),
    );
    expect(asked[0]).toHaveLength(18);
    expect(asked[1]).toEqual(asked[0]);
  });

  test('asks, and is told what came of it', async () => {
    const mock = await openMock({ keepBodies: true });
    const { code, told, summary } = await runOwn(
      `const scenario = defineScenario({ name: 'x', load: iterations(1) }, (user) => {
        const { times, ...reply } = user.ask({ prompt: 'Hello', system: null, maxTokens: 7, temperature: 0, body: { top_p: 0.5 } });
        told({ ...reply, latencyMs: times.latencyMs > 0 });
        told(user.ask({ model: 'gpt-4.1', messages: [{ role: 'user', content: 'Again' }] }).costUsd > 0);
        user.ask();
      });`,
      mock.url,
    );
    expect(code).toBe(0);
    expect(told[0]).toMatchObject({
      ok: true,
      model: 'm',
      status: 200,
      toolCalls: [],
      finishReason: 'length',
      usage: { outputTokens: 7 },
      costUsd: null,
      latencyMs: true,
    });
    expect((told[0] as { text: string }).text.length).toBeGreaterThan(0);
    expect(told[1]).toBe(true);
    const bodies = bodiesOf(mock);
    expect(bodies[0]).toMatchObject({
      model: 'm',
      messages: [{ role: 'user', content: 'Hello' }],
      max_tokens: 7,
      temperature: 0,
      top_p: 0.5,
    });
    expect(bodies[1]).toMatchObject({ model: 'gpt-4.1', messages: [{ role: 'user', content: 'Again' }] });
    expect(bodies[2]?.messages[0]?.role).toBe('system');
    expect(summary!.totals).toMatchObject({ requestsStarted: 3, succeeded: 3, unpriced: 2 });
  });

  test('is told of a failure by its name, and goes on', async () => {
    const mock = await openMock({ faults: [parseFaultRule('server_500=1')] });
    const { told, summary } = await runOwn(
      `const scenario = defineScenario({ name: 'x', load: iterations(1) }, (user) => {
        const reply = user.ask({ prompt: 'Hello' });
        told([reply.ok, reply.error, reply.status, reply.text, user.ask().ok]);
      });`,
      mock.url,
    );
    expect(told).toEqual([[false, 'server', 500, '', false]]);
    expect(summary!.totals).toMatchObject({ failed: 2, errors: { server: 2 } });
  });

  test('has a conversation whose model sees all that was said; a turn that failed is left out', async () => {
    const asked: Body[] = [];
    const url = await openPlainServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      if (request.method !== 'POST') return void response.end('{"data":[]}');
      asked.push(JSON.parse(text) as Body);
      const fails = asked.length === 2;
      response.writeHead(fails ? 500 : 200, { 'content-type': 'application/json' });
      const message = { role: 'assistant', content: `answer ${asked.length}` };
      const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
      response.end(
        fails
          ? '{}'
          : JSON.stringify({ model: 'm', choices: [{ index: 0, message, finish_reason: 'stop' }], usage }),
      );
    });
    const { told } = await runOwn(
      `const scenario = defineScenario({ name: 'x', load: iterations(1) }, (user) => {
        const chat = user.chat({ system: 'Be brief.' });
        for (const words of ['one', 'two', 'three']) chat.ask(words);
        told(chat.messages());
      });`,
      url,
    );
    const said = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'answer 1' },
      { role: 'user', content: 'three' },
    ];
    expect(asked[2]?.messages).toEqual(said);
    expect(told).toEqual([[...said, { role: 'assistant', content: 'answer 3' }]]);
  });

  test('may hand tools to the model, and sees which it calls', async () => {
    const tools: unknown[] = [];
    const url = await openPlainServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      if (request.method !== 'POST') return void response.end('{"data":[]}');
      tools.push((JSON.parse(text) as Body)['tools']);
      const call = { id: 'c1', type: 'function', function: { name: 'find', arguments: '{"q":"x"}' } };
      const message = { role: 'assistant', content: null, tool_calls: [call] };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          model: 'm',
          choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
          usage: { prompt_tokens: 1, completion_tokens: 2 },
        }),
      );
    });
    const { told } = await runOwn(
      `const tools = [{ type: 'function', function: { name: 'find', parameters: { type: 'object' } } }];
      const scenario = defineScenario({ name: 'x', load: iterations(1) }, (user) => {
        const { ok, text, toolCalls, finishReason } = user.ask({ prompt: 'Find x', tools });
        told({ ok, text, toolCalls, finishReason });
      });`,
      url,
    );
    expect(tools).toEqual([
      [{ type: 'function', function: { name: 'find', parameters: { type: 'object' } } }],
    ]);
    expect(told).toMatchObject([
      { ok: true, text: '', toolCalls: [{ name: 'find', arguments: '{"q":"x"}' }] },
    ]);
  });

  test('picks by the seed, and is given what was prepared', async () => {
    const scenario = `const scenario = defineScenario(
      { name: 'x', load: iterations(8), prepare: async () => ({ token: 't' }) },
      (user) => {
        user.ask();
        told([user.iteration(), user.pick(['a', 'b', 'c', 'd']), user.pick([1, 2, 3, 4]), user.prepared.token, user.id > 0]);
      },
    );`;
    const [one, same, other] = await Promise.all(
      ['1', '1', '2'].map(async (seed) => {
        const { told } = await runOwn(scenario, (await openMock()).url, { LLM_SEED: seed });
        return told;
      }),
    );
    expect(one).toHaveLength(8);
    expect(one?.every((row) => (row as unknown[])[3] === 't' && (row as unknown[])[4] === true)).toBe(true);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });
});

describe('a scenario', () => {
  test('is judged by metrics of its own; one without a sample fails it', async () => {
    const scenario = (adds: string): string => `const score = new Trend('score');
      const scenario = defineScenario(
        { name: 'x', load: iterations(2), steps: ['look'], thresholds: { score: ['avg<5'], 'ai_step_ms{name:look}': ['p(95)<5000'] } },
        async (user) => {
          const found = await user.step('look', async () => 7);
          user.ask();
          ${adds}
        },
      );`;
    const { url } = await openMock();
    const good = await runOwn(scenario('score.add(found - 4);'), url);
    expect(good.code).toBe(0);
    expect(good.summary!.metrics['score']).toMatchObject({ avg: 3, count: 2 });
    expect(good.summary!.metrics['ai_step_ms{name:look}']).toMatchObject({ count: 2 });
    const none = await runOwn(scenario(''), url);
    expect(none.code).toBe(BREACHED);
    expect(none.summary!.slo.breached.join()).toContain('score');
  });

  test('brings settings and prompts of its own, and the environment wins', async () => {
    const scenario = `const scenario = defineScenario({
      name: 'x', load: users(1, '1s'), prompts: ['First?', 'Second?'], pause: '10s', slo: { latency: 1234 },
      settings: { LLM_MAX_TOKENS: '5', LLM_SYSTEM_PROMPT: 'none' },
    });`;
    const mock = await openMock({ keepBodies: true });
    const env = { LLM_TIME_SCALE: '0.3', LLM_MAX_TOKENS: '6' };
    const { summary } = await runOwn(scenario, mock.url, env);
    expect(summary!.settings).toMatchObject({
      LLM_MAX_TOKENS: '6',
      LLM_SLO: 'latency:1234',
      LLM_THINK_TIME: '0s',
    });
    const bodies = bodiesOf(mock);
    expect(bodies.length).toBeGreaterThan(3);
    const asked = bodies.map(({ messages }) => messages.map(({ content }) => content).join());
    expect(new Set(asked)).toEqual(new Set(['First?', 'Second?']));
    expect(new Set(bodies.map((body) => body['max_tokens']))).toEqual(new Set([6]));
  });

  test('of a trace starts each request at its time', async () => {
    const file = path.join(folder, 'trace.csv');
    await writeFile(file, 'timestamp_ms,input_tokens,output_tokens\n0,20,3\n100,20,4\n200,20,5\n');
    const mock = await openMock({ keepBodies: true });
    const scenario = `const scenario = defineScenario({ name: 'x', load: trace(${JSON.stringify(file)}) });`;
    const { summary, output } = await runOwn(scenario, mock.url);
    expect(scriptErrors(output)).toEqual([]);
    expect(summary!.totals.succeeded).toBe(3);
    expect(bodiesOf(mock).map((body) => body['max_tokens'])).toEqual([3, 4, 5]);
    expect(summary!.metrics['ai_schedule_lag_ms']?.['count']).toBe(3);
  });

  test('asks models of its own by name, each told apart', async () => {
    const mock = await openMock();
    const { summary } = await runOwn(
      `const scenario = defineScenario({ name: 'x', load: iterations(3), models: ['judge'] }, (user) => {
        user.ask();
        user.ask({ model: 'judge', prompt: 'Good?' });
      });`,
      mock.url,
    );
    expect(Object.keys(summary!.models).sort()).toEqual(['judge', 'm']);
    expect(summary!.models['judge']?.succeeded).toBe(3);
  });

  test.each([
    [
      'an unknown field',
      "{ name: 'x', load: users(1, '1s'), threshold: {} }",
      /threshold[^]*did you mean thresholds/,
    ],
    [
      'a duration without a unit',
      "{ name: 'x', load: users(1, '10') }",
      /load of x: stage 1: got ."10.".*a duration/,
    ],
    [
      'a secret among its settings',
      "{ name: 'x', load: users(1, '1s'), settings: { LLM_METRICS_KEY: 'k' } }",
      /no secret/,
    ],
    ['an unknown setting', "{ name: 'x', load: users(1, '1s'), settings: { LLM_MIXX: 'k' } }", /LLM_MIX\b/],
    [
      'a threshold that k6 does not know',
      "{ name: 'x', load: users(1, '1s'), thresholds: { score: ['p95<3'] } }",
      /p\(95\)<3/,
    ],
    [
      'a metric of ours misspelt',
      "{ name: 'x', load: users(1, '1s'), thresholds: { ai_latency: ['p(95)<3'] } }",
      /ai_latency_ms/,
    ],
  ])('with %s stops before the first request, and says what to write', async (_what, definition, said) => {
    const mock = await openMock();
    const { code, output } = await runOwn(`const scenario = defineScenario(${definition});`, mock.url);
    expect(code).toBe(WRONG_SETTING);
    expect(output).toMatch(said);
    expect(mock.truth().totals.requests).toBe(0);
  });
});
