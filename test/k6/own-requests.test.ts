import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runBundle } from '../support/bundle-run.ts';
import { openMock } from '../support/mock.ts';
import { folderOfTest } from '../support/temporary-folder.ts';

const PICTURE = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
const SHOWN = { role: 'user', content: [{ type: 'text', text: 'What is it?' }, PICTURE] };
const TOOLS = [{ type: 'function', function: { name: 'read', parameters: { type: 'object' } } }];

async function fileOf(rows: readonly object[]): Promise<string> {
  const folder = folderOfTest('rows');
  const file = path.join(folder, 'rows.jsonl');
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  return file;
}

const ONE = ['--iterations', '2', '--vus', '1'];

describe('rows that are requests', () => {
  test('are sent with their own fields and messages, the model, the limit and the system text being the run’s', async () => {
    const mock = await openMock({ keepBodies: true });
    const dataset = await fileOf([
      { prompt: 'Read it.', tools: TOOLS, tool_choice: 'auto', category: 'no field of a request' },
      {
        body: { model: 'other', messages: [SHOWN], response_format: { type: 'json_object' }, max_tokens: 9 },
      },
    ]);
    const env = { LLM_BASE_URL: mock.url, LLM_PROVIDER: 'mock', LLM_MIX: 'm', LLM_PREFLIGHT: '0' };
    const run = await runBundle(
      'smoke',
      { ...env, LLM_DATASET: dataset, LLM_SYSTEM_PROMPT: 'Be brief.' },
      ONE,
    );
    expect(run.output).not.toMatch(/level=error/);
    const system = { role: 'system', content: 'Be brief.' };
    const bodies = (mock.truth().bodies ?? []).map(({ body }): unknown => JSON.parse(body));
    expect(bodies).toHaveLength(2);
    const common = { model: 'm', stream: false, temperature: 0.3 };
    expect(bodies).toContainEqual({
      ...common,
      max_tokens: expect.any(Number),
      tools: TOOLS,
      tool_choice: 'auto',
      messages: [system, { role: 'user', content: 'Read it.' }],
    });
    expect(bodies).toContainEqual({
      ...common,
      max_tokens: 9,
      response_format: { type: 'json_object' },
      messages: [system, SHOWN],
    });
  });

  test('pictures are refused where a kind has no place for them, before anything is sent', async () => {
    const mock = await openMock();
    const dataset = await fileOf([{ messages: [SHOWN] }]);
    const env = { LLM_BASE_URL: mock.url, LLM_PROVIDER: 'mock', LLM_MIX: 'm', LLM_KIND: 'embeddings' };
    const run = await runBundle('smoke', { ...env, LLM_DATASET: dataset }, ONE);
    expect(run.output).toMatch(/rows\.jsonl, line 1.*messages that are more than text, for embeddings/);
    expect(mock.truth().requests.started).toBe(0);
  });

  test.each([
    ['0', 'blocking'],
    ['1', 'streamed'],
  ])(
    'answers that are not the JSON that was asked for are counted, and are no errors (LLM_STREAM=%s)',
    async (stream) => {
      const mock = await openMock({ timing: { ttft: '1', tpot: '0', tokens: '12' } });
      const schema = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } };
      const format = { response_format: { type: 'json_schema', json_schema: { name: 'a', schema } } };
      const whole = { prompt: 'Answer.', ...format, max_tokens: 50 };
      // Cut off in the middle, it is no JSON.
      const cut = { ...whole, max_tokens: 2 };
      const call = { ...whole, tools: TOOLS, tool_choice: 'required' };
      const text = { prompt: 'Answer.', max_tokens: 2 };
      const dataset = await fileOf([whole, cut, call, text]);
      const env = {
        LLM_BASE_URL: mock.url,
        LLM_PROVIDER: 'mock',
        LLM_MIX: 'm',
        LLM_PREFLIGHT: '0',
        LLM_STREAM: stream,
      };
      const run = await runBundle('smoke', { ...env, LLM_DATASET: dataset }, [
        '--iterations',
        '4',
        '--vus',
        '1',
      ]);
      expect(run.summary!.totals).toMatchObject({ succeeded: 4, failed: 0, invalidOutput: 1 });
      expect(run.summary!.notes.join('\n')).toContain('1 answers are not the JSON that was asked for');
    },
  );
});
