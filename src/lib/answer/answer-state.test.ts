import { describe, expect, test } from 'vitest';
import { AnswerState, SUMMARY_KEY } from './answer-state.ts';
import { BOUNDS, excessOf } from './bounds.ts';

/** A state, and what it told of output and text as it came. */
function watched(keepText = true) {
  const output: string[] = [];
  const texts: string[] = [];
  const state = new AnswerState({
    keepText,
    onOutput: (channel, key, choice) => output.push(`${channel} ${key} ${choice}`),
    onText: (channel, text) => texts.push(`${channel} ${text}`),
  });
  return { state, output, texts };
}
const CALL = { choice: 0, index: 0, id: 'a', name: 'f', arguments: '{}' };

describe('text', () => {
  test('is told as it comes, and the first choice’s is heard and kept', () => {
    const { state, output, texts } = watched();
    state.addText('reasoning', { choice: 0, key: 'reasoning', text: 'hm' });
    state.addText('answer', { choice: 1, key: 'content', text: 'other' });
    state.addText('answer', { choice: 0, key: 'content', text: 'One' });
    state.addText('answer', { choice: 0, key: 'content', text: ' two' });
    expect(output).toEqual([
      'reasoning reasoning 0',
      'answer content 1',
      'answer content 0',
      'answer content 0',
    ]);
    expect(texts).toEqual(['reasoning hm', 'answer One', 'answer  two']);
    expect([state.text('answer'), state.text('reasoning')]).toEqual(['One two', 'hm']);
    expect([state.hasOutput, state.marks]).toEqual([true, 0]);
  });

  test('is null where it is not kept, and empty where there is none', () => {
    const { state } = watched(false);
    state.addText('answer', { choice: 0, key: 'content', text: 'One' });
    expect(state.text('answer')).toBeNull();
    expect(watched().state.text('answer')).toBe('');
  });

  test('is kept up to a bound, over all choices and tool calls', () => {
    const most = 'x'.repeat(BOUNDS.keptChars);
    const { state } = watched();
    state.addText('answer', { choice: 0, key: 'content', text: most });
    expect(state.excess).toBeNull();
    state.addText('answer', { choice: 0, key: 'content', text: 'y' });
    expect(state.excess).toBe(excessOf('keptChars'));
    expect(state.text('answer')).toHaveLength(BOUNDS.keptChars);
    const calls = watched().state;
    calls.addToolCall({ ...CALL, name: '', arguments: most }, 'arguments');
    expect(calls.excess).toBeNull();
    calls.addToolCall({ ...CALL, name: 'f', arguments: '' }, 'arguments');
    expect(calls.excess).toBe(excessOf('keptChars'));
  });

  test('of more choices than there may be is not kept', () => {
    const { state } = watched();
    for (let choice = 0; choice <= BOUNDS.choices; choice++) state.keepText('answer', choice + 1, 'x');
    state.keepText('answer', 0, 'late');
    expect(state.text('answer')).toBe('x');
    state.keepText('answer', 1, 'y');
    expect(state.text('answer')).toBe('xy');
  });
});

describe('reasoning', () => {
  test('is whole as text, and not as a summary alone or a blob', () => {
    const seen = (fill: (state: AnswerState) => void) => {
      const { state } = watched();
      fill(state);
      return [state.hasReasoning, state.hasWholeReasoning, state.hasHiddenReasoning];
    };
    expect(seen(() => {})).toEqual([false, false, false]);
    expect(seen((state) => state.addText('answer', { choice: 0, key: 'content', text: 'x' }))).toEqual([
      false,
      false,
      false,
    ]);
    const piece = { choice: 0, text: 'x' };
    expect(seen((state) => state.addText('reasoning', { ...piece, key: 'reasoning' }))).toEqual([
      true,
      true,
      false,
    ]);
    expect(seen((state) => state.addText('reasoning', { ...piece, key: SUMMARY_KEY }))).toEqual([
      true,
      false,
      false,
    ]);
    expect(seen((state) => state.addHiddenReasoning())).toEqual([true, false, true]);
  });
});

