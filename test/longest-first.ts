import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of half a minute and more, the longest first: what begins last must not be what takes longest. */
const LONG = [
  'docs/shell-lines',
  'run/search',
  'k6/workload',
  'run/run',
  'k6/runs',
  'k6/stopping',
  'package/package',
  'figures/shards',
  'figures/sources',
  'report/real-k6',
  'answers/ab',
  'report/page',
  'demo/demo',
  'k6/delivery',
  'run/doctor',
  'run/shards',
  'k6/kinds',
  'answers/forecast',
  'run/calibrate',
].map((name) => `/test/${name}.test.ts`);

/** Long files before short ones. Vitest itself knows only of files that it has run before, and a clean clone has none. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONG.findIndex((name) => moduleId.endsWith(name));
  return at === -1 ? LONG.length : at;
}
