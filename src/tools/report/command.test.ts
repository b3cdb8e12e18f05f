import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import type { SampleHeader } from '../../lib/samples/sample-header.ts';
import { madeRequests } from '../compare/made-runs.ts';
import { madeHeader, samplesText } from '../results/made-samples.ts';
import { command } from './command.ts';

let root = '';
const said: string[] = [];
beforeEach(() => {
  root = folderOfTest('report');
  said.length = 0;
  for (const stream of ['log', 'error'] as const)
    vi.spyOn(console, stream).mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
});

function makeRun(name: string, header: Partial<SampleHeader> = {}): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  const requests = madeRequests({ seed: 1, durationSec: 10, ratePerSec: 10, slowness: 1, memory: 0 });
  writeFileSync(path.join(folder, 'samples.jsonl'), samplesText(requests, madeHeader(header)));
  return folder;
}

async function report(...folders: string[]): Promise<string> {
  const file = path.join(root, 'report.html');
  expect(await command.run([...folders, '-o', file, '--quiet'])).toBe(0);
  return readFileSync(file, 'utf8');
}

const sections = (page: string): number => page.match(/<section class="run"/g)?.length ?? 0;

test('machines of one run are one section', async () => {
  const first = makeRun('node-1', { segment: '0:1/2' });
  const second = makeRun('node-2', {
    segment: '1/2:1',
    zeroWallClockMs: madeHeader().zeroWallClockMs + 2000,
  });
  expect(sections(await report(first, second))).toBe(1);
  expect(said).toEqual([]);
});

test.each<[string, Partial<SampleHeader>, string]>([
  ['of another scenario', { scenario: 'stress' }, 'scenario is stress, not baseline'],
  [
    'of another day',
    { zeroWallClockMs: madeHeader().zeroWallClockMs + 86_400_000 },
    'one began when the other was over',
  ],
  ['of another mix', { mix: 'other' }, 'LLM_MIX is other'],
])('a run %s has a section of its own, and that is said', async (_, header, why) => {
  const page = await report(makeRun('results-a'), makeRun('results-b', header));
  expect(sections(page)).toBe(2);
  expect(said).toEqual([expect.stringContaining(why)]);
  expect(said[0]).toContain('so each has a section of its own');
});
