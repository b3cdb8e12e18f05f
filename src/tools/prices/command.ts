import { readFile, writeFile } from 'node:fs/promises';
import { refuseDevice } from '../cli/refuse-device.ts';
import path from 'node:path';
import { isRecord } from '../../lib/parse/json.ts';
import { describeImport, updatePrices } from './update-prices.ts';
import { PROJECT_ROOT } from '../project-root.ts';
import { defineCommand, UsageError } from '../cli/define-command.ts';

export const command = defineCommand({
  name: 'prices',
  summary: 'bring data/prices.json up to date from LiteLLM’s price file',
  usage: '[--release VERSION] [--date YYYY-MM-DD] FILE',
  details: `
FILE is LiteLLM's model_prices_and_context_window.json. It ships in PyPI's litellm, as data under the MIT licence:

  pip download --no-deps litellm -d /tmp/litellm
  unzip -o /tmp/litellm/litellm-*.whl 'litellm/model_prices*' -d /tmp/litellm
  npm run prices -- --release 1.110.2 /tmp/litellm/litellm/model_prices_and_context_window_backup.json

The default table and that of holysheep stay as they are. Prices reach the bundles with the next build.`,
  flags: {
    release: {
      type: 'string',
      value: 'VERSION',
      help: 'the release of litellm that FILE comes from, for the prices to name',
    },
    date: { type: 'string', value: 'DATE', help: 'the day the prices are from (default: today)' },
    out: { type: 'string', value: 'FILE', help: 'the price file to update (default: data/prices.json)' },
  },
  run: async ({ values, operands: [file, ...more] }) => {
    if (file === undefined || more.length > 0) throw new UsageError('give one FILE');
    const date = values.date ?? new Date().toISOString().slice(0, 10);
    if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw new UsageError(`--date ${date} is not YYYY-MM-DD`);
    const target = values.out ?? path.join(PROJECT_ROOT, 'data', 'prices.json');
    const litellm = await readJson(file);
    if (!isRecord(litellm)) throw new UsageError(`${file} is not a JSON object of models`);
    const update = updatePrices(await readJson(target), litellm, { release: values.release ?? null, date });
    await writeFile(target, update.text);
    console.log([...describeImport(update.imported), ...update.warnings, `wrote ${target}`].join('\n'));
    return 0;
  },
});

async function readJson(file: string): Promise<unknown> {
  try {
    await refuseDevice(file);
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
