import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseJunit } from 'junit2json';
import { encodeSample } from '../../src/lib/samples/sample.ts';
import { encodeHeader } from '../../src/lib/samples/sample-header.ts';
import { finishRun } from '../../src/tools/results/finish-run.ts';
import { madeHeader, madeRecord } from '../../src/tools/results/made-samples.ts';
import { openInput } from '../../src/tools/results/read/open-input.ts';
import { InputError } from '../../src/tools/results/read/run-data.ts';
import { type Attack, type AttackKind, held } from './attack.ts';

const GOOD = Array.from({ length: 20 }, (_, at) => encodeSample(madeRecord({ atMs: 1000 + at * 50 })));
const HEADER = encodeHeader(madeHeader());

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-llm-attack-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const NAMES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  '</style><script>',
  '&lt;b&gt;',
  'a&b<c>"d\'',
  'javascript:alert(1)',
  '{{7*7}}',
  '${7*7}',
  ']]>',
  '<!--',
  '-->',
  '<?xml version="1.0"?>',
  '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
  '&e;',
  'a|b',
  '| --- |',
  '`code`',
  '[x](http://evil.example)',
  '![x](http://evil.example/x.png)',
  '# title',
  '\\|',
  '=cmd|"/c calc"!A1',
  '+1+1',
  '-1+1',
  '@SUM(1)',
  '\t=1',
  'a,b',
  'a"b',
  'a;b',
  "a'b",
  '\u001b[31mred',
  '\u009b2J',
  '\u202egnp.exe',
  '\u2066x',
  'a\rb',
  'a\u0000b',
  '\ud800',
  'a\u2028b',
  '\ufeffx',
  'x'.repeat(100_000),
  '',
  ' ',
  'constructor',
  '__proto__',
  'toString',
  'model:x}',
  '{model:x}',
  '(others)',
];
// oxlint-disable-next-line no-control-regex
const OBEYED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** What a page runs or loads, counted. */
function tagsIn(html: string): string {
  const active =
    /<(script|img|iframe|object|embed|link|base|form)\b|<[a-z][^>]*\son\w+=|<[^>]*\s(href|src)="?javascript:/gi;
  return (html.match(active) ?? [])
    .map((tag) => tag.slice(0, 10))
    .toSorted()
    .join();
}

let plainTags: string | null = null;

/** The report of a model with an honest name: it runs and loads what any other does. */
function plainReport(): Promise<string> {
  return inFolder(async (folder) => {
    const change = { model: 'plain', provider: 'plain', testType: 'plain' };
    const samples = GOOD.map((_, at) => encodeSample(madeRecord({ ...change, atMs: 1000 + at * 50 })));
    writeFileSync(path.join(folder, 'samples.jsonl'), [HEADER, ...samples, ...GOOD, ''].join('\n'));
    await finishRun({ resultsDir: folder });
    return readFileSync(path.join(folder, 'report.html'), 'utf8');
  });
}

