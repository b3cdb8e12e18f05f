import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { PROJECT_ROOT } from '../../src/tools/project-root.ts';

const schema: unknown = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'docs/summary.schema.json'), 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
  schema as object,
);

/** Where a `summary.json` does not follow docs/summary.schema.json: one line a place, empty when it does. */
export function schemaProblems(summary: unknown): string[] {
  validate(summary);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
