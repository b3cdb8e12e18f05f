import { describe, expect, test } from 'vitest';
import { buildModels, parseModel } from './models.ts';

describe('a model', () => {
  test.each([
    ['m:ttft=100', { name: 'm', ttft: '100' }],
    ['llama3:8b:tpot=normal:20:5,tokens=64', { name: 'llama3:8b', tpot: 'normal:20:5', tokens: '64' }],
    ['a/b: ttft=1 , tpot=2', null],
  ])('%s', (text, model) => {
    if (model === null) expect(() => parseModel(text)).toThrow(/^--model/);
    else expect(parseModel(text)).toEqual(model);
  });

  test.each(['m', 'm:', ':ttft=1', 'm:ttfx=1', 'm:ttft=1,x=2', ''])('"%s" is refused', (text) => {
    expect(() => parseModel(text)).toThrow(/^--model: got .*expected .*write --model/);
  });
});

describe('the timing of a model', () => {
  test('is its own, then that of all, then the default', () => {
    const models = buildModels({ all: { ttft: '7' }, own: [{ name: 'm', tpot: '3' }], strict: false });
    expect(models.timingOf('m')).toEqual({
      ttftMs: { kind: 'constant', value: 7 },
      tpotMs: { kind: 'constant', value: 3 },
      outputTokens: { kind: 'constant', value: 64 },
    });
    expect(models.timingOf('gpt-4.1')?.ttftMs).toEqual({ kind: 'constant', value: 7 });
    expect(models.timingOf('gpt-4.1')?.tpotMs).toEqual({ kind: 'constant', value: 4 });
    expect(models.timingOf('anything')?.tpotMs).toEqual({ kind: 'constant', value: 20 });
    expect(models.names).toContain('m');
  });

  test('is none for an unknown name when strict', () => {
    const models = buildModels({ all: {}, own: [], strict: true });
    expect(models.timingOf('anything')).toBeNull();
    expect(models.timingOf('gemini-2.5-flash')).not.toBeNull();
  });

  test('that cannot be read names the flag', () => {
    const own = [{ name: 'm', ttft: 'x' }];
    expect(() => buildModels({ all: {}, own, strict: false })).toThrow(/^--model m:ttft/);
    expect(() => buildModels({ all: { tokens: 'x' }, own: [], strict: false })).toThrow(/^--output-tokens/);
  });
});
