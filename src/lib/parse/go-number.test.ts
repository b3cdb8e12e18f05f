import { describe, expect, test } from 'vitest';
import { parseAmount, parseGoNumber } from './go-number.ts';

describe('parseGoNumber', () => {
  test.each([
    ['5', 5],
    ['-5.', -5],
    ['+.5', 0.5],
    ['1_000.2_5e+1_0', 1000.25e10],
    ['1e-400', 0],
    ['Inf', Infinity],
    ['+infinity', Infinity],
    ['-INF', -Infinity],
    ['nan', NaN],
  ])('%s is %d', (text, value) => {
    expect(parseGoNumber(text)).toBe(value);
  });

  test.each([
    '',
    ' 5',
    '5 ',
    '.',
    '+',
    '5_',
    '_5',
    '1._5',
    '1__0',
    'e5',
    '1e',
    '0x10',
    '1e400',
    '-nan',
    'five',
  ])('"%s" is no number', (text) => {
    expect(parseGoNumber(text)).toBeNull();
  });
});

describe('parseAmount', () => {
  test.each([
    ['10%', { value: 10, unit: '%' }],
    [' 50 ms ', { value: 50, unit: 'ms' }],
    ['5m', { value: 5, unit: 'm' }],
    ['1PP', { value: 1, unit: 'pp' }],
    ['2', { value: 2, unit: '' }],
    ['2 USD', { value: 2, unit: 'usd' }],
  ])('%s', (text, amount) => {
    expect(parseAmount(text)).toEqual(amount);
  });

  test.each(['', '%', '10 apples', 'inf%', 'nan', '1 %%'])('"%s" is none', (text) => {
    expect(parseAmount(text)).toBeNull();
  });
});
