import { SharedArray } from 'k6/data';
import { sleep } from 'k6';
import { parseDataset } from '../../src/lib/prompts/dataset/dataset.ts';
import { decodePrompt } from '../../src/lib/prompts/dataset/encode-prompt.ts';

const file = __ENV['BENCH_FILE'] ?? '';
const rows = file === '' ? null : load(file);

export const options = {
  scenarios: { users: { executor: 'constant-vus', vus: 200, duration: '10s', exec: 'user' } },
};

/** One user that reads one prompt a second. */
export function user(): void {
  const row = rows?.[Math.floor(Math.random() * rows.length)];
  if (rows !== null && decodePrompt(row ?? '').messages.length === 0) throw new Error('a prompt is missing');
  sleep(1);
}

function load(fileName: string): readonly string[] {
  return new SharedArray(
    'rows',
    () => parseDataset(open(fileName), { fileName, setting: 'BENCH_FILE' }).rows,
  );
}
