import { describe, expect, test } from 'vitest';
import { randomFor } from '../../../lib/numbers/random.ts';
import { checkFaultRules, drawFaults, parseFaultHeader, parseFaultRule } from './draw-faults.ts';
import { FAULT_NAMES, renderFaults } from './faults.ts';

describe('a rule', () => {
  test.each([
    ['server_500=0.1', { name: 'server_500', param: 0, ratio: 0.1, model: null }],
    ['stall=1', { name: 'stall', param: 2000, ratio: 1, model: null }],
    ['stall:300=.5', { name: 'stall', param: 300, ratio: 0.5, model: null }],
    ['reset=0.2@llama3:8b', { name: 'reset', param: -1, ratio: 0.2, model: 'llama3:8b' }],
  ])('%s', (text, rule) => expect(parseFaultRule(text)).toEqual(rule));

  test.each(['', 'server_500', 'nope=0.1', 'server_500=2', 'server_500=x', 'server_500=-1', 'toString=0.1'])(
    '"%s" is refused with what is right',
    (text) => expect(() => parseFaultRule(text)).toThrow(/^--fault: got .*expected .*write --fault/),
  );
});

const rules =
  (...texts: string[]) =>
  () =>
    checkFaultRules(texts.map(parseFaultRule));

test('the ratios of faults that exclude each other may add up to 1, for each model', () => {
  expect(rules('server_500=0.5', 'reset=0.5', 'crlf=1', 'no_usage=1')).not.toThrow();
  expect(rules('server_500=0.7@a', 'reset=0.7@b')).not.toThrow();
  expect(rules('server_500=0.5', 'reset=0.6')).toThrow(/add up to 1/);
  expect(rules('server_500=0.5', 'reset=0.6@a')).toThrow(/add up to 1/);
});

describe('the header', () => {
  test('holds several faults with numbers', () => {
    expect(parseFaultHeader('stall:50, crlf')).toEqual(
      new Map([
        ['stall', 50],
        ['crlf', 0],
      ]),
    );
  });

  test.each(['', 'nope', 'stall:', 'stall:x', 'crlf,,'])(
    '"%s" is answered with a line for people',
    (text) => {
      expect(parseFaultHeader(text)).toMatch(/^x-mock-fault: expected/);
    },
  );
});

test('each fault comes as often as its ratio says, whatever the others are', () => {
  const rules = ['server_500=0.2', 'reset=0.1', 'reset=0@x', 'crlf=0.5', 'html=0.3@other'].map(
    parseFaultRule,
  );
  const counts = new Map<string, number>();
  const rounds = 20_000;
  for (let round = 0; round < rounds; round += 1) {
    const faults = drawFaults(rules, 'm', randomFor(5, round));
    expect(faults.has('server_500') && faults.has('reset')).toBe(false);
    for (const name of faults.keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  expect(Math.abs((counts.get('server_500') ?? 0) / rounds - 0.2)).toBeLessThan(0.015);
  expect(Math.abs((counts.get('reset') ?? 0) / rounds - 0.1)).toBeLessThan(0.015);
  expect(Math.abs((counts.get('crlf') ?? 0) / rounds - 0.5)).toBeLessThan(0.015);
  expect(counts.has('html')).toBe(false);
});

test('the table for people names every fault', () => {
  const table = renderFaults();
  for (const name of FAULT_NAMES) expect(table).toContain(`  ${name} `);
});
