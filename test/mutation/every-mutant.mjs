import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { TestRunner } from 'vitest';

/** Stryker's switch: which change is on, what was reached, and how often it may be before it counts as a loop. */
// oxlint-disable-next-line no-underscore-dangle -- its name
const stryker = (globalThis.__stryker__ ??= {});
const noticed = new Set();
const reached = new Set();
const problems = [];
/** Times as often as without a change, a loop that a change made endless may turn. */
const LOOP_FACTOR = 100;

/** Runs a test as it is, and then once for each change that it reached and that no test has noticed yet. */
// oxlint-disable-next-line import/no-default-export -- as vitest wants it
export default class EveryMutant extends TestRunner {
  async runTask(test) {
    const run = async () => TestRunner.getTestFn(test)();
    stryker.currentTestId = test.id;
    await run();
    stryker.currentTestId = undefined;
    const hits = stryker.mutantCoverage?.perTest[test.id] ?? {};
    for (const id of Object.keys(hits)) reached.add(id);
    const left = Object.keys(hits).filter((id) => !noticed.has(id));
    if (left.length === 0 || !(await isRepeatable(test, run))) return;
    for (const id of left) {
      Object.assign(stryker, { activeMutant: id, hitCount: 0, hitLimit: (hits[id] + 1) * LOOP_FACTOR });
      await run().catch(() => noticed.add(id));
      stryker.activeMutant = undefined;
    }
    await isRepeatable(test, run);
  }

  onAfterRunFiles() {
    const atLoad = Object.keys(stryker.mutantCoverage?.static ?? {});
    const told = { noticed: [...noticed], reached: [...reached], atLoad, problems };
    writeFileSync(process.env['MUTANTS_TOLD'], JSON.stringify(told));
  }
}

async function isRepeatable({ name }, run) {
  try {
    await run();
    return true;
  } catch (error) {
    problems.push(`${name}: ${String(error).slice(0, 200)}`);
    return false;
  }
}
