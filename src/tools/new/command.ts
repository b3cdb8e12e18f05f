import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { defineCommand, UsageError } from '../cli/define-command.ts';
import { scenarioTemplate, TSCONFIG } from './scenario-template.ts';

/** k6's names of scenarios, and a file's. */
const NAME = /^[A-Za-z0-9][\w-]{0,63}$/;

export const command = defineCommand({
  name: 'new',
  summary: 'Writes a scenario to begin with.',
  usage: 'NAME [flags]',
  flags: { js: { type: 'boolean', help: 'JavaScript in place of TypeScript' } },
  details: `
Writes NAME.ts here, thirty lines with comments, and a tsconfig.json where there is none.

  k6-llm new checkout
  k6-llm run ./checkout.ts

docs/own-scenario.md tells what it may hold.`,
  run: async ({ values, operands }) => {
    const [name = '', ...more] = operands;
    if (!NAME.test(name) || more.length > 0) {
      throw new UsageError(
        `got "${operands.join(' ')}"; expected one name of letters, digits, _ and -; write k6-llm new my-scenario`,
      );
    }
    const file = `${name}.${values.js === true ? 'js' : 'ts'}`;
    const written = [await writeNew(file, scenarioTemplate(name))];
    if (written[0] === null) {
      throw new UsageError(`${file} is there already; expected a new name; write k6-llm new ${name}-2`);
    }
    if (values.js !== true && !existsSync('tsconfig.json'))
      written.push(await writeNew('tsconfig.json', TSCONFIG));
    for (const one of written) if (one !== null) console.log(`wrote ${one}`);
    console.log(`next: npx k6-llm mock (a target to try it on), and npx k6-llm run ./${file}`);
    return 0;
  },
});

/** @returns null when it is there already: that one stays as it is. */
async function writeNew(file: string, text: string): Promise<string | null> {
  try {
    await writeFile(file, text, { flag: 'wx' });
    return file;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
}
