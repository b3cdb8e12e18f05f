import { writeFileSync } from 'node:fs';
import { PROVIDERS } from '../src/lib/request/providers.ts';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBlockingAnswer } from '../src/lib/answer/blocking-answer.ts';
import { StreamReader } from '../src/lib/answer/stream/stream-reader.ts';
import { parseTrace } from '../src/lib/load/trace/trace.ts';
import { readServerGauges } from '../src/lib/metrics/server-gauges.ts';
import { parsePriceText } from '../src/lib/money/price-file.ts';
import { createPricing } from '../src/lib/money/pricing.ts';
import { parseDataset } from '../src/lib/prompts/dataset/dataset.ts';
import { CHAT_KIND } from '../src/lib/kinds/chat/chat-kind.ts';
import { payloadTemplate } from '../src/lib/request/build-body.ts';
import { readSettings } from '../src/lib/settings/settings.ts';
import { buildSummary } from '../src/lib/summary/build-summary.ts';
import { madeContext, madeCounter, madeData } from '../src/lib/summary/made-data.ts';
import { renderMarkdown } from '../src/lib/summary/render/render-markdown.ts';
import { renderText } from '../src/lib/summary/render/render-text.ts';
import { joinThresholds } from '../src/lib/thresholds/compile-thresholds.ts';
import { parseProfile } from '../src/lib/thresholds/threshold-profile.ts';
import { differences } from '../src/tools/compare/differences.ts';
import { compareRuns, prepareRun } from '../src/tools/compare/compare-runs.ts';
import { parseMeasure } from '../src/tools/compare/measure.ts';
import { comparisonMarkdown } from '../src/tools/compare/render-comparison.ts';
import { parseInfluxUrl } from '../src/tools/influx/influx-target.ts';
import { updatePrices } from '../src/tools/prices/update-prices.ts';
import { renderPage } from '../src/tools/report/html/page.ts';
import { finishRun } from '../src/tools/results/finish-run.ts';
import { madeHeader, madeRecord, samplesText } from '../src/tools/results/made-samples.ts';
import { openInput } from '../src/tools/results/read/open-input.ts';
import { readK6Arguments } from '../src/tools/run/k6-arguments.ts';
import { ask, openMeter, openUpstream } from './support/meter.ts';
import { chunked, event, TAIL } from './support/stream-text.ts';
import { chat, openMock } from './support/mock.ts';
import { OUTSIDE_NAME as NAME, placesThatMeet } from './support/outside-name.ts';
import { createRandom } from '../src/lib/numbers/random.ts';
import { folderOfTest } from './support/temporary-folder.ts';

/** What throws is refused, which is as good. */
const tried = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

const BODIES: readonly object[] = [
  {
    model: NAME,
    type: NAME,
    object: NAME,
    choices: [{ index: 0, finish_reason: NAME, delta: { role: NAME, [NAME]: 'x', content: 'Hi' } }],
  },
  {
    model: NAME,
    choices: [
      {
        message: {
          role: NAME,
          content: [{ type: NAME, text: 'Hi' }],
          tool_calls: [{ id: NAME, type: NAME, function: { name: NAME, arguments: NAME } }],
        },
        finish_reason: NAME,
      },
    ],
  },
  {
    type: `response.${NAME}.delta`,
    delta: 'x',
    response: { model: NAME, status: NAME, output: [{ type: NAME, content: [{ type: NAME }] }] },
  },
  {
    type: NAME,
    message: { model: NAME, stop_reason: NAME, usage: { [NAME]: 1 } },
    content_block: { type: NAME },
    delta: { type: NAME, stop_reason: NAME },
  },
  { error: { code: NAME, type: NAME, message: NAME, status: NAME } },
  { usage: { [NAME]: 3, prompt_tokens: 1, completion_tokens: 2, completion_tokens_details: { [NAME]: 1 } } },
  { detail: [{ loc: ['body', NAME], msg: NAME, type: NAME }] },
];

