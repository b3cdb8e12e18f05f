import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of half a minute and more, the longest first: what begins last must not be what takes longest. */
const LONG = [
  'docs/shell-lines',
  'package/package',
  'k6/workload',
  'run/run',
  'figures/shards',
  'answers/ab',
  'k6/runs',
  'k6/stopping',
  'report/real-k6',
  'figures/sources',
  'run/search',
  'answers/forecast',
  'k6/kinds',
  'report/page',
  'run/wrapper',
  'k6/delivery',
  'run/shards',
  'run/calibrate',
  'report/live',
].map((name) => `/test/${name}.test.ts`);

/** The order of projects: what runs k6 takes longest. */
const PROJECTS = ['k6', 'tools', 'lib'];

/**
 * Long files before short ones: vitest itself knows only of files that it has run before, and a clean clone has none. A
 * project's files one after the other: only then do they share a worker.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  const at = LONG.findIndex((name) => moduleId.endsWith(name));
  return at === -1 ? LONG.length + PROJECTS.indexOf(project.name) : at;
}
