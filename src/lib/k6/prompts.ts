import { SharedArray } from 'k6/data';
import type { Settings } from '../config/settings.ts';
import { parseDataset } from '../dataset.ts';
import { describeSkips } from '../dataset/skips.ts';
import { decodePrompt } from '../dataset/stored.ts';
import {
  createBuiltInPicker,
  createIndexPicker,
  DEFAULT_SYSTEM_PROMPT,
  type PromptPicker,
} from '../prompts.ts';
import { createSyntheticPicker } from '../synthetic.ts';
import { readFile } from './files.ts';

/**
 * The run's prompts: the user's file, synthetic ones of a wanted length, or the built-in ones. Init only, as files
 * are read.
 *
 * @throws ConfigError for a file that cannot be used.
 */
export function loadPrompts(settings: Settings): PromptPicker {
  const { datasetFile, inputTokens, turns, seed } = settings;
  if (datasetFile !== null) return datasetPicker(datasetFile, settings);
  return inputTokens === null
    ? createBuiltInPicker(seed)
    : createSyntheticPicker({ inputTokens, turns, correctionRatio: 1, seed });
}

/** The rows lie once in memory for all VUs, as strings, and are read one at a time. */
function datasetPicker(file: string, { seed }: Settings): PromptPicker {
  const rows = new SharedArray('dataset', () => {
    const dataset = parseDataset(readFile(file, 'LLM_DATASET'), { fileName: file, setting: 'LLM_DATASET' });
    // Told where the file is read, once: the rows are shared, and what was left out is not.
    if (dataset.skipped.count > 0) {
      console.warn(
        `LLM_DATASET ${file}: ${dataset.rows.length} rows used, ${describeSkips(dataset.skipped, dataset.rowUnit)}`,
      );
    }
    return dataset.rows;
  });
  const pickIndex = createIndexPicker(rows.length, seed);
  return { pick: (requestIndex) => decodePrompt(rows[pickIndex(requestIndex)] ?? '') };
}

/** The run's system message; null for none. */
export function systemText({ systemPrompt }: Settings): string | null {
  switch (systemPrompt.kind) {
    case 'none':
      return null;
    case 'own':
      return systemPrompt.text;
    case 'built-in':
      return DEFAULT_SYSTEM_PROMPT;
  }
}