describe('how an answer finishes', () => {
  const reasonOf = (...raws: unknown[]): string | null => {
    const { state } = watched();
    raws.forEach((raw, index) => state.finishChoice(index, raw));
    return state.finishReason;
  };

  test('by a failure of any choice, then by what nobody knows, then by the first', () => {
    expect(reasonOf()).toBeNull();
    expect(reasonOf('stop', 'length')).toBe('stop');
    expect(reasonOf('stop', 'whatever', 'content_filter')).toBe('content_filter');
    expect(reasonOf('stop', 'whatever', 'length')).toBe('whatever');
  });

  test('a failure is not taken back by what follows it, anything else is', () => {
    const { state } = watched();
    state.finishChoice(0, 'content_filter');
    state.finishChoice(0, 'stop');
    state.finishChoice(1, 'length');
    state.finishChoice(1, 'stop');
    expect([...state.choices.values()].map((finish) => finish?.reason)).toEqual(['content_filter', 'stop']);
  });

  test('once every choice seen has its reason, and none went on behind it', () => {
    const { state } = watched();
    expect([state.everyChoiceFinished, state.anyChoiceFinished]).toEqual([false, false]);
    state.seeChoice(0);
    state.seeChoice(1);
    state.finishChoice(0, null);
    expect(state.anyChoiceFinished).toBe(false);
    state.finishChoice(0, 'stop');
    expect([state.everyChoiceFinished, state.anyChoiceFinished]).toEqual([false, true]);
    state.finishChoice(1, 'stop');
    expect(state.everyChoiceFinished).toBe(true);
    state.addText('answer', { choice: 1, key: 'content', text: 'more' });
    expect([state.everyChoiceFinished, state.anyChoiceFinished]).toEqual([false, true]);
  });

  test('by the reason of the whole answer, where it has one of its own', () => {
    const { state } = watched();
    state.setReason(null);
    expect(state.finish).toBeNull();
    state.setReason('max_tokens');
    expect(state.finish).toEqual({ reason: 'max_tokens', kind: 'ended' });
  });
});

test('more choices or tool calls than there may be are none, and are told', () => {
  const { state, output } = watched();
  for (let index = 0; index < BOUNDS.choices; index++) expect(state.seeChoice(index)).toBe(true);
  expect([state.excess, state.seeChoice(5), state.seeChoice(BOUNDS.choices)]).toEqual([null, true, false]);
  expect([state.excess, state.choices.size]).toEqual([excessOf('choices'), BOUNDS.choices]);
  state.finishChoice(BOUNDS.choices, 'stop');
  expect(state.choices.size).toBe(BOUNDS.choices);
  const calls = watched();
  for (let index = 0; index < BOUNDS.toolCalls; index++) calls.state.addToolCall({ ...CALL, index }, 'f');
  expect([calls.state.excess, calls.output.length]).toEqual([null, BOUNDS.toolCalls]);
  expect(calls.output[0]).toBe('tool f 0');
  calls.state.addToolCall({ ...CALL, index: BOUNDS.toolCalls }, 'f');
  expect([calls.state.excess, calls.output.length]).toEqual([excessOf('toolCalls'), BOUNDS.toolCalls]);
  expect(output).toEqual([]);
});

test('the first model that has a name answered, until another takes over', () => {
  const { state } = watched();
  for (const name of ['', null, 5, 'first', 'second']) state.addModel(name);
  expect(state.model).toBe('first');
  for (const name of ['', null, 5]) state.replaceModel(name);
  expect(state.model).toBe('first');
  state.replaceModel('third');
  expect(state.model).toBe('third');
});

test('everything but plain text leaves a mark, as what follows may hang on it', () => {
  const { state } = watched();
  const marksOf = (act: () => void): number => {
    const before = state.marks;
    act();
    return state.marks - before;
  };
  const error = { code: 1, type: null, message: 'first' };
  expect(marksOf(() => state.addOutput('answer', 0))).toBe(1);
  expect(marksOf(() => state.addHiddenReasoning())).toBe(1);
  expect(marksOf(() => state.addUsage(null))).toBe(0);
  expect(marksOf(() => state.addUsage({ prompt_tokens: 1 }))).toBe(1);
  expect(marksOf(() => state.addToolCall(CALL, 'f'))).toBe(1);
  expect(marksOf(() => state.addReported({}))).toBe(0);
  expect(marksOf(() => state.addReported({ timings: { prompt_ms: 5 } }))).toBe(1);
  expect(marksOf(() => state.finishChoice(0, 'null'))).toBe(0);
  expect(marksOf(() => state.finishChoice(0, 'stop'))).toBe(1);
  expect(marksOf(() => state.setReason(''))).toBe(0);
  expect(marksOf(() => state.setReason('stop'))).toBe(1);
  expect(marksOf(() => state.stop())).toBe(1);
  expect(marksOf(() => state.addError(error))).toBe(1);
  expect(marksOf(() => state.addText('answer', { choice: 1, key: 'content', text: 'x' }))).toBe(0);
  // Behind a finish reason: this server's reasons end nothing. Said once.
  expect(marksOf(() => state.addText('answer', { choice: 0, key: 'content', text: 'x' }))).toBe(1);
  expect(marksOf(() => state.addText('answer', { choice: 0, key: 'content', text: 'x' }))).toBe(0);
  state.addError({ ...error, message: 'second' });
  expect([state.error?.message, state.stopped, state.reported]).toEqual(['first', true, { prompt: 5 }]);
});

test('usage is read with what was seen beside it, and the tier that the answer names', () => {
  const { state } = watched();
  state.addServiceTier('flex');
  state.addServiceTier(5);
  state.seeChoice(0);
  state.seeChoice(1);
  state.addUsage({ prompt_tokens: 9, completion_tokens: 8 });
  expect(state.readUsage(true, false).usage.outputTokens).toBeNull();
  state.countAllChoices();
  const reading = state.readUsage(true, false);
  expect(reading.usage.outputTokens).toBe(8);
  expect(reading.rates).toEqual([{ name: 'flex', tokens: null }]);
});
