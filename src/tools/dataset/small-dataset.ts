import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CATALOG } from '../../lib/settings/catalog.ts';
import { describeSkips } from '../../lib/parse/skip-log.ts';
import { ConfigError } from '../../lib/parse/config-error.ts';
import { systemReason } from '../results/folder/system-reason.ts';
import { compactDataset } from './compact-dataset.ts';

/** An environment for k6, and how to clean up after the run. */
export type SmallDataset = { env: NodeJS.ProcessEnv; remove: () => Promise<void> };

/**
 * Hands k6 a small copy of a large `LLM_DATASET` (see `compactDataset`), in a folder of its own; any other
 * environment is returned as it is.
 *
 * @param env with the path absolute.
 * @param say told in one line how many rows are used.
 * @throws ConfigError for a file without a usable row. A file that cannot be read is left to k6's own message.
 */
export async function withSmallDataset(
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<SmallDataset> {
  const unchanged: SmallDataset = { env, remove: async () => {} };
  const file = (env['LLM_DATASET'] ?? '').trim();
  if (file === '') return unchanged;
  const folder = await makeFolder();
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const outputFile = path.join(folder, `${path.parse(file).name}.jsonl`);
  try {
    const seed = (env['LLM_SEED'] ?? '').trim() || CATALOG.LLM_SEED.defaultText;
    const small = await compactDataset(file, { outputFile, setting: 'LLM_DATASET', seed });
    if (small === null) {
      await remove();
      return unchanged;
    }
    const left = describeSkips(small.skipped, 'line');
    const which = small.keptRows === small.usableRows ? 'all' : `a sample by the seed: ${small.keptRows} of`;
    say(`LLM_DATASET: ${which} ${small.usableRows} usable rows${left === '' ? '' : `; ${left}`}`);
    return { env: { ...env, LLM_DATASET: outputFile }, remove };
  } catch (error) {
    await remove();
    if (isSystemError(error)) return unchanged;
    throw error;
  }
}

async function makeFolder(): Promise<string> {
  try {
    return await mkdtemp(path.join(tmpdir(), 'k6-llm-dataset-'));
  } catch (error) {
    throw new ConfigError({
      setting: 'TMPDIR',
      got: tmpdir(),
      expected: `a folder for a small copy of LLM_DATASET (${systemReason(error)})`,
      example: 'TMPDIR=/tmp',
    });
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
