import { expect, test } from 'vitest';
import { createPictures } from './pictures.ts';
import { firstShown } from './first-shown.ts';
import { estimateShownTokens, parseImages } from './parse-images.ts';

test('the first request that shows pictures is found, whatever the first of all drew', () => {
  const found = ['uniform:0:1:64x32', 'uniform:0:3:64x32'].flatMap((text) =>
    Array.from({ length: 20 }, (_, seed) => {
      const pictures = createPictures(parseImages(text, 'LLM_IMAGES'), seed);
      const { index, pictures: shown } = firstShown((at) => ({ index: at, pictures: pictures(at, null) }));
      for (let before = 0; before < index; before++) expect(pictures(before, null)).toEqual([]);
      expect(shown.length).toBeGreaterThan(0);
      return index;
    }),
  );
  expect(found).toContain(0);
  expect(Math.max(...found)).toBeGreaterThan(0);
});

test('where none shows any, it is the first of all', () => {
  expect(firstShown((index) => ({ index, pictures: [] })).index).toBe(0);
});

test('tokens of pictures that are there are guessed by their own pixels', () => {
  const shown = createPictures(parseImages('2:600x500,1:1500x300', 'LLM_IMAGES'), 1)(0, null);
  expect(estimateShownTokens(shown) / (2 * 400 + 600)).toBeCloseTo(1, 1);
});
