import { describe, expect, test } from 'vitest';
import { createSizedTexts, shapeOf, type TextPart, withTexts, writeShape } from './sized-text.ts';

const part = (id: number, chars: number, tokens: number, usedChars = chars): TextPart => ({
  id,
  chars,
  tokens,
  usedChars,
});

describe('a text of which only the length was kept', () => {
  const textOf = createSizedTexts(42);

  test.each([
    [1, 1],
    [7, 2],
    [80, 20],
    [500, 125],
    [4000, 1000],
    [4000, 800],
    [3000, 1400],
    [40_000, 4500],
  ])('has its %i characters, and %i words, which are tokens', (chars, tokens) => {
    const text = textOf([part(3, chars, tokens)]);
    expect(text).toHaveLength(chars);
    const words = text.split(' ').filter((word) => word !== '').length;
    expect(Math.abs(words - tokens)).toBeLessThanOrEqual(Math.max(3, tokens * 0.03));
  });

  test('keeps to the tokens where no words are so short', () => {
    const words = textOf([part(1, 1100, 1000)]).split(' ').length;
    expect(words).toBeGreaterThan(970);
    expect(words).toBeLessThan(1030);
  });

  test('is the same for the same number, whoever asks, and begins alike however much of it is used', () => {
    const whole = textOf([part(9, 900, 200)]);
    expect(createSizedTexts(42)([part(9, 900, 200)])).toBe(whole);
    for (const used of [0, 1, 13, 64, 500, 899]) {
      expect(textOf([part(9, 900, 200, used)])).toBe(whole.slice(0, used));
    }
  });

  test('differs from its beginning on for other numbers and seeds', () => {
    const heads = [1, 2, 3, 4].map((id) => textOf([part(id, 400, 100)]).slice(0, 40));
    expect(new Set([...heads, createSizedTexts(7)([part(1, 400, 100)]).slice(0, 40)]).size).toBe(5);
  });

  test('of several parts begins as every other with those parts', () => {
    const long = textOf([part(1, 300, 70), part(2, 200, 50)]);
    expect(textOf([part(1, 300, 70, 120), part(5, 50, 12)]).slice(0, 120)).toBe(long.slice(0, 120));
  });
});

describe('in a message', () => {
  const fill = (value: unknown) => withTexts(value, (parts) => 'x'.repeat(parts[0]?.usedChars ?? 0));

  test('shapes become texts, JSON and objects of their length, and the rest stays', () => {
    const filled = fill({
      role: 'assistant',
      content: writeShape('$text', [part(0, 5, 1)]),
      tool_calls: [{ id: 'c', function: { name: 'f', arguments: writeShape('$json', [part(1, 20, 5)]) } }],
      input: writeShape('$object', [part(1, 20, 5)]),
      n: [1, null, true],
    });
    expect(filled).toEqual({
      role: 'assistant',
      content: 'xxxxx',
      tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{"text":"xxxxxxxxx"}' } }],
      input: { text: 'xxxxxxxxx' },
      n: [1, null, true],
    });
  });

  test('are read back as they were written', () => {
    const parts = [part(0, 100, 20, 64), part(4, 10, 3)];
    expect(shapeOf(writeShape('$text', parts))).toEqual(parts);
  });

  test.each([
    [{ $text: 'x' }],
    [{ $text: [[1, 2]] }],
    [{ $text: [[-1, 2, 3]] }],
    [{ $text: [[0, 1e12, 3]] }],
    ['x'],
    [null],
  ])('%j is none', (value) => {
    expect(shapeOf(value)).toBeNull();
    expect(fill(value)).toEqual(value);
  });
});
