import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import type { AnswerPage } from './answer-page.ts';
import { takeAnswerFolder, writeAnswer } from './answer-folder.ts';

const ANSWER = { question: 'How much can <b>it</b> take?', sentence: '36/s, & no more.', partial: false };

const PAGE: AnswerPage = {
  command: 'search',
  tone: 'good',
  short: '36/s',
  facts: ['model `<m>`'],
  plots: [
    {
      id: 'curve',
      title: 'Latency by load',
      caption: 'p95 in ms.',
      lines: [
        {
          name: 'p95',
          colour: 1,
          dash: 'solid',
          points: [
            [1, 400],
            [40, 900],
          ],
        },
      ],
      x: { kind: 'value', unit: '/s' },
      y: { unit: 'ms', isShare: false },
      stacked: false,
      planned: [],
      limits: [{ value: 1000, label: 'p95 < 1000 ms' }],
      marks: [{ x: 36, label: 'knee' }],
      table: {
        columns: ['load', 'p95'],
        rows: [
          ['1', '400'],
          ['40', '900'],
        ],
      },
      readings: null,
    },
  ],
  tables: [{ caption: 'Steps', columns: [{ title: 'load' }, { title: 'held' }], rows: [['40', 'yes']] }],
  notes: ['a note'],
};

test('an answer with a page is three files, and what came from outside is text in each', async () => {
  const folder = path.join(folderOfTest('answer'), 'answer');
  await writeAnswer(folder, ANSWER, { table: 'load ```', page: PAGE });
  expect((await readdir(folder)).toSorted()).toEqual(['answer.html', 'answer.json', 'answer.md']);
  expect(JSON.parse(await readFile(path.join(folder, 'answer.json'), 'utf8'))).toEqual(ANSWER);
  expect(await readFile(path.join(folder, 'answer.md'), 'utf8')).toContain('````text\nload ```\n````');
  const page = await readFile(path.join(folder, 'answer.html'), 'utf8');
  expect(page).toContain('How much can &lt;b&gt;it&lt;/b&gt; take?');
  expect(page).toContain('36/s, &amp; no more.');
  expect(page).toContain('&lt;m&gt;');
  expect(page.match(/<svg class="plot /g)).toHaveLength(2);
  expect(page).not.toContain('Partial');
});

test('a partial answer says so wherever it is read', async () => {
  const folder = path.join(folderOfTest('answer'), 'answer');
  await writeAnswer(folder, { ...ANSWER, partial: true }, { table: '', page: PAGE });
  expect(await readFile(path.join(folder, 'answer.md'), 'utf8')).toContain('**Partial');
  expect(await readFile(path.join(folder, 'answer.html'), 'utf8')).toContain('Partial: the command');
});

test('an earlier answer is kept aside, its page too', async () => {
  const folder = path.join(folderOfTest('answer'), 'answer');
  await writeAnswer(folder, ANSWER, { table: '', page: PAGE });
  const said: string[] = [];
  const taken = await takeAnswerFolder('search', {
    env: { LLM_RESULTS_DIR: folder },
    now: new Date(0),
    say: (line) => said.push(line),
  });
  taken.release();
  expect(await readdir(folder)).not.toContain('answer.html');
  expect(said).toHaveLength(1);
});
