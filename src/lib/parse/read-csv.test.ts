import { parse as parseWithLibrary } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../numbers/random.ts';
import { readCsv } from './read-csv.ts';

function records(text: string): string[][] {
  const found: string[][] = [];
  readCsv(text, ',', ({ fields }) => found.push(fields));
  return found;
}

describe('readCsv', () => {
  test.each<[string, string[][]]>([
    [
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['"a\r\nb",c\r\n', [['a\r\nb', 'c']]],
    [
      'a,\n,b\n',
      [
        ['a', ''],
        ['', 'b'],
      ],
    ],
    ['"",""\n', [['', '']]],
    ['"say ""hi""","x"\n', [['say "hi"', 'x']]],
    ['5" disk,b\n', [['5" disk', 'b']]],
    ['\n\na\n\n', [['a']]],
    ['x,"a"\r\n', [['x', 'a']]],
  ])('%j', (text, expected) => {
    expect(records(text)).toEqual(expected);
  });

  test('lines are counted through quoted line breaks', () => {
    const lines: number[] = [];
    readCsv('h\n"a\nb\nc"\n\nd\n"e"\n', ',', ({ line }) => lines.push(line));
    expect(lines).toEqual([1, 2, 6, 7]);
  });

  test('agrees with csv-parse on random tables', () => {
    const random = createRandom('csv');
    const pieces = ['a', ',', '"', '\n', '\r\n', ' ', 'ü', ''];
    for (let round = 0; round < 300; round++) {
      const table = Array.from({ length: 1 + Math.floor(random.next() * 4) }, () =>
        Array.from({ length: 3 }, () =>
          Array.from(
            { length: Math.floor(random.next() * 5) },
            () => pieces[Math.floor(random.next() * pieces.length)] ?? '',
          ).join(''),
        ),
      );
      const text = table
        .map((row) => row.map((field) => `"${field.replace(/"/g, '""')}"`).join(','))
        .join('\n');
      expect(records(text)).toEqual(table);
      expect(records(text)).toEqual(parseWithLibrary(text));
    }
  });
});
