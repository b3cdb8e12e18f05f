import { describe, expect, test } from 'vitest';
import { AnswerState } from '../answer-state.ts';
import { addPieces, recordsIn } from './pieces.ts';

/** What a value comes to that stands in an answer's field `content`: whether it is output, and which. */
function read(value: unknown) {
  const output: string[] = [];
  const state = new AnswerState({
    keepText: true,
    onOutput: (channel, key) => output.push(`${channel} ${key}`),
  });
  const isOutput = addPieces(state, 'answer', { choice: 0, key: 'content', value });
  const { hasHiddenReasoning: isHidden } = state;
  return { isOutput, output, isHidden, answer: state.text('answer'), reasoning: state.text('reasoning') };
}

const NOTHING = { isOutput: false, output: [], isHidden: false, answer: '', reasoning: '' };

/** A value within so many lists, or objects. */
const within = (levels: number, wrap: (inner: unknown) => unknown): unknown =>
  levels === 0 ? 'Hi' : wrap(within(levels - 1, wrap));

describe('text in a field', () => {
  test.each<[string, unknown, string, string]>([
    ['a text', 'Hi', 'answer content', 'Hi'],
    ['a number', 42, 'answer content', '42'],
    ['a list of one text', ['', 'Hi'], 'answer content', 'Hi'],
    ['an object', { type: 'text', text: 'Hi' }, 'answer text', 'Hi'],
    ['an object whose type is no text', { type: ['thinking'], text: 'Hi' }, 'answer text', 'Hi'],
    ['a signed text', { text: 'Hi', signature: 's' }, 'answer text', 'Hi'],
    ['a signed part of a text', { content: { text: 'Hi' }, signature: 's' }, 'answer text', 'Hi'],
    ['a signed list of texts', { content: ['Hi'], signature: 's' }, 'answer content', 'Hi'],
    ['a text with an empty signature', { text: 'Hi', signature: '' }, 'answer text', 'Hi'],
  ])('%s is the answer', (_, value, output, answer) => {
    expect(read(value)).toEqual({ ...NOTHING, isOutput: true, output: [output], answer });
  });

  test.each<[string, unknown, string]>([
    ['thinking', { thinking: 'Hm' }, 'reasoning thinking'],
    ['a part that says so by its type', { type: 'thought', text: 'Hm' }, 'reasoning text'],
    ['a part that says so by a mark (Gemini)', { thought: true, text: 'Hm' }, 'reasoning text'],
    ['a summary', { summary: 'Hm' }, 'reasoning summary'],
    ['a part of a summary', { summary: [{ type: 'summary_text', text: 'Hm' }] }, 'reasoning summary'],
  ])('%s is reasoning', (_, value, output) => {
    expect(read(value)).toEqual({ ...NOTHING, isOutput: true, output: [output], reasoning: 'Hm' });
  });

  test.each<[string, unknown]>([
    ['an encrypted part', { type: 'reasoning.encrypted', data: 'x' }],
    ['redacted content', { redacted_content: 'x' }],
    ['encrypted content', { encrypted_content: 'x' }],
    ['a signature', { signature: 'x' }],
    ['a signature beside an empty text', { signature: 'x', text: '' }],
    ['a signature beside an empty list', { signature: 'x', content: [] }],
    ['the signature of a thought (Gemini)', { thought_signature: 'x' }],
  ])('%s is reasoning that nobody can read, and no output', (_, value) => {
    expect(read(value)).toEqual({ ...NOTHING, isHidden: true });
  });

  test.each<[string, unknown]>([
    ['an empty text', ''],
    ['a list of empty texts', ['']],
    ['an empty signature', { signature: '' }],
    ['a flag', true],
    ['data that is no media', { type: 'json', data: 'x' }],
    ['a picture without data', { type: 'image_url' }],
    ['a picture of nothing', { type: 'image', url: null, data: '' }],
    ['a picture that is named and not sent', { type: 'image_url', image_url: { url: '', detail: null } }],
  ])('%s is nothing', (_, value) => {
    expect(read(value)).toEqual(NOTHING);
  });

  test.each<[string, unknown]>([
    ['a picture', { type: 'image', url: 'x' }],
    ['a picture in an object', { type: 'image_url', image_url: { url: 'x', detail: null } }],
    ['sound', { type: 'output_audio', data: 'UklG' }],
  ])('%s is output without text', (_, value) => {
    expect(read(value)).toEqual({ ...NOTHING, isOutput: true, output: ['answer '] });
  });

  test('is read within seven lists or objects, and no deeper', () => {
    const inList = (inner: unknown): unknown => [inner];
    const inObject = (inner: unknown): unknown => ({ text: inner });
    for (const wrap of [inList, inObject]) {
      expect(read(within(7, wrap)).answer).toBe('Hi');
      expect(read(within(8, wrap))).toEqual(NOTHING);
    }
  });
});

test('objects stand in a list, alone or under their numbers, and what is none is passed over', () => {
  const call = { name: 'f' };
  expect(recordsIn([call, 'x', null], ['name'])).toEqual([call]);
  expect(recordsIn(call, ['name'])).toEqual([call]);
  expect(recordsIn({ 0: call, 1: 'x' }, ['name'])).toEqual([call]);
  expect(recordsIn('x', ['name'])).toEqual([]);
});
