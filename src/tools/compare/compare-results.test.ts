import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseJunit } from 'junit2json';
import { describe, expect, test, vi } from 'vitest';
import { inputs } from '../../../test/support/exhaustively.ts';
import { folderOfTests } from '../../../test/support/temporary-folder.ts';
import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import type { SampleHeader } from '../../lib/samples/sample-header.ts';
import { UsageError } from '../cli/define-command.ts';
import { madeHeader, madeRecord, samplesText } from '../results/made-samples.ts';
import { type CompareRequest, compareCommand } from './compare-results.ts';
import { type MadeRun, madeRequests } from './made-runs.ts';

const root = folderOfTests('compare');

const USUAL: MadeRun = { seed: 1, durationSec: 60, ratePerSec: 20, slowness: 1, memory: 0.5 };
/** As much as what is no matter of statistics takes. */
const SHORT: MadeRun = { ...USUAL, durationSec: 20 };
const ASKED: CompareRequest = {
  inputs: [],
  rules: [],
  format: 'text',
  htmlFile: null,
  junitFile: null,
  by: null,
  force: false,
  allowUndecided: false,
};

let files = 0;
function fileOf(records: readonly SampleRecord[], header: Partial<SampleHeader> = {}): string {
  files += 1;
  const file = path.join(root, `run-${files}.jsonl`);
  writeFileSync(file, samplesText(records, madeHeader(header)));
  return file;
}

/** Runs the command. @returns its exit code and what it printed. */
async function compare(request: Partial<CompareRequest>): Promise<{ code: number; printed: string }> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    const code = await compareCommand({ ...ASKED, ...request });
    return { code, printed: log.mock.calls.join('\n') };
  } finally {
    log.mockRestore();
  }
}

