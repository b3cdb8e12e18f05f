import { existsSync } from 'node:fs';
import { defineCommand, UsageError } from '../cli/define-command.ts';
import { buildScenario, describeBundle } from './build-scenario.ts';

export const command = defineCommand({
  name: 'build',
  summary: 'Bundles scenarios of your own into files that k6 runs by themselves.',
  usage: 'FILE... [flags]',
  flags: {
    out: { type: 'string', short: 'o', value: 'DIR', help: 'where the bundles go (default dist)' },
  },
  details: `
TypeScript or JavaScript, with whatever it imports; only k6's own modules, and addresses that k6 fetches itself, stay
outside. What k6 could not run is refused: Node's modules, globals of browsers, a missing export. A source map lies beside
each bundle, so that k6's errors name your own lines.

  k6-llm build checkout.ts
  k6 run dist/checkout.js

k6-llm run ./checkout.ts does both. docs/own-scenario.md tells how to write one.`,
  run: async ({ values, operands }) => {
    if (operands.length === 0) throw new UsageError('expected a file; write k6-llm build my-scenario.ts');
    const missing = operands.find((file) => !existsSync(file));
    if (missing !== undefined) {
      throw new UsageError(
        `${missing}: there is no such file; k6-llm new NAME writes one; write k6-llm build my-scenario.ts`,
      );
    }
    for (const file of operands) console.log(describeBundle(await buildScenario(file, values.out ?? 'dist')));
    return 0;
  },
});
