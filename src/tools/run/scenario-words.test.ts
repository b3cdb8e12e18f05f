import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../project-root.ts';
import { SCENARIO_WORDS } from './scenario-words.ts';

test('there are words for each scenario, and for no other', () => {
  const files = readdirSync(path.join(PROJECT_ROOT, 'src', 'scenarios'));
  expect([...SCENARIO_WORDS.keys()].toSorted()).toEqual(
    files.map((file) => path.parse(file).name).toSorted(),
  );
});
