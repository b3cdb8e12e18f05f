import { describe, expect, test } from 'vitest';
import { ConfigError } from '../parse/config-error.ts';
import { meetsSlo, parseSlo, type Slo, sloNames, visibleSlo } from './slo.ts';

const parse = (text: string): Slo => parseSlo(text, 'LLM_SLO');

describe('parseSlo', () => {
  test.each<[string, Slo]>([
    [
      'ttft:3000,latency:8000',
      [
        { figure: 'ttft', limitMs: 3000 },
        { figure: 'latency', limitMs: 8000 },
      ],
    ],
    [' TPOT : 12.5 ', [{ figure: 'tpot', limitMs: 12.5 }]],
    ['ttfo:.25', [{ figure: 'ttfo', limitMs: 0.25 }]],
    ['ttfo:1.', [{ figure: 'ttfo', limitMs: 1 }]],
    ['ttfo:1.25', [{ figure: 'ttfo', limitMs: 1.25 }]],
    ['latency:86400000', [{ figure: 'latency', limitMs: 86_400_000 }]],
  ])('%s', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  test.each([
    '',
    'ttft',
    'ttft:',
    'ttft:0',
    'ttft:-1',
    'ttft:3s',
    'ttft:NaN',
    'ttft:1e3',
    'ttft:Infinity',
    'ttft:1:2',
    'e2e:8000',
    'ttft:3000,',
    'ttft:1,ttft:2',
    'latency:999999999',
  ])('%j is refused, naming the setting', (text) => {
    expect(() => parse(text)).toThrow(ConfigError);
    expect(() => parse(text)).toThrow(/^LLM_SLO: got .* write LLM_SLO=ttft:3000,latency:8000$/);
  });
});

test.each([
  ['e2e:1', 'LLM_SLO: got "e2e:1"; expected FIGURE:MS with one of ttft, ttfo, tpot, latency; write'],
  ['ttft:1,ttft:2', 'LLM_SLO: got "ttft:1,ttft:2"; expected ttft at most once; write'],
  [
    'ttft:1,tpot:2s',
    'LLM_SLO: got "tpot:2s"; expected a limit for tpot in ms, above 0 and at most 86400000, without a unit; write',
  ],
])('%s is refused for what is wrong in it', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});

describe('visibleSlo', () => {
  const slo = parse('ttft:1,ttfo:2,tpot:3,latency:4');

  test('keeps all with event times, and latency alone without', () => {
    expect(sloNames(visibleSlo(slo, { eventTimes: true }))).toEqual([
      'ttft:1',
      'ttfo:2',
      'tpot:3',
      'latency:4',
    ]);
    expect(sloNames(visibleSlo(slo, { eventTimes: false }))).toEqual(['latency:4']);
  });
});

describe('meetsSlo', () => {
  const slo = parse('ttft:300,ttfo:400,tpot:20,latency:1000');
  const met = { ttftMs: 300, ttfoMs: 400, tpotMs: 20, latencyMs: 1000 };

  test('a limit itself is met', () => {
    expect(meetsSlo(slo, met)).toBe(true);
  });

  test.each(['ttftMs', 'ttfoMs', 'tpotMs', 'latencyMs'] as const)(
    'one %s over its limit is not',
    (figure) => {
      expect(meetsSlo(slo, { ...met, [figure]: met[figure] + 0.1 })).toBe(false);
    },
  );

  test('an undefined pace is met, any other unknown figure is not', () => {
    expect(meetsSlo(slo, { ...met, tpotMs: null })).toBe(true);
    expect(meetsSlo(slo, { ...met, ttftMs: null })).toBe(false);
    expect(meetsSlo(slo, { ...met, latencyMs: null })).toBe(false);
  });

  test('figures that no term names do not matter', () => {
    const unknown = { ttftMs: null, ttfoMs: null, tpotMs: null };
    expect(meetsSlo(parse('latency:1000'), { ...unknown, latencyMs: 1 })).toBe(true);
  });
});
