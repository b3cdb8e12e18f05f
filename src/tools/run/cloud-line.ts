import path from 'node:path';
import { cloudCommand } from '../cloud/cloud-command.ts';
import { withAbsolutePaths } from './run-environment.ts';
import { scenarioFile } from './scenario-file.ts';

/** `k6-llm run --cloud`: the command line on stdout, what a reader must know on stderr. Runs nothing. */
export function printCloudLine({
  scenario,
  env,
  k6Args,
}: {
  scenario: string;
  env: NodeJS.ProcessEnv;
  k6Args: readonly string[];
}): number {
  const { file } = scenarioFile(scenario);
  const { line, notes } = cloudCommand({
    bundle: fromHere(file),
    env: withAbsolutePaths(env, process.cwd()),
    k6Arguments: k6Args,
  });
  for (const note of notes) console.error(note);
  console.log(line);
  return 0;
}

/** As one writes it in the clone, `dist/baseline.js`; elsewhere the whole path. */
function fromHere(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}
