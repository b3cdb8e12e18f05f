import { AnswerState } from '../../src/lib/answer/answer-state.ts';
import { readWireBody } from '../../src/lib/answer/wire/wire-body.ts';

/**
 * What bodies, or events, come to that are read one after the other: `output` as it came, each piece as `channel key choice`,
 * the texts of the first choice, the calls, and the marks of whatever was more than plain text.
 */
export function readInTurn(...bodies: readonly unknown[]) {
  const output: string[] = [];
  const state = new AnswerState({
    keepText: true,
    onOutput: (channel, key, choice) => output.push(`${channel} ${key} ${choice}`),
  });
  for (const body of bodies) readWireBody(body, '', state);
  const { marks, toolCalls: calls } = state;
  return { state, output, answer: state.text('answer'), reasoning: state.text('reasoning'), calls, marks };
}
