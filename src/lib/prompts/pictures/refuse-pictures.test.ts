import { expect, test } from 'vitest';
import { readSettings } from '../../settings/settings.ts';
import { refusePicturesInRow, refusePicturesInTrace } from './refuse-pictures.ts';

const settingsWith = (images: string) =>
  readSettings({ LLM_PROVIDER: 'mock', LLM_IMAGES: images, LLM_DATASET: 'rows.jsonl' });

test('a trace of conversations takes no pictures', () => {
  expect(() => refusePicturesInTrace(settingsWith('1:64x64'))).toThrow(
    'LLM_IMAGES: got "1:64x64"; expected nothing with a trace of conversations, whose messages are its own; write LLM_IMAGES=',
  );
  expect(() => refusePicturesInTrace(settingsWith(''))).not.toThrow();
});

test('rows that are more than text take none, and the first is named', () => {
  expect(() => refusePicturesInRow(settingsWith('uniform:0:1:64x64'), 'line 3')).toThrow(
    'LLM_IMAGES: got "uniform:0:1:64x64"; expected nothing, because LLM_DATASET rows.jsonl has messages that are more than text (line 3), which are sent as they stand',
  );
  expect(() => refusePicturesInRow(settingsWith('0'), 'line 3')).not.toThrow();
});
