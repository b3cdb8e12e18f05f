import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { hint } from '../../lib/parse/did-you-mean.ts';
import { UsageError } from '../cli/define-command.ts';
import { PROJECT_ROOT } from '../project-root.ts';

/** Names of the built scenarios. */
export function scenarioNames(): string[] {
  const dist = path.join(PROJECT_ROOT, 'dist');
  if (!existsSync(dist)) return [];
  return readdirSync(dist)
    .filter((name) => name.endsWith('.js'))
    .map((name) => name.slice(0, -'.js'.length))
    .sort();
}

/**
 * The bundle of a scenario by its name, or any k6 script by its path.
 *
 * @throws UsageError that lists the names, or says that nothing is built.
 */
export function scenarioFile(name: string): { name: string; file: string } {
  const built = path.join(PROJECT_ROOT, 'dist', `${name}.js`);
  if (/^[\w-]+$/.test(name) && existsSync(built)) return { name, file: built };
  if (/\.(js|tar)$/.test(name) && existsSync(name))
    return { name: path.parse(name).name, file: path.resolve(name) };
  if (scenarioNames().length === 0) {
    throw new UsageError('dist/ holds no scenario; expected them to be built; write npm run build');
  }
  throw new UsageError(
    `there is no scenario "${name}"${hint(name, scenarioNames())}; expected one of ${scenarioNames().join(', ')}, or the path of a scenario of your own or of a k6 script; write k6-llm run smoke`,
  );
}
