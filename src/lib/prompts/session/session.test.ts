import type { JsonRecord } from '../../parse/json.ts';
import { describe, expect, test } from 'vitest';
import { parseSessions, type SessionAnswers } from './parse-sessions.ts';
import { playSession, type PlayedTurn } from './session-play.ts';
import type { Session } from './session.ts';
import { storedFigures, storedSession, storeSessions } from './stored-session.ts';
import { turnLabel, turnLabels } from './turn-label.ts';

const lines = (...rows: unknown[]): string =>
  rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');

const parse = (text: string, answers: SessionAnswers = 'recorded') =>
  parseSessions(text, { fileName: 's.jsonl', setting: 'LLM_DATASET', answers });

const user = (content: string) => ({ role: 'user', content });
const said = (content: string) => ({ role: 'assistant', content });

type Played = { turns: (PlayedTurn & { messages: unknown[] })[]; ended: boolean };

/** Plays a session to its end; every answer takes 100 ms. */
function play(
  session: Session,
  {
    answers = 'recorded',
    texts = [],
    salt = null,
    timeScale = 1,
  }: {
    answers?: SessionAnswers;
    texts?: string[];
    salt?: string | null;
    timeScale?: number;
  } = {},
): Played {
  const playing = playSession(session, {
    answers,
    kind: 'chat',
    timeScale,
    salt,
    withTexts: (value: JsonRecord) => value,
  });
  const turns: Played['turns'] = [];
  let nowMs = 0;
  for (
    let turn = playing.next(0, null);
    turn !== null;
    turn = playing.next(nowMs, texts[turns.length - 1] ?? null)
  ) {
    const body = JSON.parse(`{${turn.encodedMessages}}`) as { messages: unknown[] };
    turns.push({ ...turn, messages: body.messages });
    nowMs = Math.max(nowMs, turn.notBeforeMs) + 100;
  }
  return { turns, ended: turns.at(-1)?.isLast ?? false };
}

const CALL = { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"q":"x"}' } };
const TOOLS = { tools: [{ type: 'function', function: { name: 'look' } }] };

/** Three turns, a call of a tool, and a branch off the second. */
const AGENT = lines(
  {
    session: 'a',
    turn: 'ask',
    messages: [{ role: 'system', content: 'S' }, user('Q')],
    fields: TOOLS,
    answer: { role: 'assistant', content: null, tool_calls: [CALL] },
  },
  {
    session: 'a',
    turn: 'result',
    delay_ms: 250,
    messages: [{ role: 'tool', tool_call_id: 'c1', content: 'R' }],
    answer: said('A2'),
    usage: { output_tokens: 9 },
  },
  { session: 'a', turn: 'thanks', delay_ms: 1000, messages: [user('Q3')], answer: said('A3') },
  {
    session: 'a',
    turn: 'other way',
    parent: 'ask',
    keep: 1,
    delay_ms: 0,
    messages: [user('Q2')],
    max_tokens: 7,
  },
);

