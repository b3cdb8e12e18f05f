import { describe, expect, test } from 'vitest';
import oddRows from '../../../../test/fixtures/datasets/sharegpt-odd-rows.json';
import { decodePrompt } from './encode-prompt.ts';
import { PLAIN } from '../prompt.ts';
import { parseDataset } from './dataset.ts';
import { ConfigError } from '../../parse/config-error.ts';

const parse = (text: string, fileName: string) => parseDataset(text, { fileName, setting: 'LLM_DATASET' });

function promptsOf(text: string, fileName: string): string[] {
  return parse(text, fileName).rows.map((row) =>
    decodePrompt(row)
      .messages.map(({ content }) => content)
      .join(' | '),
  );
}

describe('ShareGPT rows that break loaders', () => {
  const { rows, expected } = oddRows;
  const ids = rows.map(({ id }) => id);

  test.each([
    ['as a JSON array', JSON.stringify(rows), 'a.json', 0],
    ['as JSONL', rows.map((row) => JSON.stringify(row)).join('\n'), 'a.jsonl', 0],
    ['as JSONL named .json', rows.map((row) => JSON.stringify(row)).join('\r\n'), 'a.json', 0],
  ])('%s: the right prompts, and each other row skipped with a reason', (_, text, fileName) => {
    const dataset = parse(text, fileName);
    expect(promptsOf(text, fileName)).toEqual(expected.prompts);
    expect(dataset.skipped.count).toBe(expected.skipped.length);
    const skippedIds = dataset.skipped.examples.map(({ row }) => ids[row - 1]);
    expect(skippedIds).toEqual(expected.skipped.slice(0, 5));
    for (const { reason } of dataset.skipped.examples) expect(reason).not.toBe('');
    expect(decodePrompt(dataset.rows[1] ?? '').system).toBe('Be brief.');
  });

  test('no usable row stops the run', () => {
    const unusable = rows.filter(({ id }) => expected.skipped.includes(id));
    expect(() => parse(JSON.stringify(unusable), 'a.json')).toThrow(
      /LLM_DATASET.*a file with no usable row: 6 rows left out \(element 1: no prompt/,
    );
  });
});

describe('kinds of requests', () => {
  const prompts = (...rows: unknown[]) => {
    const text = rows.map((row) => JSON.stringify(row)).join('\n');
    const dataset = parseDataset(text, { fileName: 'rows.jsonl', setting: 'LLM_DATASET' });
    return { ...dataset, rows: dataset.rows.map(decodePrompt) };
  };

  test('a row may name its own, or a line of the batch format by its address', () => {
    const { rows, kinds } = prompts(
      { kind: 'embeddings', input: ['A', 'B'] },
      { url: '/v1/responses', body: { messages: [{ role: 'user', content: 'A' }] } },
      { kind: 'rerank', query: 'Q', documents: ['A', { text: 'B' }] },
      { prompt: 'A' },
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['embeddings', 'responses', 'rerank', null]);
    expect(rows[0]).toMatchObject({ followUps: ['B'] });
    expect(rows[2]).toMatchObject({ documents: ['A', 'B'] });
    expect(kinds).toEqual(['embeddings', 'responses', 'rerank']);
  });

  test('a column of that name that means something else is passed over; a slip is told', () => {
    const { rows, skipped } = prompts({ prompt: 'A', kind: 'qa' }, { prompt: 'B', kind: 'embedding' });
    expect(rows.map(({ kind }) => kind)).toEqual([null]);
    expect(JSON.stringify(skipped)).toMatch(/embedding.*no kind of request.*embeddings/);
  });
});

describe('formats', () => {
  test.each<[string, string, string, string[]]>([
    ['array of texts', '["Name a bird.", "Name a fish."]', 'a.json', ['Name a bird.', 'Name a fish.']],
    ['array inside an object', '{"data": [{"prompt": "A"}]}', 'a.json', ['A']],
    ['one row', '{"prompt": "A"}', 'a.json', ['A']],
    ['pretty array named .jsonl', '[\n {"prompt": "A"},\n {"prompt": "B"}\n]', 'a.jsonl', ['A', 'B']],
    [
      'JSONL with blank lines and a BOM',
      '\uFEFF{"prompt":"A"}\n\n  \n{"prompt":"B"}\n',
      'a.jsonl',
      ['A', 'B'],
    ],
    ['JSONL of texts, no extension', '"A"\n"B"\n', 'prompts', ['A', 'B']],
    ['JSONL, unknown extension', '{"text":"A"}\n{"question":"B"}', 'a.txt', ['A', 'B']],
    [
      'Alpaca',
      '[{"instruction":"Translate","input":"Hund","output":"dog"}]',
      'a.json',
      ['Translate\n\nHund'],
    ],
    ['batch API', '{"custom_id":"1","body":{"messages":[{"role":"user","content":"A"}]}}', 'a.jsonl', ['A']],
    [
      'text parts',
      '[{"messages":[{"role":"user","content":[{"type":"text","text":"A"}]}]}]',
      'a.json',
      ['A'],
    ],
    ['prompt as messages', '[{"prompt":[{"role":"user","content":"A"}]}]', 'a.json', ['A']],
    [
      'recorded request',
      '[{"messages":[{"role":"user","content":"A"},{"role":"assistant","content":"B"},{"role":"user","content":"C"}]}]',
      'a.json',
      ['A | B | C'],
    ],
    [
      'finished conversation',
      '[{"messages":[{"role":"user","content":"A"},{"role":"assistant","content":"B"}]}]',
      'a.json',
      ['A'],
    ],
    [
      'MT-Bench',
      '{"question_id":81,"category":"writing","turns":["A","B"],"reference":["C"]}',
      'a.jsonl',
      ['A'],
    ],
    ['MT-Bench, its prompts as a list', '[{"prompt_id":81,"prompt":["A","B"]}]', 'a.json', ['A']],
    ['turns as messages', '[{"turns":[{"role":"user","content":"A"}]}]', 'a.json', ['A']],
    [
      'a prompt a line',
      '\uFEFFDear all,\r\n\r\n  [INST] Hi [/INST]  \n42\n"B" is a letter',
      'a.txt',
      ['Dear all,', '[INST] Hi [/INST]', '42', '"B" is a letter'],
    ],
    [
      'a prompt a line, JSON-like at first',
      '[INST] Hi\n{"prompt":"A"}\n',
      'a.txt',
      ['[INST] Hi', '{"prompt":"A"}'],
    ],
    [
      'a prompt a line, CSV-like',
      'Question, or text with blanks\nB',
      'a.txt',
      ['Question, or text with blanks', 'B'],
    ],
    ['CSV in a .txt', 'id,prompt\n1,A\n', 'a.txt', ['A']],
    ['an array in a .txt', '[\n "A"]', 'a.txt', ['A']],
    ['null conversation beside a prompt', '[{"prompt":"A","conversations":null}]', 'a.json', ['A']],
    ['CSV', 'id,prompt\n1,A\n2,B\n', 'a.csv', ['A', 'B']],
    ['CSV, CRLF, BOM, no end of line', '\uFEFFPrompt,System\r\nA,s\r\nB,', 'a.csv', ['A', 'B']],
    [
      'CSV, quoted over lines',
      'prompt,system\n"A, ""one""\nline two",s\n\nB,s\n',
      'a.csv',
      ['A, "one"\nline two', 'B'],
    ],
    ['CSV, quoted header, no extension', '"id","prompt"\n"1","A"\n', 'prompts', ['A']],
    ['semicolons', 'id;prompt\n1;A, b\n', 'a.csv', ['A, b']],
    ['tabs', 'id\tprompt\n1\tA, b\n', 'a.tsv', ['A, b']],
    ['CSV with messages as JSON', 'messages\n"[{""role"":""user"",""content"":""A""}]"\n', 'a.csv', ['A']],
    ['CSV prompt that looks like JSON', 'prompt\n"[{""a"":1}]"\n', 'a.csv', ['[{"a":1}]']],
  ])('%s', (_, text, fileName, expected) => {
    expect(promptsOf(text, fileName)).toEqual(expected);
    expect(parse(text, fileName).skipped.count).toBe(0);
  });

  test('what a user says turn by turn is a conversation', () => {
    const rows = [
      { turns: ['A', 'B', 'C'], system: 'S' },
      { turns: ['A', ' '] },
      { turns: [] },
      { turns: ['A', 7] },
    ];
    const dataset = parse(JSON.stringify(rows), 'a.json');
    expect(dataset.rows.map(decodePrompt)).toEqual([
      { ...PLAIN, system: 'S', messages: [{ role: 'user', content: 'A' }], followUps: ['B', 'C'] },
    ]);
    expect(dataset.skipped.count).toBe(3);
  });

  test('system, max_tokens and later user turns are kept', () => {
    const text = JSON.stringify([
      { prompt: 'A', system: 'S', max_tokens: 50, answer: 'ignored' },
      {
        conversations: [
          { from: 'human', value: 'A' },
          { from: 'gpt', value: 'x' },
          { from: 'human', value: 'B' },
        ],
      },
    ]);
    expect(parse(text, 'a.json').rows.map(decodePrompt)).toEqual([
      { ...PLAIN, system: 'S', messages: [{ role: 'user', content: 'A' }], maxTokens: 50 },
      { ...PLAIN, messages: [{ role: 'user', content: 'A' }], followUps: ['B'] },
    ]);
    expect(decodePrompt(parse('prompt,max_tokens\nA, 50\nB,\n', 'a.csv').rows[0] ?? '').maxTokens).toBe(50);
  });
});

describe('rows left out', () => {
  test.each<[string, string, string, number, string]>([
    ['half-written last line', '{"prompt":"A"}\n{"prompt":"B', 'a.jsonl', 2, 'half-written'],
    ['a bad line between', '{"prompt":"A"}\noops\n{"prompt":"B"}\n', 'a.jsonl', 2, 'not JSON'],
    ['a number', '[1,"A"]', 'a.json', 1, 'neither text nor an object'],
    ['a list', '[["A"],"A"]', 'a.json', 1, 'neither text nor an object'],
    ['a blank prompt', '["A"," \\n "]', 'a.json', 2, 'the prompt is empty'],
    ['a prompt of the wrong type', '["A",{"prompt":7}]', 'a.json', 2, 'prompt is not text'],
    [
      'a message without a role',
      '["A",{"messages":[{"content":[{"type":"image_url"}]}]}]',
      'a.json',
      2,
      'no user turn',
    ],
    [
      'max_tokens of 0',
      '["A",{"prompt":"B","max_tokens":0}]',
      'a.json',
      2,
      'max_tokens is not a whole number',
    ],
    [
      'max_tokens as words',
      'prompt,max_tokens\nA,5\nB,many\n',
      'a.csv',
      3,
      'max_tokens is not a whole number',
    ],
    [
      'too many fields, after a field over lines',
      'prompt,system\n"A\nb",s\nB, and more, and more\n',
      'a.csv',
      4,
      '3 fields where the header has 2',
    ],
    ['a quote without end', 'prompt,system\nA,s\n"B,s\nC,s\n', 'a.csv', 3, 'never ends'],
    ['an empty CSV prompt', 'prompt,system\nA,s\n,s\n', 'a.csv', 3, 'no prompt'],
  ])('%s', (_, text, fileName, row, reason) => {
    const { skipped } = parse(text, fileName);
    expect(skipped.count).toBe(1);
    expect(skipped.examples[0]?.row).toBe(row);
    expect(skipped.examples[0]?.reason).toContain(reason);
  });

  test('all are counted, few are told', () => {
    const { skipped, rows } = parse(
      `${'oops\n'.repeat(1000)}{"prompt":"A"}\n`,
      'a.jsonl'.replace('jsonl', 'jsonl'),
    );
    expect([skipped.count, skipped.examples.length, rows.length]).toEqual([1000, 5, 1]);
  });
});

/** A file's bytes as they look when read as UTF-8. */
function decoded(bytes: readonly number[] | Buffer): string {
  return Buffer.from(bytes).toString('utf8');
}

describe('files that cannot be read', () => {
  test.each<[string, string, string, RegExp]>([
    ['empty', '', 'a.json', /an empty file/],
    ['blank', ' \n\n', 'a.csv', /nothing but blanks/],
    ['only a BOM', '\uFEFF', 'a.csv', /nothing but blanks/],
    ['binary', decoded([0x89, 0x50, 0x4e, 0x47, 0, 0, 1, 2]), 'a.json', /a binary file/],
    ['NUL late in the text', `["A",${'"B",'.repeat(50)}\u0000`, 'a.json', /NUL character/],
    ['UTF-16 LE', decoded(Buffer.from('\uFEFF["A"]', 'utf16le')), 'a.json', /UTF-16/],
    ['UTF-16 LE, no BOM', decoded(Buffer.from('["A"]', 'utf16le')), 'a.json', /UTF-16/],
    ['UTF-16 BE', decoded([0xfe, 0xff, 0, 0x5b, 0, 0x5d]), 'a.json', /UTF-16/],
    ['gzip', decoded([0x1f, 0x8b, 8, 0, 0, 0]), 'a.jsonl.gz', /gzip/],
    ['zip', decoded([0x50, 0x4b, 3, 4, 0x14]), 'a.zip', /ZIP/],
    ['Parquet', 'PAR1\u0015', 'a.parquet', /Parquet/],
    ['half-written JSON', '[{"prompt":"A"},\n {"prompt":"B', 'a.json', /half-written/],
    ['JSON number', '42', 'a.json', /neither/],
    ['JSON null', 'null', 'a.json', /neither/],
    ['JSON object without rows', '{"version": 1}', 'a.json', /neither a list of rows nor a row/],
    ['empty list', '[]', 'a.json', /without rows/],
    ['CSV with a header alone', 'prompt,system\n', 'a.csv', /without rows/],
    ['CSV without a prompt column', 'id,answer\n1,A\n', 'a.csv', /prompt column.*id, answer/],
    ['CSV with a column twice', 'prompt,prompt\nA,B\n', 'a.csv', /column prompt twice/],
    ['prose', 'Dear all,\nplease find attached\n', 'notes', /a \.txt.*neither JSON nor CSV/],
    ['half-written JSON in a .txt', '{"prompt":"A', 'a.txt', /half-written/],
    ['HTML', '<!doctype html><html></html>', 'a.json', /neither JSON nor CSV/],
    ['nothing usable', '{"a":1}\n{"b":2}\n', 'a.jsonl', /no usable row: 2 rows left out \(line 1: /],
  ])('%s', (_, text, fileName, message) => {
    expect(() => parse(text, fileName)).toThrow(ConfigError);
    expect(() => parse(text, fileName)).toThrow(message);
    expect(() => parse(text, fileName)).toThrow(/^LLM_DATASET: got/);
  });

  test.each(['{"prompt":"Zähle bis drei, 🙂"}\n'.repeat(3), 'prompt,system\n"Zähle, ""drei""\n🙂",s\nB,s\n'])(
    'cut anywhere, %j never throws anything but a ConfigError',
    (text) => {
      for (let end = 0; end <= text.length; end++) {
        for (const fileName of ['a.json', 'a.jsonl', 'a.csv', 'a']) {
          try {
            for (const row of parse(text.slice(0, end), fileName).rows) decodePrompt(row);
          } catch (error) {
            expect(error).toBeInstanceOf(ConfigError);
          }
        }
      }
    },
  );
});