/** Names in samples that would be code, formulas or orders where they are shown. */
export function injectionAttacks(): AttackKind {
  const attacks = NAMES.map((name): Attack => ({
    name: `a model called ${JSON.stringify(name).slice(0, 40)}`,
    run: () =>
      inFolder(async (folder) => {
        const change = { model: name, provider: name, testType: name };
        const samples = GOOD.map((_, at) => encodeSample(madeRecord({ ...change, atMs: 1000 + at * 50 })));
        writeFileSync(path.join(folder, 'samples.jsonl'), [HEADER, ...samples, ...GOOD, ''].join('\n'));
        await finishRun({ resultsDir: folder });
        const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');
        const html = read('report.html');
        plainTags ??= tagsIn(await plainReport());
        if (tagsIn(html) !== plainTags) return 'code in report.html';
        await parseJunit(read('junit.xml'));
        if (/<!DOCTYPE|<!ENTITY/.test(read('junit.xml'))) return 'a DTD in junit.xml';
        const cells = (parseCsv(read('stats.csv'), { relax_column_count: true }) as string[][]).flat();
        const formula = cells.find((cell) => /^[=+@]|^-\D/.test(cell));
        if (formula !== undefined) return `a formula in stats.csv: ${formula}`;
        // Inside a code span nothing is read, and a backslash makes a bracket a bracket.
        if (/(^|[^\\])\]\(/.test(read('summary.md').replace(/`[^`]*`/g, ''))) return 'a link in summary.md';
        const files = readdirSync(folder).filter((file) => file !== 'samples.jsonl');
        const raw = files.find((file) => OBEYED.test(read(file).replaceAll('\r\n', '\n')));
        return raw === undefined ? null : `control characters in ${raw}`;
      }),
  }));
  return { kind: 'injections into HTML, markdown, JUnit, CSV and terminals', attacks };
}

type HostileFile = {
  name: string;
  file?: string;
  content: string | Buffer | ((file: string) => void);
  good?: number;
};

const cell = (at: number, text: string): string =>
  `[${(JSON.parse(GOOD[0] ?? '[]') as unknown[]).map((value, index) => (index === at ? text : JSON.stringify(value))).join(',')}]`;

const FILES: readonly HostileFile[] = [
  ...['1e400', '-1e400', '1e308', '1e13', '"1"', '[]', '{}', 'null'].flatMap((text) =>
    [1, 7, 14, 15, 17, 19, 21].map((at) => ({
      name: `${text} in cell ${at}`,
      content: [HEADER, ...GOOD, cell(at, text)].join('\n'),
      good: 20,
    })),
  ),
  ...['1e400', '1e308', '-1e400'].flatMap((text) => [
    {
      name: `a gauge at ${text}`,
      content: [HEADER, ...GOOD, `["llm-g1",${text},"vllm:x",1]`].join('\n'),
      good: 20,
    },
    {
      name: `a gauge of ${text}`,
      content: [HEADER, ...GOOD, `["llm-g1",1,"vllm:x",${text}]`].join('\n'),
      good: 20,
    },
    {
      name: `a header at ${text}`,
      content: [HEADER.replace(/"loadStartsAtMs":\d+/, `"loadStartsAtMs":${text}`), ...GOOD].join('\n'),
      good: 20,
    },
  ]),
  {
    name: 'a line of two megabytes',
    content: [HEADER, ...GOOD, `["llm-s2",${'1,'.repeat(1 << 20)}1]`].join('\n'),
    good: 20,
  },
  {
    name: 'a line nested deep',
    content: [HEADER, ...GOOD, `["llm-s2",${'['.repeat(50_000)}`].join('\n'),
    good: 20,
  },
  {
    name: 'bytes that are no text',
    content: Buffer.concat([
      Buffer.from([HEADER, ...GOOD, ''].join('\n')),
      Buffer.from([0xff, 0, 0xfe, 0x0a]),
    ]),
    good: 20,
  },
  {
    name: 'cut in the middle of a line',
    content: [HEADER, ...GOOD, (GOOD[0] ?? '').slice(0, 40)].join('\n'),
    good: 20,
  },
  { name: '200,000 models', content: (file) => writeManyModels(file, 200_000), good: 200_000 },
  {
    name: 'a gzip that breaks off',
    file: 'x.jsonl.gz',
    content: gzipSync([HEADER, ...GOOD].join('\n').repeat(200)).subarray(0, 400),
  },
  { name: 'a gzip that is none', file: 'x.jsonl.gz', content: 'no gzip' },
  { name: 'a gzip bomb', file: 'x.jsonl.gz', content: gzipSync(Buffer.alloc(300 << 20)) },
  { name: 'an empty file', content: '' },
  { name: 'a summary that is a list', file: 'summary.json', content: '[]' },
  { name: 'a summary cut off', file: 'summary.json', content: '{"schemaVersion":1,' },
  {
    name: 'a summary nested deep',
    file: 'summary.json',
    content: `{"schemaVersion":1,"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
  },
  { name: 'a summary of another version', file: 'summary.json', content: '{"schemaVersion":"\\u001b[31m"}' },
];

function writeManyModels(file: string, count: number): void {
  const fd = openSync(file, 'w');
  writeSync(fd, `${HEADER}\n`);
  for (let at = 0; at < count; at += 1000) {
    const lines = Array.from({ length: 1000 }, (_, index) =>
      encodeSample(madeRecord({ model: `m${at + index}` })),
    );
    writeSync(fd, `${lines.join('\n')}\n`);
  }
  closeSync(fd);
}

/** More than this for one file, bytes, is a file that eats the machine. */
const MAX_GROWTH_BYTES = 400 << 20;

/** Samples and summaries that nobody measured. Each is read, or refused in a sentence, in bounded memory. */
export function fileAttacks(): AttackKind {
  const attacks = FILES.map(({ name, file = 'samples.jsonl', content, good }): Attack => ({
    name,
    run: () =>
      inFolder(async (folder) => {
        const target = path.join(folder, file);
        if (typeof content === 'function') content(target);
        else writeFileSync(target, content);
        const beforeBytes = process.memoryUsage.rss();
        try {
          const [run] = await openInput(target);
          const grownBytes = process.memoryUsage.rss() - beforeBytes;
          if (grownBytes > MAX_GROWTH_BYTES) return `took ${Math.round(grownBytes / 1e6)} MB`;
          if (run === undefined) return 'no run and no reason';
          const { totals, models } = run.summary;
          if (Object.keys(models).length > 101) return `${Object.keys(models).length} models`;
          const finite = [totals.inputTokens, totals.outputTokens, totals.costUsd ?? 0].every((value) =>
            Number.isFinite(value),
          );
          // A cell may be unknown; a line is read or it is not.
          const isRight =
            good === undefined || (totals.requestsFinished >= good && totals.requestsFinished <= good + 1);
          return held(finite && isRight, totals);
        } catch (error) {
          return held(error instanceof InputError, String(error));
        }
      }),
  }));
  return { kind: 'samples and summaries that nobody measured', attacks, oneByOne: true };
}
