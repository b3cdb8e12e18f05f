import { writeAnswer } from './answer-folder.ts';
import type { QuestionAnswer } from './question-answer.ts';

/**
 * Leaves an answer that says that there is none yet. It stands until the real one takes its place, so that whatever ends
 * the command, a partial answer is there.
 */
export async function writePendingAnswer<Answer extends QuestionAnswer>(
  folder: string,
  answer: Omit<Answer, 'sentence' | 'partial'>,
): Promise<void> {
  const pending = {
    ...answer,
    sentence: 'Nothing is known yet: the command did not come to its end.',
    partial: true,
  };
  await writeAnswer(folder, pending, { table: '' });
}