describe('a session', () => {
  test('sends the messages that one works out by hand', () => {
    const { turns } = play(parse(AGENT).sessions[0]!);
    const ask = [{ role: 'system', content: 'S' }, user('Q')];
    const result = [
      ...ask,
      { role: 'assistant', content: null, tool_calls: [CALL] },
      { role: 'tool', tool_call_id: 'c1', content: 'R' },
    ];
    expect(turns.map(({ messages }) => messages)).toEqual([
      ask,
      result,
      [...result, said('A2'), user('Q3')],
      [{ role: 'system', content: 'S' }, user('Q2')],
    ]);
    expect(turns.map(({ depth }) => depth)).toEqual([1, 2, 3, 2]);
    expect(turns.map(({ fields }) => fields)).toEqual([TOOLS, TOOLS, TOOLS, TOOLS]);
    expect(turns.map(({ maxTokens, outputTokens }) => [maxTokens, outputTokens])).toEqual([
      [null, null],
      [null, 9],
      [null, null],
      [7, null],
    ]);
    expect(turns.map(({ isLast }) => isLast)).toEqual([false, false, false, true]);
  });

  test("waits from the end of its parent's answer", () => {
    const times = (timeScale: number) =>
      play(parse(AGENT).sessions[0]!, { timeScale }).turns.map(({ notBeforeMs }) => notBeforeMs);
    // Each answer takes 100 ms; the branch goes out at once, its parent having been answered long before.
    expect(times(1)).toEqual([0, 350, 1450, 100]);
    expect(times(0.1)).toEqual([0, 125, 325, 100]);
  });

  test('with measured answers repeats what was really said, and the recorded calls of tools', () => {
    const { turns } = play(parse(AGENT).sessions[0]!, { answers: 'measured', texts: ['M1', 'M2', 'M3'] });
    expect(turns[2]?.messages.slice(2)).toEqual([
      { role: 'assistant', content: 'M1', tool_calls: [CALL] },
      { role: 'tool', tool_call_id: 'c1', content: 'R' },
      said('M2'),
      user('Q3'),
    ]);
    expect(turns.map(({ needsText, endsWithoutText }) => [needsText, endsWithoutText])).toEqual([
      [true, false],
      [true, true],
      [false, false],
      [false, false],
    ]);
  });

  test('ends where there is nothing to go on from', () => {
    const { turns, ended } = play(parse(AGENT).sessions[0]!, { answers: 'measured', texts: ['', ' '] });
    expect(turns).toHaveLength(2);
    expect(ended).toBe(false);
  });

  test("in Anthropic's form has its system text apart", () => {
    const playing = playSession(parse(AGENT).sessions[0]!, {
      answers: 'recorded',
      kind: 'messages',
      timeScale: 1,
      salt: null,
      withTexts: (value) => value,
    });
    expect(playing.next(0, null)?.encodedMessages).toBe(
      '"system":"S","messages":[{"role":"user","content":"Q"}]',
    );
  });

  test('in items of Responses has only marked instructions apart, and a call that goes on as recorded', () => {
    const call = { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' };
    const result = { type: 'function_call_output', call_id: 'c1', output: 'a fern' };
    const text = { role: 'user', content: [{ type: 'input_text', text: 'Q' }] };
    const told = { type: 'instructions', role: 'system', content: 'S' };
    const { sessions, shaped } = parse(
      lines(
        { session: 'a', kind: 'responses', messages: [told, said('T'), text], answer: call },
        { session: 'a', kind: 'responses', messages: [result] },
        { session: 'a', kind: 'responses', parent: null, messages: [text] },
      ),
    );
    expect(shaped).toEqual({ kind: 'responses', line: 1 });
    for (const answers of ['recorded', 'measured'] as const) {
      const playing = playSession(sessions[0]!, {
        answers,
        kind: 'responses',
        timeScale: 1,
        salt: '[1]',
        withTexts: (value) => value,
      });
      const bodies = [null, 'x', 'y'].map(
        (answer) => JSON.parse(`{${playing.next(0, answer)?.encodedMessages ?? ''}}`) as unknown,
      );
      const opening = [said('T'), text];
      const salted = { role: 'user', content: [{ type: 'input_text', text: '[1]' }, ...text.content] };
      expect(bodies).toEqual([
        { instructions: '[1]\nS', input: opening },
        { instructions: '[1]\nS', input: [...opening, call, result] },
        { input: [salted] },
      ]);
    }
  });

  test('with a salt begins with it wherever it begins anew, and nowhere else', () => {
    const { turns } = play(parse(AGENT).sessions[0]!, { salt: '[1]' });
    expect(turns.map(({ messages }) => messages[0])).toEqual(
      Array.from({ length: 4 }, () => ({ role: 'system', content: '[1]\nS' })),
    );
    expect(JSON.stringify(turns.map(({ messages }) => messages)).split('[1]')).toHaveLength(5);
  });

  test('is the same once stored', () => {
    const { sessions } = parse(AGENT);
    const rows = storeSessions(sessions);
    expect(storedSession(rows, 0)).toEqual(sessions[0]);
    expect(storedSession(rows, 7)).toEqual(sessions[0]);
    expect(storedFigures(rows)).toMatchObject({
      count: 1,
      meanTurns: 4,
      mostTurns: 4,
      mostDepth: 3,
      meanPauseMs: 1250,
      meanOutputTokens: 9,
      meanMaxTokens: 7,
    });
    expect(storedFigures(['tHello'])).toBeNull();
  });
});

describe('a file of sessions', () => {
  test('may have a session a line, in the order of their starts', () => {
    const { sessions } = parse(
      lines(
        { session: 'late', at_ms: 500, turns: [{ messages: [user('B')] }] },
        {
          session: 'early',
          turns: [{ at_ms: 20, messages: [user('A')], answer: said('x') }, { messages: [user('C')] }],
        },
      ),
    );
    expect(sessions.map(({ id, startMs }) => [id, startMs])).toEqual([
      ['early', 20],
      ['late', 500],
    ]);
    expect(play(sessions[0]!).turns[1]?.messages).toEqual([user('A'), said('x'), user('C')]);
  });

  test('may have turns of several sessions mixed, and a parent behind its child', () => {
    const { sessions } = parse(
      lines(
        { session: 1, turn: 'b', parent: 'a', messages: [user('2')] },
        { session: 2, messages: [user('other')] },
        { session: 1, turn: 'a', parent: null, messages: [user('1')], answer: said('one') },
      ),
    );
    expect(play(sessions[0]!).turns.map(({ messages }) => messages)).toEqual([
      [user('1')],
      [user('1'), said('one'), user('2')],
    ]);
  });

  const first = { session: 'a', turn: '1', messages: [user('Q')], answer: said('A') };
  test.each<[string, unknown[], RegExp]>([
    [
      'a cycle',
      [
        first,
        { session: 'a', turn: '2', parent: '3', messages: [user('x')] },
        { session: 'a', turn: '3', parent: '2', messages: [user('x')] },
      ],
      /s\.jsonl, line 2: got "parent 3".*lines 2, 3 form a cycle/,
    ],
    ['a turn that is its own parent', [{ ...first, parent: '1' }], /line 1: got "parent 1".*cycle/],
    [
      'an unknown parent',
      [first, { session: 'a', turn: '2', parent: 'x', messages: [user('x')] }],
      /line 2: got "parent x"; expected a turn of session a: 1, 2/,
    ],
    [
      'a parent of another session',
      [first, { session: 'b', parent: '1', turn: 'x', messages: [user('x')] }],
      /line 2/,
    ],
    ['no JSON', [first, '{"session":'], /line 2: got "no JSON/],
    ['no session', [first, { messages: [user('x')] }], /line 2: got "nothing"; expected session/],
    ['no messages', [first, { session: 'a' }], /line 2: got "nothing"; expected messages: a list/],
    ['a message without a role', [{ session: 'a', messages: [{ content: 'x' }] }], /line 1.*a role/],
    ['nothing to send', [{ session: 'a', messages: [] }], /line 1: got "no message"/],
    ['a negative pause', [{ ...first, delay_ms: -1 }], /line 1: got "-1"; expected delay_ms/],
    [
      'a kind that has no sessions',
      [first, { ...first, turn: '2', kind: 'embeddings' }],
      /line 2: got "kind embeddings"; expected kind: chat, messages, responses/,
    ],
    ['a turn twice', [first, first], /line 2: got "turn 1 of session a a second time".*line 1/],
    [
      'more kept than there is',
      [first, { session: 'a', keep: 3, messages: [user('x')] }],
      /keep 3.*at most 2/,
    ],
    [
      'no answer to go on from',
      [
        { ...first, answer: null },
        { session: 'a', messages: [user('x')] },
      ],
      /line 2.*LLM_SESSION_ANSWERS=measured/,
    ],
  ])('%s: refused with its line and what would work', (_, rows, message) => {
    expect(() => parse(lines(...rows))).toThrow(message);
    expect(() => parse(lines(...rows))).toThrow(/write \{"session":"a"/);
  });

  test('no message of it stands in the refusal', () => {
    expect(() => parse('{"session":"a","messages":[{"content":"my secret"}]}')).not.toThrow(/secret/);
    expect(() => parse('{"session":"a","messages":"my secret"}')).not.toThrow(/secret/);
  });

  test('without recorded answers goes with measured ones', () => {
    const text = lines({ ...first, answer: null }, { session: 'a', messages: [user('x')] });
    expect(
      play(parse(text, 'measured').sessions[0]!, { answers: 'measured', texts: ['M'] }).turns,
    ).toHaveLength(2);
  });

  test('knows what goes beyond plain text, and whose form that is', () => {
    expect(parse(AGENT).shaped).toEqual({ kind: 'chat', line: 1 });
    expect(parse(lines(first)).shaped).toBeNull();
    const blocks = {
      session: 'a',
      kind: 'messages',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
    };
    expect(parse(lines(first, { ...blocks, turn: '2' })).shaped).toEqual({ kind: 'messages', line: 2 });
  });
});

test('the tag turn has few values', () => {
  expect([1, 10, 11, 20, 21, 50, 51, 100, 101, 5000].map(turnLabel)).toEqual([
    '1',
    '10',
    '11-20',
    '11-20',
    '21-50',
    '21-50',
    '51-100',
    '51-100',
    '101+',
    '101+',
  ]);
  expect(turnLabels(1)).toEqual(['1']);
  expect(turnLabels(12)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11-20']);
  expect(turnLabels(5000).at(-1)).toBe('101+');
});