describe('a name from outside is never a key of a plain object', () => {
  test.each<[string, () => unknown]>([
    [
      'in answers, whole and streamed',
      () => {
        for (const body of BODIES) {
          for (const status of [200, 400, 429]) {
            readBlockingAnswer({
              status,
              headers: { [NAME]: NAME, 'content-type': NAME },
              bodyText: JSON.stringify(body),
            });
          }
          const reader = new StreamReader({ keepText: true, headers: { [NAME]: NAME } });
          reader.feed(`event: ${NAME}\n${event(body)}${TAIL}`, 1);
          reader.end('clean');
        }
      },
    ],
    [
      'in settings, bodies and prices',
      () => {
        const env = {
          LLM_MIX: `${NAME}=2,m=1`,
          LLM_EXTRA_HEADERS: `{"${NAME}":"x"}`,
          LLM_EXTRA_BODY: `{"${NAME}":1}`,
        };
        const settings = readSettings({ ...env, [NAME]: NAME });
        payloadTemplate(NAME, {
          kind: CHAT_KIND,
          provider: PROVIDERS.custom,
          stream: true,
          tokenParam: null,
          temperature: null,
          extraBody: settings.extraBody,
        });
        for (const name of ['LLM_PROVIDER', 'LLM_THRESHOLDS', 'LLM_ARRIVALS', 'LLM_SLO', 'LLM_ICL']) {
          tried(() => readSettings({ [name]: NAME }));
        }
        const prices = `{"models":{"${NAME}":{"input":1,"output":2}},"providers":{"${NAME}":{"models":{"${NAME}":{"input":1,"output":2}}}}}`;
        const pricing = createPricing({ builtIn: parsePriceText(prices, 'p'), provider: NAME, host: NAME });
        const usage = {
          inputTokens: 1,
          outputTokens: 1,
          cachedInputTokens: null,
          cacheWriteInputTokens: null,
          reasoningTokens: null,
        };
        for (const model of [NAME, 'm']) pricing.costUsd({ usage, model, answeredModel: NAME });
        updatePrices(
          { models: {} },
          {
            [NAME]: {
              litellm_provider: 'openai',
              mode: 'chat',
              input_cost_per_token: 1e-6,
              output_cost_per_token: 1e-6,
            },
          },
          { release: null, date: '2026-01-01' },
        );
      },
    ],
    [
      'in prompts and traces',
      () => {
        const source = { fileName: 'f', setting: 'LLM_DATASET' };
        parseDataset(`prompt,${NAME}\nHi,x\n`, source);
        tried(() => parseDataset(`${NAME},x\nHi,x\n`, source));
        parseDataset(
          `[{"conversations":[{"from":"${NAME}","value":"x"},{"from":"human","value":"Hi"}],"${NAME}":1}]`,
          source,
        );
        parseTrace(`time_s,${NAME},input_tokens,output_tokens\n0,1,2,3\n`, { ...source, timeScale: 1 });
        tried(() => parseTrace(`{"${NAME}":1}\n`, { ...source, timeScale: 1 }));
      },
    ],
    [
      'in what k6 hands over, thresholds and gauges',
      () => {
        const data = madeData();
        const context = madeContext();
        const summary = buildSummary(
          {
            ...data,
            metrics: {
              ...data.metrics,
              [NAME]: madeCounter(3),
              [`ai_latency_ms{model:${NAME}}`]: madeCounter(3),
            },
          },
          {
            ...context,
            dimensions: { ...context.dimensions, models: [NAME, 'm'], providers: [NAME] },
            fullPriceWhenCached: [NAME],
          },
        );
        renderText(summary, { enableColors: false });
        renderMarkdown(summary);
        differences(summary, { ...summary, settings: { [NAME]: NAME } });
        tried(() => parseProfile({ thresholds: { [NAME]: ['p(95)<1'] } }, 'p'));
        joinThresholds({ [NAME]: [] }, { [NAME]: [] });
        readServerGauges(`${NAME}{a="b"} 3\n`);
      },
    ],
    [
      'in flags and addresses',
      () => {
        for (const text of [NAME, `p95(${NAME})`, `p95(ai_latency_ms{${NAME}:x})`, `cost{model:${NAME}}`])
          parseMeasure(text);
        tried(() => parseInfluxUrl(`http://h/db?${NAME}=1`));
        readK6Arguments(['-e', `${NAME}=1`, `--${NAME}`]);
      },
    ],
    [
      'in samples, reports and comparisons',
      async () => {
        const folder = folderOfTest('names');
        const change = { model: NAME, provider: NAME, testType: NAME, window: NAME, step: NAME };
        const records = Array.from({ length: 40 }, (_, at) =>
          madeRecord({ ...change, atMs: 1000 + at * 500 }),
        );
        const other = Array.from({ length: 40 }, (_, at) => madeRecord({ atMs: 1000 + at * 500 }));
        writeFileSync(
          path.join(folder, 'samples.jsonl'),
          samplesText([...records, ...other], madeHeader({ mix: `${NAME}=1` })),
        );
        const run = await finishRun({ resultsDir: folder });
        renderPage([run]);
        const [again] = await openInput(folder);
        const prepared = await prepareRun(again ?? run);
        const measures = [`p50(ai_latency_ms{model:${NAME}})`]
          .map((name) => parseMeasure(name))
          .filter((one) => one !== null);
        comparisonMarkdown(compareRuns(prepared, prepared, { measures }), []);
      },
    ],
    [
      'at the meter and the mock',
      async () => {
        const mock = await openMock();
        await chat(mock, { headers: { [NAME]: NAME }, fault: NAME, fields: { model: NAME, [NAME]: NAME } });
        await chat(mock, { path: `/${NAME}` });
        const upstream = await openUpstream(
          (socket) => void socket.write(chunked(event(BODIES[0]) + TAIL, createRandom('names'))),
        );
        const meter = await openMeter(upstream.url);
        await ask(meter, {
          headers: { [NAME]: NAME },
          body: { model: NAME, [NAME]: 1, stream: true, messages: [] },
        });
      },
    ],
  ])('%s', async (_, run) => expect(await placesThatMeet(run)).toEqual([]));

  test('and the trap catches one that is', async () => {
    const record: Record<string, number> = {};
    const key: string = NAME;
    const count = (): void => {
      record[key] = (record[key] ?? 0) + 1;
    };
    const places = await placesThatMeet(count, 'test');
    expect(places.map((place) => place.split(' ')[0])).toEqual(['read', 'write']);
    expect(places[0]).toMatch(/^read outside-names\.test\.ts/);
  });
});
