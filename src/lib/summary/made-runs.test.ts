import { expect, test } from 'vitest';
import { MADE_RUNS } from '../../../test/support/made-runs.ts';
import { buildSummary } from './build-summary.ts';
import { renderMarkdown } from './render/render-markdown.ts';
import { summaryJunit } from './render/render-junit.ts';
import { renderText } from './render/render-text.ts';

/** Read a file that changed as the one who asked for it will: `npx vitest run made-runs -u` writes them anew. */
const FOLDER = '../../../test/fixtures/summaries';

test.each([...MADE_RUNS.keys()])('all that is told of a run: %s', async (name) => {
  const run = MADE_RUNS.get(name);
  const summary = buildSummary(run?.data, run!.context);
  const { metrics: _k6s, ...told } = summary;
  await expect(`${JSON.stringify(told, null, 2)}\n`).toMatchFileSnapshot(`${FOLDER}/${name}.json`);
  await expect(renderText(summary, { enableColors: false })).toMatchFileSnapshot(`${FOLDER}/${name}.txt`);
  await expect(renderMarkdown(summary)).toMatchFileSnapshot(`${FOLDER}/${name}.md`);
  await expect(summaryJunit(summary)).toMatchFileSnapshot(`${FOLDER}/${name}.xml`);
});

test('colours stand round the verdict, the thresholds and what is doubtful', async () => {
  const run = MADE_RUNS.get('everything')!;
  const text = renderText(buildSummary(run.data, run.context), { enableColors: true });
  await expect(text.replaceAll('\u001b', '^')).toMatchFileSnapshot(`${FOLDER}/everything-in-colour.txt`);
});
