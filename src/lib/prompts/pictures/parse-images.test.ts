import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../parse/config-error.ts';
import { estimatePictureTokens, parseImages } from './parse-images.ts';

const once = { kind: 'constant', value: 1 };

describe('LLM_IMAGES', () => {
  test.each([
    ['', []],
    ['0', []],
    ['none', []],
    ['1:512x512', [{ count: once, width: 512, height: 512 }]],
    [' 640X480 ', [{ count: once, width: 640, height: 480 }]],
    ['uniform:0:2:64x32', [{ count: { kind: 'uniform', min: 0, max: 2 }, width: 64, height: 32 }]],
    [
      '2:512x512, 1:1024x768',
      [
        { count: { kind: 'constant', value: 2 }, width: 512, height: 512 },
        { count: once, width: 1024, height: 768 },
      ],
    ],
  ])('%j', (text, expected) => {
    expect(parseImages(text, 'LLM_IMAGES')).toEqual(expected);
  });

  test.each([
    ['1', /COUNT:WIDTHxHEIGHT.*write LLM_IMAGES=1:512x512/],
    ['512', /COUNT:WIDTHxHEIGHT/],
    ['1:512', /COUNT:WIDTHxHEIGHT/],
    ['x', /COUNT:WIDTHxHEIGHT/],
    ['1:512x512,', /COUNT:WIDTHxHEIGHT/],
    ['1:0x512', /sides of 1 to 8192/],
    ['1:9000x10', /sides of 1 to 8192/],
    ['101:10x10', /at most 100 pictures/],
    ['uniform:1:200:10x10', /at most 100 pictures/],
    ['many:10x10', /uniform:MIN:MAX/],
    ['-1:10x10', /got "-1:10x10".*uniform:MIN:MAX.*write LLM_IMAGES=1:512x512/],
  ])('%j is refused', (text, message) => {
    expect(() => parseImages(text, 'LLM_IMAGES')).toThrow(ConfigError);
    expect(() => parseImages(text, 'LLM_IMAGES')).toThrow(message);
  });

  test('tokens are guessed by pixels', () => {
    expect(estimatePictureTokens(parseImages('uniform:1:3:750x100,300x200', 'LLM_IMAGES'))).toBe(
      2 * 100 + 80,
    );
    expect(estimatePictureTokens([])).toBe(0);
  });
});
