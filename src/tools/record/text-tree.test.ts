import { describe, expect, test } from 'vitest';
import { TextTree } from './text-tree.ts';

/** Texts as the tree numbers them: `id:usedChars`. */
function numbersOf(texts: readonly string[]): string[][] {
  const tree = new TextTree();
  return texts.map((text) =>
    tree.partsOf(text, (stretch) => stretch.length).map(({ id, usedChars }) => `${id}:${usedChars}`),
  );
}

describe('the tree of texts', () => {
  test('gives texts that begin alike the same numbers, to the character', () => {
    expect(numbersOf(['abcdef', 'abcxy', 'abcdef', 'abcxyz', 'abcd', 'q', ''])).toEqual([
      ['0:6'],
      ['0:3', '1:2'],
      ['0:6'],
      ['0:3', '1:2', '2:1'],
      ['0:4'],
      ['3:1'],
      [],
    ]);
  });

  test('a stretch keeps its own length, however much of it is used', () => {
    const tree = new TextTree();
    const tokensOf = (stretch: string): number => stretch.length * 10;
    tree.partsOf('abcdef', tokensOf);
    expect(tree.partsOf('abZ', tokensOf)).toEqual([
      { id: 0, chars: 6, tokens: 60, usedChars: 2 },
      { id: 1, chars: 1, tokens: 10, usedChars: 1 },
    ]);
  });

  test('what two texts share is what their numbers share, for many texts', () => {
    const tree = new TextTree();
    const texts = Array.from({ length: 300 }, (_, index) => {
      const bits = (index * 2_654_435_761) >>> 0;
      return bits
        .toString(4)
        .padStart(16, '0')
        .slice(0, 4 + (index % 13));
    });
    const expanded = texts.map((text) =>
      tree
        .partsOf(text, () => 1)
        .flatMap(({ id, usedChars }) => Array.from({ length: usedChars }, (_, at) => `${id}.${at}`)),
    );
    const differ: string[] = [];
    for (const [a, one] of texts.entries()) {
      for (const [b, other] of texts.entries()) {
        const shared = [...one].findIndex((char, at) => char !== other[at]);
        const same = expanded[a]!.findIndex((place, at) => place !== expanded[b]![at]);
        if (same !== shared) differ.push(`${one} ${other}`);
      }
    }
    expect(differ).toEqual([]);
  });
});
