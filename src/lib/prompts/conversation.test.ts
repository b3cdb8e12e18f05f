import { describe, expect, test } from 'vitest';
import { continueConversation, type Opening, startConversation } from './conversation.ts';
import { promptOf } from './prompt.ts';
import { CONTINUATIONS } from './built-in-picker.ts';

const opening: Opening = {
  prompt: { ...promptOf('Name a bird.'), followUps: ['And a fish?'] },
  systemPrompt: 'Be brief.',
  sharedPrefix: null,
  turns: 3,
  seed: 42,
  conversationIndex: 0,
};

const shown = (conversation: ReturnType<typeof continueConversation>) =>
  conversation?.messages.map(({ role, content }) => `${role}: ${content}`);

function says(seed: number, conversationIndex: number): string {
  return startConversation({ ...opening, turns: 10, seed, conversationIndex }).pending.join('|');
}

describe('conversations', () => {
  test('three turns carry the history and the answers received', () => {
    const first = startConversation(opening);
    expect(shown(first)).toEqual(['system: Be brief.', 'user: Name a bird.']);
    const second = continueConversation(first, 'Wren.');
    expect(shown(second)).toEqual([
      'system: Be brief.',
      'user: Name a bird.',
      'assistant: Wren.',
      'user: And a fish?',
    ]);
    const third = second === null ? null : continueConversation(second, 'Cod.');
    expect(shown(third)?.slice(0, 5)).toEqual([...(shown(second) ?? []), 'assistant: Cod.']);
    expect(CONTINUATIONS).toContain(third?.messages[5]?.content);
    expect([first.turn, second?.turn, third?.turn]).toEqual([1, 2, 3]);
    expect(third === null ? null : continueConversation(third, 'End.')).toBeNull();
    expect(first.messages).toHaveLength(2);
  });

  test('one turn is over after its answer; more follow-ups than turns are not said', () => {
    expect(continueConversation(startConversation({ ...opening, turns: 1 }), 'Wren.')).toBeNull();
  });

  test('an answer without text ends it', () => {
    expect(continueConversation(startConversation(opening), ' \n')).toBeNull();
  });

  test("a prompt's own system message wins; none is none", () => {
    const own = { ...opening, prompt: { ...opening.prompt, system: 'Be rude.' } };
    expect(shown(startConversation(own))?.[0]).toBe('system: Be rude.');
    expect(shown(startConversation({ ...opening, systemPrompt: null }))).toEqual(['user: Name a bird.']);
  });

  test('a recorded request keeps its history', () => {
    const prompt = {
      ...promptOf('x'),
      messages: [
        { role: 'user', content: 'A' },
        { role: 'assistant', content: 'B' },
        { role: 'user', content: 'C' },
      ] as const,
    };
    expect(shown(startConversation({ ...opening, prompt }))).toEqual([
      'system: Be brief.',
      'user: A',
      'assistant: B',
      'user: C',
    ]);
  });

  test('the shared prefix follows the system message, or opens the first user turn', () => {
    const withPrefix = { ...opening, sharedPrefix: 'one two' };
    expect(shown(startConversation(withPrefix))).toEqual([
      'system: Be brief.\n\none two',
      'user: Name a bird.',
    ]);
    expect(shown(startConversation({ ...withPrefix, systemPrompt: null }))).toEqual([
      'user: one two\n\nName a bird.',
    ]);
  });

  test('what the user adds depends on seed, conversation and turn', () => {
    expect(says(42, 0)).toBe(says(42, 0));
    expect(says(42, 0)).not.toBe(says(42, 1));
    expect(says(42, 0)).not.toBe(says(43, 0));
  });
});