describe('exit codes', () => {
  const usual = fileOf(madeRequests(SHORT));

  test('are 0 for the same set-up and 1 for a TTFT 15 % slower, in each of three pairs', async () => {
    const exits: { same: number[]; slower: number[] } = { same: [], slower: [] };
    const rules = ['p50(ai_ttft_ms) +5%; p95(ai_ttft_ms) +10%; error_rate +1pp'];
    let same = fileOf(madeRequests({ ...USUAL, seed: 1000 }));
    const pairs = inputs(3);
    for (let seed = 1000; seed < 1000 + pairs; seed += 1) {
      const first = same;
      same = fileOf(madeRequests({ ...USUAL, seed: seed + 100 }));
      const slower = fileOf(madeRequests({ ...USUAL, seed: seed + 200, slowness: 1.15 }));
      exits.same.push((await compare({ inputs: [first, same], rules })).code);
      exits.slower.push((await compare({ inputs: [first, slower], rules })).code);
    }
    expect(exits).toEqual({ same: Array(pairs).fill(0), slower: Array(pairs).fill(1) });
  });

  test.each<[string, readonly SampleRecord[], readonly SampleRecord[], number, RegExp]>([
    [
      'lost by the second run',
      madeRequests(SHORT),
      madeRequests(SHORT, { ttftMs: null }),
      1,
      /no sample now/,
    ],
    [
      'that the first run never had',
      madeRequests(SHORT, { ttftMs: null }),
      madeRequests(SHORT),
      3,
      /the first run has no sample of it/,
    ],
    ['of two empty runs', [], [], 3, /the first run has no sample of it/],
    [
      'of one request each',
      [madeRecord({ ttftMs: 9 })],
      [madeRecord({ ttftMs: 9 })],
      3,
      /9\.00 ms before, 9\.00 ms now, 0 %; too few to tell it from noise: 1, and it takes 72/,
    ],
    [
      'of one request each, one slower',
      [madeRecord({ ttftMs: 9 })],
      [madeRecord({ ttftMs: 90 })],
      3,
      /more than allowed, but too few to tell it from noise/,
    ],
  ])('tell of a measure %s', async (_, before, after, exit, words) => {
    const inputs = [fileOf(before), fileOf(after)];
    const { code, printed } = await compare({ inputs, rules: ['p95(ai_ttft_ms) +10%'] });
    expect(code).toBe(exit);
    expect(printed.replace(/\s+/g, ' ')).toMatch(words);
  });

  test.each<[string, string, number, RegExp]>([
    ['held', 'p95(ai_ttft_ms) +10%', 0, /^## ✅ 1 rule held$/m],
    ['broken', 'requests_per_sec -1%; p50(ai_latency_ms) +0%', 1, /^## ❌ 1 of 2 rules broken$/m],
    ['undecided', 'p95(ai_stall_ms) +10%', 3, /^## ⚠️ 1 of 1 rules undecided$/m],
  ])('agree with the title of markdown when a rule is %s', async (_, rule, exit, title) => {
    const slower = fileOf(madeRequests({ ...SHORT, seed: 2 }, { latencyMs: 2000, endMs: 2000 }));
    const inputs = [usual, exit === 0 ? usual : slower];
    const { code, printed } = await compare({ inputs, rules: [rule], format: 'markdown' });
    expect(code).toBe(exit);
    expect(printed).toMatch(title);
  });

  test('are 0 for what is undecided, where that is asked for, and 1 for what is broken all the same', async () => {
    const [one, slow] = [fileOf([madeRecord({})]), fileOf([madeRecord({ latencyMs: 9000 })])];
    const rules = ['p95(ai_latency_ms) +10%'];
    expect((await compare({ inputs: [one, slow], rules })).code).toBe(3);
    expect((await compare({ inputs: [one, slow], rules, allowUndecided: true })).code).toBe(0);
    const five = (outcome: 'ok' | 'server'): string =>
      fileOf(
        [1, 2, 3, 4, 5].map((at) =>
          madeRecord({ atMs: 1000 * at, outcome, latencyMs: outcome === 'ok' ? 100 : null }),
        ),
      );
    const broken = await compare({
      inputs: [five('ok'), five('server')],
      rules: ['error_rate +1pp'],
      allowUndecided: true,
    });
    expect(broken.code).toBe(1);
  });

  test.each([
    ['none', []],
    ['an empty text', ['']],
  ])('are 0 with %s for rules, and the comparison is printed', async (_, rules) => {
    const { code, printed } = await compare({ inputs: [usual, usual], rules, format: 'markdown' });
    expect(code).toBe(0);
    expect(printed).toMatch(/^## `run-\d+` against|^## /m);
    expect(printed).toContain('`p95(ai_latency_ms)`');
  });

  test.each([[[]], [[madeRecord({})]]])(
    'are 0 without a gate, for runs of few requests (%#)',
    async (records) => {
      const file = fileOf(records);
      for (const format of ['text', 'json', 'markdown'] as const)
        expect((await compare({ inputs: [file, file], format })).code).toBe(0);
    },
  );

  test.each<[string, Partial<CompareRequest>, RegExp]>([
    ['a rule without allowance', { rules: ['p95(ai_ttft_ms)'] }, /write --gate "p95\(ai_ttft_ms\) \+10%/],
    ['a rule of no measure', { rules: ['speed +1%'] }, /"speed" is no measure; expected p95\(METRIC\)/],
    ['a sign that is the wrong way round', { rules: ['goodput +1pp'] }, /is written -1pp/],
    ['an unknown part', { by: 'colour' }, /expected model, provider or kind; write --by provider/],
    ['parts of two runs', { by: 'model' }, /--by compares the parts of one run/],
    ['one run', { inputs: [usual] }, /write k6-llm compare results\/before results\/after/],
    ['what is not there', { inputs: [usual, path.join(root, 'nowhere')] }, /no such file or folder/],
  ])('are 2 for %s', async (_, request, message) => {
    const asked = compare({ inputs: [usual, usual], ...request });
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(message);
  });

  test('are 2 for runs that asked different questions, with the difference and --force named', async () => {
    const other = fileOf(madeRequests(SHORT), { seed: 7 });
    const asked = compare({ inputs: [usual, other] });
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(/seed: 42 against 7[^]*--force compares them all the same/);
    expect((await compare({ inputs: [usual, other], force: true })).code).toBe(0);
  });
});

describe('three runs', () => {
  const inputs = [1, 2, 3].map((seed) => fileOf(madeRequests({ ...SHORT, seed })));
  const rules = ['p50(ai_latency_ms) +50%'];

  test('are one matrix, in text, markdown and the page', async () => {
    const htmlFile = path.join(root, 'three.html');
    const text = await compare({ inputs, rules, htmlFile });
    expect(text.code).toBe(0);
    expect(text.printed.match(/^measure /gm)).toHaveLength(1);
    expect(text.printed.match(/ against /g)).toHaveLength(2);
    const { printed } = await compare({ inputs, rules, format: 'markdown' });
    expect(printed.match(/^\| measure /gm)).toHaveLength(1);
    expect(printed.match(/^## .* 1 rule held: /gm)).toHaveLength(2);
    expect(readFileSync(htmlFile, 'utf8')).toContain('All runs');
  });

  test('are pairs in JSON', async () => {
    const { printed } = await compare({ inputs, format: 'json' });
    expect(JSON.parse(printed)).toHaveLength(2);
  });
});

describe('a model with an evil name', () => {
  const EVIL = '<script>alert(1)</script>|b\n\u001bc`d`@me';
  // A rule's own text has no line end: what it names has none either.
  const EVIL_LINE = '<script>alert(1)</script>|b';
  const RULE = `p50(ai_latency_ms{model:${EVIL_LINE}}) +10%`;
  const records = [
    ...madeRequests(SHORT, { model: EVIL }),
    ...madeRequests({ ...SHORT, seed: 2, slowness: 2 }, { model: EVIL_LINE }),
  ];
  const inputs = [fileOf(records)];

  test('is itself in JSON, with no character that steers a terminal', async () => {
    const { printed } = await compare({ inputs, by: 'model', rules: [RULE], format: 'json' });
    const said: { first: string; second: string; rules: { rule: string }[] } = JSON.parse(printed);
    expect([said.first, said.second].toSorted()).toEqual(
      [EVIL.replace('\u001b', '\ufffd'), EVIL_LINE].toSorted(),
    );
    expect(said.rules[0]?.rule).toBe(RULE);
  });

  test('is one cell of a markdown table, and no HTML', async () => {
    const { printed } = await compare({ inputs, by: 'model', rules: [RULE], format: 'markdown' });
    const rows = printed.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row.replaceAll('\\|', '').match(/\|/g), row).toHaveLength(7);
    // Code spans show HTML as it is; outside of them there is none, and no one is told.
    expect(printed.replace(/`[^`\n]*`/g, '')).not.toMatch(/<script|@/i);
    expect(printed).toContain('alert(1)');
  });

  test('is one line of text', async () => {
    const { printed } = await compare({ inputs, by: 'model', rules: [RULE] });
    expect(printed).toMatch(/^(first|second) {2,3}<script>alert\(1\)<\/script>\|b \ufffdc`d`@me$/m);
  });

  test('is text in a page and in JUnit', async () => {
    const [htmlFile, junitFile] = ['diff.html', 'gate.xml'].map((name) => path.join(root, 'new', name));
    await compare({ inputs, by: 'model', rules: [RULE], htmlFile: htmlFile!, junitFile: junitFile! });
    const page = readFileSync(htmlFile!, 'utf8');
    // The page's own script, and no other.
    expect(page.match(/<script/gi)).toHaveLength(1);
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    const junit = await parseJunit(readFileSync(junitFile!, 'utf8'));
    expect(junit).toMatchObject({ tests: 1 });
    expect(JSON.stringify(junit)).toContain(JSON.stringify(RULE));
  });
});
