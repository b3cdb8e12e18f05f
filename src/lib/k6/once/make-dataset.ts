import { parseDataset } from '../../prompts/dataset/dataset.ts';
import { describeSkips } from '../../parse/skip-log.ts';
import { readFile } from './read-file.ts';

/**
 * The rows of the user's file, as VUs share them: strings, read one at a time. Init only.
 *
 * @throws ConfigError for a file that cannot be used.
 */
export function makeDataset(file: string): string[] {
  const dataset = parseDataset(readFile(file, 'LLM_DATASET'), { fileName: file, setting: 'LLM_DATASET' });
  if (dataset.skipped.count > 0) {
    const skips = describeSkips(dataset.skipped, dataset.rowUnit);
    console.warn(`LLM_DATASET ${file}: ${dataset.rows.length} rows used, ${skips}`);
  }
  return dataset.rows;
}
