import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';

const schema: unknown = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'docs/answer.schema.json'), 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
  schema as object,
);

/** Where an `answer.json` does not follow docs/answer.schema.json: one line a place, empty when it does. */
export function answerProblems(answer: unknown): string[] {
  validate(answer);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
