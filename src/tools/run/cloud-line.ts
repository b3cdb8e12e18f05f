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
    bundle: file,
    env: withAbsolutePaths(env, process.cwd()),
    k6Arguments: k6Args,
  });
  for (const note of notes) console.error(note);
  console.log(line);
  return 0;
}
