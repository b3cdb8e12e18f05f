import { existsSync } from 'node:fs';
import { buildScenario, describeBundle, isSource } from '../build/build-scenario.ts';

/**
 * What k6 is to run: a scenario of somebody's own is built into `dist/` first; names and scripts stay as they are.
 *
 * @throws UsageError when it cannot be built.
 */
export async function builtScript(scenario: string): Promise<string> {
  if (!/\.[cm]?[jt]s$/.test(scenario) || !existsSync(scenario) || !(await isSource(scenario)))
    return scenario;
  const built = await buildScenario(scenario, 'dist');
  console.error(describeBundle(built));
  return built.file;
}
