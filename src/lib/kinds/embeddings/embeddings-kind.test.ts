import { expect, test } from 'vitest';
import { AnswerState } from '../../answer/answer-state.ts';
import { EMBEDDINGS_KIND } from './embeddings-kind.ts';

test('a text, and a list of its tokens, is one input; a list of them is as many', () => {
  const inputs = ['a', ['a', 'b'], [1, 2, 3], [[1, 2], [3]], [], undefined, 5];
  const counted = inputs.map((input) => EMBEDDINGS_KIND.countItems({ input }));
  expect(counted).toEqual([1, 2, 1, 2, null, null, null]);
});

test('vectors are counted that hold something', () => {
  const count = (body: unknown): number => {
    const state = new AnswerState({ keepText: false, onOutput: () => {} });
    EMBEDDINGS_KIND.read(body, '', state);
    return state.items;
  };
  const held = [[0.1], 'zczM', '', [], null, [[0.1], [0.2]], [[0.1], []]];
  expect(held.map((embedding) => count({ data: [{ embedding }] }))).toEqual([1, 1, 0, 0, 0, 1, 0]);
});
