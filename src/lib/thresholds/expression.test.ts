import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isRecord } from '../parse/json.ts';
import { isMet, parseExpression } from './expression.ts';
import { REFUSED_BY_K6, TAKEN_BY_K6 } from './made-expressions.ts';

const SCHEMA: unknown = JSON.parse(
  readFileSync(new URL('../../../thresholds/schema.json', import.meta.url), 'utf8'),
);

/** The pattern of an expression in the schema that editors check profiles by. */
function schemaPattern(): RegExp {
  const definitions = isRecord(SCHEMA) ? SCHEMA['definitions'] : null;
  const expression = isRecord(definitions) ? definitions['expression'] : null;
  const pattern = isRecord(expression) ? expression['pattern'] : null;
  if (typeof pattern !== 'string')
    throw new Error('thresholds/schema.json has no definitions.expression.pattern');
  return new RegExp(pattern, 'u');
}

describe('parseExpression', () => {
  test.each(TAKEN_BY_K6)('takes %j, as k6 does', (text, expression) => {
    expect(parseExpression(text)).toEqual(expression);
  });

  test.each(REFUSED_BY_K6)('refuses %j, as k6 does', (text) => {
    expect(parseExpression(text)).toBeNull();
  });

  test("the schema's pattern takes the same, finite limits only", () => {
    const pattern = schemaPattern();
    for (const [text, { limit }] of TAKEN_BY_K6)
      expect(pattern.test(text), text).toBe(Number.isFinite(limit));
    for (const text of REFUSED_BY_K6) expect(pattern.test(text), text).toBe(false);
  });
});

describe('isMet', () => {
  test.each<[string, number, boolean]>([
    ['p(95)<5000', 4999, true],
    ['p(95)<5000', 5000, false],
    ['p(99.9) <= 10', 10, true],
    ['p(99.9) <= 10', 10.1, false],
    ['rate<0.05', 0.05, false],
    ['count>0', 1, true],
    ['count>0', 0, false],
    ['avg>=2', 1.9, false],
    ['avg>=2', 2, true],
    ['avg>=2', 3, true],
    ['value==3', 3, true],
    ['value===3', 4, false],
    ['max!=3', 3, false],
    ['max!=3', 4, true],
    ['max<inf', 4, true],
    ['max<NaN', 4, false],
  ])('%s of %d', (text, value, expected) => {
    const expression = parseExpression(text);
    expect(expression === null ? null : isMet(expression, value)).toBe(expected);
  });
});
