import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { folderOfTest } from '../../../../test/support/temporary-folder.ts';
import { parseSlo } from '../../../lib/figures/slo.ts';
import { takeAnswerFolder, writeAnswer } from '../../answers/answer-folder.ts';
import { PROJECT_ROOT } from '../../project-root.ts';
import { answerRules, type RulesAnswer } from './answer-rules.ts';
import { renderRules } from './render-rules.ts';

const SCHEMA: unknown = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'docs/answer.schema.json'), 'utf8'));
const follows = new Ajv2020({ allErrors: true }).compile(SCHEMA as object);

const content = (ms: number, choices = 1): object => ({ ms, kind: 'content', events: 1, choices });
const other = (ms: number, choices: number): object => ({ ms, kind: 'other', choices });

/** Role 50, text 200 and 240, finish 241, usage 242, [DONE] 243; 3 tokens. */
const FIRST = {
  stream: true,
  outcome: 'ok',
  ttftMs: 200,
  ttfoMs: 200,
  lastOutputMs: 240,
  endMs: 243,
  outputTokens: 3,
  reasoningTokens: null,
  chunks: 2,
  finishReason: 'stop',
  bufferedByProxy: false,
  pace: 'seen',
  events: [other(50, 1), content(200), content(240), other(241, 1), other(242, 0), other(243, 0)],
};
/** Role 150, reasoning 300, text 700 and 740, finish 751, [DONE] 763; 5 tokens, 2 of them reasoning. */
const SECOND = {
  ...FIRST,
  ttftMs: 300,
  ttfoMs: 700,
  lastOutputMs: 740,
  endMs: 763,
  outputTokens: 5,
  reasoningTokens: 2,
  chunks: 3,
  events: [other(150, 1), content(300), content(700), content(740), other(751, 1), other(763, 0)],
};
const FAILED = { ...FIRST, outcome: 'server', ttftMs: null, ttfoMs: null, lastOutputMs: null, events: [] };
const BLOCKING = { ...FIRST, stream: false };

function answer(lines: readonly object[], slo: string | null = null): RulesAnswer {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return answerRules(Buffer.from(text), {
    file: 'record.jsonl',
    slo: slo === null ? null : parseSlo(slo, '--slo'),
  });
}

