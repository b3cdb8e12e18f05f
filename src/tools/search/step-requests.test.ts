import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { madeRecord, samplesText } from '../results/made-samples.ts';
import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import { madeFacts } from './made-facts.ts';
import { worldStep } from './made-world.ts';
import { parseServiceLevel } from './service-level.ts';
import type { StepRecord } from './step-record.ts';
import { stepRequests } from './step-requests.ts';

const TERMS = parseServiceLevel('p95(ai_latency_ms)<1000', madeFacts());
let step: StepRecord;

beforeAll(() => {
  step = worldStep({ slots: 16, serviceMs: () => 400 }, TERMS, {
    number: 1,
    load: 8,
    length: 'short',
    times: { warmupMs: 0, holdMs: 2000, expectedLatencyMs: null },
  });
});

/** A search's folder with samples of steps in it; null: a step whose samples are gone. */
async function folderOf(steps: readonly (readonly SampleRecord[] | null)[]): Promise<string> {
  const folder = folderOfTest('steps');
  for (const [at, records] of steps.entries()) {
    if (records === null) continue;
    await mkdir(path.join(folder, 'steps', String(at)), { recursive: true });
    await writeFile(path.join(folder, 'steps', String(at), 'samples.jsonl'), samplesText(records));
  }
  return folder;
}

function stepsOf(count: number): StepRecord[] {
  return Array.from({ length: count }, (_, at) => ({ ...step, folder: `steps/${at}` }));
}

const TWO = [madeRecord({ atMs: 1000, endMs: 300 }), madeRecord({ atMs: 2000, endMs: 100 })];

test('requests of steps never overlap, and keep their times to each other', async () => {
  const { requests, unread } = await stepRequests(await folderOf([TWO, TWO]), stepsOf(2));
  expect(unread).toBe(0);
  const [first, second, third, fourth] = requests;
  expect(requests).toHaveLength(4);
  expect((second?.startMs ?? 0) - (first?.startMs ?? 0)).toBe(1000);
  expect((fourth?.startMs ?? 0) - (third?.startMs ?? 0)).toBe(1000);
  expect(third?.startMs).toBeGreaterThan(second?.endMs ?? Infinity);
});

test('a step whose client was the limit tells nothing of the server', async () => {
  const [driven, bound] = stepsOf(2);
  const slow = { ...bound!, drive: { ...bound!.drive, clientBound: ['no CPU was left'] } };
  const found = await stepRequests(await folderOf([TWO, TWO]), [driven!, slow]);
  expect([found.requests.length, found.clientBound, found.unread]).toEqual([2, 1, 0]);
});

test('steps whose samples are gone are counted, and the others tell', async () => {
  const found = await stepRequests(await folderOf([null, TWO]), stepsOf(2));
  expect([found.requests.length, found.unread]).toEqual([2, 1]);
});

test('no more requests are kept than are asked, and none of half a step', async () => {
  const found = await stepRequests(await folderOf([TWO, TWO, TWO]), stepsOf(3), 5);
  expect([found.requests.length, found.unread]).toEqual([4, 1]);
});
