import { expect, test } from 'vitest';
import { exhaustively } from '../../../../test/support/exhaustively.ts';
import { askedAnswer } from '../../../../test/support/asked-answer.ts';
import { oddBodies, PLAIN_BODIES, PLAIN_BODY, readInFull } from '../../../../test/support/plain-bodies.ts';
import { type AskedAnswer, createPlainReader } from './plain-answer.ts';
import { learnSpelling, valuesIn } from './spelling.ts';

const [CHOICE] = PLAIN_BODY.choices;

/** An answer of its own: everything that differs from one answer to the next. */
function bodyOf(place: number, content: string, counts: readonly number[] = [9, 3, 12]): string {
  const [prompt_tokens, completion_tokens, total_tokens] = counts;
  return JSON.stringify({
    ...PLAIN_BODY,
    id: `c${place}`,
    created: 1_764_000_000 + place,
    choices: [{ ...CHOICE, message: { role: 'assistant', content } }],
    usage: { prompt_tokens, completion_tokens, total_tokens },
  });
}

/** Counts the long questions: an answer that is spelled as one before is asked a short one. */
function counting(body: string, asked: { long: number }): AskedAnswer {
  const answer = askedAnswer(body);
  return {
    ...answer,
    json: (query) => {
      if (query.length > 100) asked.long++;
      return answer.json(query);
    },
  };
}

test('an answer spelled as one before has only its own parts read', () => {
  const read = createPlainReader();
  const asked = { long: 0 };
  for (let place = 0; place < 20; place++) {
    const body = bodyOf(place, `word ${'on '.repeat(place)}`, [place + 1, 2 * place + 1, 3 * place + 2]);
    expect(read(counting(body, asked))).toEqual(readInFull(body));
  }
  // Two before any is learnt, and the one that it is learnt from.
  expect(asked.long).toBe(3);
});

test('several spellings are known at a time', () => {
  const read = createPlainReader();
  const asked = { long: 0 };
  for (let place = 0; place < 60; place++) {
    const body = bodyOf(place, 'word').replace('"stop"', place % 2 === 0 ? '"stop"' : '"length"');
    expect(read(counting(body, asked))).toEqual(readInFull(body));
  }
  expect(asked.long).toBeLessThan(20);
});

test.each<[string, (body: string) => string]>([
  ['a call of a tool behind the text', (body) => body.replace('word"', 'word","tool_calls":[{"id":"x"}]')],
  [
    'an error among the counts',
    (body) => body.replace('"total_tokens":12', '"total_tokens":12,"error":"no"'),
  ],
  ['an error between its time and its model', (body) => body.replace(',"model"', ',"error":"no","model"')],
  ['a name of its own behind its id', (body) => body.replace('"c7"', '"c7","error":"no"')],
  ['a quote in its id', (body) => body.replace('"c7"', '"c7\\"x"')],
  ['a second text', (body) => body.replace('"content":"word"', '"content":"a","content":"word"')],
  ['text behind its end', (body) => `${body} x`],
  ['an end that is cut off', (body) => body.slice(0, -1)],
  ['a raw line end in its text', (body) => body.replace('word', 'wo\nrd')],
  ['a character that is escaped wrongly', (body) => body.replace('word', 'wo\\xrd')],
  ['half a character', (body) => body.replace('word', 'wo\\ud83drd')],
  ['no text', (body) => body.replace('word', '')],
  ['no output', (body) => body.replace('"completion_tokens":3', '"completion_tokens":0')],
  ['counts below nothing', (body) => body.replace('"prompt_tokens":9', '"prompt_tokens":-9')],
  ['a total of more than its parts', (body) => body.replace('"total_tokens":12', '"total_tokens":99')],
  ['another reason to finish', (body) => body.replace('"stop"', '"tool_calls"')],
  ['escapes', (body) => body.replace('word', '\\"wo\\nrd\\"')],
  ['no ASCII', (body) => body.replace('word', 'été 鳥 🐦')],
])('%s: the same as of an answer that is asked for all', (_, change) => {
  const body = change(bodyOf(7, 'word'));
  for (const wantsText of [true, false]) {
    const read = createPlainReader();
    for (let place = 0; place < 3; place++) read(askedAnswer(bodyOf(place, 'some word')));
    const withoutBody = createPlainReader()({ json: askedAnswer(body).json });
    const plain = read(askedAnswer(body), wantsText);
    expect(plain).toEqual(wantsText || plain?.text !== null ? withoutBody : { ...withoutBody, text: null });
  }
});

test('a text with escapes that nobody wants is not unpacked', () => {
  const read = createPlainReader();
  for (let place = 0; place < 3; place++) read(askedAnswer(bodyOf(place, 'one')));
  expect(read(askedAnswer(bodyOf(2, 'two\nlines')), false)?.text).toBeNull();
  expect(read(askedAnswer(bodyOf(3, 'two\nlines')), true)?.text).toBe('two\nlines');
});

test('answers of which hardly any is spelled as another are tried now and then', () => {
  const read = createPlainReader();
  for (let place = 0; place < 3; place++) read(askedAnswer(bodyOf(place, 'word')));
  let bodies = 0;
  for (let place = 0; place < 90; place++) {
    const answer = askedAnswer(bodyOf(place, 'say "word"'));
    read({
      json: answer.json,
      get body() {
        bodies++;
        return answer.body ?? null;
      },
    });
  }
  expect(bodies).toBe(10);
});

test('of a name that stands twice no spelling is learnt', () => {
  const body = bodyOf(1, 'word');
  expect(learnSpelling(body, readInFull(body))).not.toBeNull();
  expect(learnSpelling(body.replace('"role"', '"id":"x","role"'), readInFull(body))).toBeNull();
  expect(learnSpelling(body.replace('"completion_tokens"', '"output"'), readInFull(body))).toBeNull();
});

exhaustively('whatever fits a spelling is what the reader of all answers reads', () => {
  const bodies = [...PLAIN_BODIES, ...oddBodies()];
  let fitting = 0;
  for (const learntFrom of PLAIN_BODIES) {
    const spelling = learnSpelling(learntFrom, readInFull(learntFrom));
    if (spelling === null) continue;
    const read = createPlainReader();
    for (const body of bodies) {
      if (valuesIn(body, spelling) === null) continue;
      for (let time = 0; time < 3; time++) read(askedAnswer(learntFrom));
      const plain = read(askedAnswer(body));
      fitting++;
      if (plain !== null) expect(plain, body).toEqual(readInFull(body));
    }
  }
  expect(fitting).toBeGreaterThan(10);
});