describe('a run that a meter recorded', () => {
  test('has means and p95 of what succeeded, by hand', () => {
    const { rules, sentence } = answer([FIRST, SECOND, FAILED, BLOCKING]);
    const figures = rules.map(({ tool, ttftMs, tpotMs, latencyMs, withServerTokens: server }) => [
      tool,
      ttftMs,
      tpotMs ?? server?.tpotMs,
      latencyMs,
    ]);
    expect(figures).toEqual([
      ['k6-llm', 250, 65, 490], // (200 + 300)/2; (40/2 + 440/4)/2; (240 + 740)/2
      ['vLLM bench', 100, 122.875, 496], // (50 + 150)/2; (191/2 + 601/4)/2; (241 + 751)/2
      ['AIPerf', 250, 65, 490],
      ['GuideLLM', 250, 114, 503], // (240/3 + 740/5)/2; (243 + 763)/2
      ['xk6-llm', 250, 26.5, 503], // (43/2 + (763 - 700)/(5 - 2 - 1))/2
      ['inference-perf', 450, 15, 503], // (200 + 700)/2; (40/2 + 40/4)/2
    ]);
    const [ours] = rules;
    expect(ours?.run).toMatchObject({ requests: 3, succeeded: 2, p95: { ttftMs: 295 } }); // 200 + 0.95 * 100
    expect(rules[2]).toMatchObject({ tpotMs: null, outputTokens: null });
    expect(sentence).toBe(
      'The same run of 3 streamed requests has on average a TTFT from 100 ms (vLLM bench) to 450 ms (inference-perf), a TPOT from 15.0 ms (inference-perf) to 123 ms (vLLM bench) and a latency from 490 ms (k6-llm) to 503 ms (GuideLLM).',
    );
  });

  test('has the goodput that each tool would call so', () => {
    const goodput = (slo: string): unknown[] =>
      answer([FIRST, SECOND, FAILED], slo).rules.map((row) => row.goodput);
    // One of two that succeeded is good, of three that were sent. inference-perf's first text comes at 700.
    expect(goodput('ttft:250')).toEqual([1 / 3, null, 1 / 3, null, 1 / 2, 1 / 2]);
    expect(goodput('ttft:800')).toEqual([2 / 3, null, 2 / 3, null, 1, 1]);
    // TPOT rests on a tokenizer with AIPerf and inference-perf. xk6-llm: 21.5 and 31.5.
    expect(goodput('tpot:30')).toEqual([1 / 3, null, null, null, 1 / 2, null]);
  });

  test('without what a rule needs has no figure of it, and says of how many it is known', () => {
    const old = {
      ...FIRST,
      events: [
        { ms: 50, kind: 'other' },
        { ms: 200, kind: 'content', events: 1 },
      ],
    };
    const { rules } = answer([FIRST, old]);
    expect(rules[1]).toMatchObject({ ttftMs: 50, run: { known: { ttftMs: 1 }, succeeded: 2 } });
    expect(renderRules(rules).replace(/\s+/g, ' ')).toContain('TTFT is known of fewer under vLLM bench 1');
    const noEvents = { ...FIRST, events: undefined };
    expect(answer([noEvents]).rules[1]).toMatchObject({ ttftMs: null, tpotMs: null, latencyMs: null });
  });

  test.each([
    ['a half-written line', [FIRST, '{"stream":true'], /line 2: no request of a meter's record/],
    ['no stream', [BLOCKING], /1 requests and no stream among them/],
  ])('with %s is refused in words', (_, lines, message) => {
    const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    expect(() => answerRules(Buffer.from(text), { file: 'r.jsonl', slo: null })).toThrow(message);
  });
});

const CAPTURE = 'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\ndata: [DONE]\n\n';

test('a single stream has no goodput: an SLO is refused', () => {
  const slo = parseSlo('ttft:250', '--slo');
  expect(() => answerRules(Buffer.from(CAPTURE), { file: 's.sse', slo })).toThrow(/holds one stream/);
});

test('what every rule says alike is said once', () => {
  const chunk = (text: string): string =>
    `data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"${text}"}}]}\n\n`;
  const timeline = `${JSON.stringify([100, `${chunk('Hi')}${chunk('!')}data: [DONE]\n\n`])}\n{"close":"clean"}\n`;
  const { sentence } = answerRules(Buffer.from(timeline), { file: 's.jsonl', slo: null });
  // All in one read: GuideLLM alone has a TPOT, 100 ms over two events.
  expect(sentence).toBe(
    'The same stream has a TTFT of 100 ms by every rule that has one, a TPOT of 50.0 ms by every rule that has one and a latency of 100 ms by every rule that has one.',
  );
});

test('a capture has no times, and who would call it failed is told', () => {
  const { sentence } = answerRules(Buffer.from(CAPTURE), { file: 's.sse', slo: null });
  expect(sentence).toBe('The same stream has no time by any rule; AIPerf counts it as failed.');
});

describe('the answer', () => {
  const run = answer([FIRST, SECOND, FAILED], 'ttft:250');
  const stream = answerRules(Buffer.from(CAPTURE), { file: 's.sse', slo: null });

  test.each([
    ['of a run', run],
    ['of a stream', stream],
  ])('%s follows its schema and fits 80 columns', (_, given) => {
    follows(JSON.parse(JSON.stringify(given)));
    expect(follows.errors ?? []).toEqual([]);
    for (const line of renderRules(given.rules).split('\n'))
      expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test('goes to the folder asked for, and an earlier answer there is kept aside', async () => {
    const parent = folderOfTest('answers');
    const folder = path.join(parent, 'mine');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'answer.json'), '{"earlier":true}');
    writeFileSync(path.join(folder, 'notes.txt'), 'mine');
    const said: string[] = [];
    const taken = await takeAnswerFolder('explain', {
      env: { LLM_RESULTS_DIR: folder },
      now: new Date(0),
      say: (line) => said.push(line),
    });
    await writeAnswer(taken.folder, run, { table: renderRules(run.rules) });
    taken.release();
    expect(readdirSync(folder).sort()).toEqual(['answer.json', 'answer.md', 'notes.txt']);
    expect(readFileSync(path.join(parent, 'mine.1/answer.json'), 'utf8')).toContain('earlier');
    expect(said).toHaveLength(1);
    const written: unknown = JSON.parse(readFileSync(path.join(folder, 'answer.json'), 'utf8'));
    expect(written).toMatchObject({ question: 'Why do two tools disagree?', partial: false });
    const markdown = readFileSync(path.join(folder, 'answer.md'), 'utf8');
    expect(markdown).toContain(run.sentence);
    expect(markdown).toContain('```text');
  });
});
