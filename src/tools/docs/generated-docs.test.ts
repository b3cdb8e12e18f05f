import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../project-root.ts';
import { generatedDocs } from './generated-docs.ts';

test.each(generatedDocs())('$file is what the code says (npm run docs writes it)', async ({ file, text }) => {
  expect(await readFile(path.join(PROJECT_ROOT, file), 'utf8')).toBe(text);
});
