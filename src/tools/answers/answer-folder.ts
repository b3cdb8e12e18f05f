import path from 'node:path';
import { plainJsonText, plainText } from '../../lib/text/plain-text.ts';
import { isOwnFile } from '../results/folder/own-files.ts';
import {
  runName,
  takeFolder,
  takeNewFolder,
  type TakenFolder,
  writeForOwnerOnly,
} from '../results/folder/take-folder.ts';
import { type Writing, writeWhole } from '../results/folder/write-whole.ts';
import type { AnswerPage } from './answer-page.ts';
import type { QuestionAnswer } from './question-answer.ts';

const JSON_FILE = 'answer.json';
const MARKDOWN_FILE = 'answer.md';
const PAGE_FILE = 'answer.html';
/** What a search keeps beside its answer: how far it is, and each step's run. */
const SEARCH_NAMES = ['search.json', 'steps'];

/**
 * The folder that an answer goes to: `LLM_RESULTS_DIR`, else `results/<time>-<command>`. What is in it of an earlier
 * answer or run is kept aside.
 *
 * @throws ConfigError when it cannot be made or written, or another process writes to it.
 */
export async function takeAnswerFolder(
  command: string,
  { env, now, say }: { env: NodeJS.ProcessEnv; now: Date; say: (line: string) => void },
): Promise<TakenFolder> {
  writeForOwnerOnly();
  const asked = (env['LLM_RESULTS_DIR'] ?? '').trim();
  if (asked === '') return takeNewFolder(runName(command, now));
  return takeFolder(asked, { say, isOwn: (name) => isOwnFile(name) || isAnswerFile(name) });
}

/**
 * Writes `answer.json` and `answer.md`: the question, the sentence, and `table` as it stands on the screen; with `page`
 * also `answer.html`.
 */
export async function writeAnswer(
  folder: string,
  answer: QuestionAnswer,
  { table, page = null }: { table: string; page?: AnswerPage | null },
): Promise<void> {
  await writeWhole([
    {
      file: path.join(folder, JSON_FILE),
      render: () => plainJsonText(`${JSON.stringify(answer, null, 2)}\n`),
    },
    { file: path.join(folder, MARKDOWN_FILE), render: () => plainText(markdownOf(answer, table)) },
    ...(page === null ? [] : [pageWriting(folder, answer, page)]),
  ]);
}

/** The plotting library is loaded only here. */
function pageWriting(folder: string, answer: QuestionAnswer, page: AnswerPage): Writing {
  return {
    file: path.join(folder, PAGE_FILE),
    render: async () => (await import('./answer-page.ts')).answerPage(answer, page),
  };
}

function markdownOf({ question, sentence, partial }: QuestionAnswer, table: string): string {
  const warning = partial ? ['', '**Partial: the command was interrupted.**'] : [];
  // A fence longer than any within: names come from files.
  const fence = '`'.repeat(Math.max(3, ...(table.match(/`+/g) ?? []).map(({ length }) => length + 1)));
  return [`# ${question}`, '', sentence, ...warning, '', `${fence}text`, table, fence, ''].join('\n');
}

function isAnswerFile(name: string): boolean {
  return [JSON_FILE, MARKDOWN_FILE, PAGE_FILE, ...SEARCH_NAMES].includes(name);
}
