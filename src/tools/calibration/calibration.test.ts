import { readFile, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { folderOfTest } from '../../../test/support/temporary-folder.ts';
import { PROJECT_ROOT } from '../project-root.ts';
import { answerPage } from '../answers/answer-page.ts';
import { addedTime, addedTimeText, type MachineFigures, type StreamError } from './calibration.ts';
import { calibrationAnswer, calibrationPage, renderCalibration } from './calibration-answer.ts';
import { machineFile, readMachine, writeMachine } from './machine-file.ts';

const error = (count: number, ttftErrorMs: number, open = count): StreamError => {
  return { count, open, ttftErrorMs, ttftErrorP99Ms: 2 * ttftErrorMs, tpotErrorMs: ttftErrorMs / 100 };
};
const CALIBRATION: MachineFigures = {
  requestsPerSec: 2900,
  streams: [error(10, 1), error(100, 2), error(400, 5), error(1000, 11)],
};
const MACHINE = { takenAt: '2026-11-28T10:00:00.000Z', calibration: CALIBRATION };

describe('what a machine adds', () => {
  test.each([
    [1, 1],
    [10, 1],
    [55, 1.5],
    [100, 2],
    [250, 3.5],
    [1000, 11],
    [5000, 11],
  ])('at %d open streams is %d ms', (streams, ttftMs) => {
    expect(addedTime(MACHINE, streams)?.ttftMs).toBeCloseTo(ttftMs, 9);
  });

  test('counts what was really open, not what was asked for', () => {
    const short = {
      ...MACHINE,
      calibration: { ...CALIBRATION, streams: [error(400, 4), error(1000, 2, 300)] },
    };
    expect(addedTime(short, 300)?.ttftMs).toBe(2);
    expect(addedTime(short, 350)?.ttftMs).toBeCloseTo(3, 9);
  });

  test('is nothing where it was early, and unknown where nothing was measured', () => {
    expect(
      addedTime({ ...MACHINE, calibration: { requestsPerSec: 1, streams: [error(10, -0.2)] } }, 10)?.ttftMs,
    ).toBe(0);
    expect(addedTime({ ...MACHINE, calibration: { requestsPerSec: 1, streams: [] } }, 10)).toBeNull();
  });

  test('is told in words', () => {
    expect(addedTimeText({ streams: 399.7, ttftMs: 3.04, tpotMs: 0, takenAt: MACHINE.takenAt })).toBe(
      'this machine adds 3.0 ms to TTFT at 400 open streams (k6-llm doctor --calibrate, 2026-11-28)',
    );
  });
});

describe('what is kept of a machine', () => {
  async function fileOf(): Promise<string> {
    const folder = folderOfTest('machine');
    return path.join(folder, 'k6-llm/calibration.json');
  }

  test('comes back as it was', async () => {
    const file = await fileOf();
    await writeMachine(MACHINE, file);
    expect(await readMachine(file)).toEqual(MACHINE);
  });

  test.each([
    ['another machine', (text: string) => text.replace(/"host": "[^"]*"/, '"host": "another"')],
    ['another version', (text: string) => text.replace('"version": 1', '"version": 2')],
    ['half a file', (text: string) => text.slice(0, 200)],
    ['a figure that is none', (text: string) => text.replace('"count": 10,', '"count": "10",')],
  ])('%s tells nothing', async (_title, change) => {
    const file = await fileOf();
    await writeMachine(MACHINE, file);
    await writeFile(file, change(await readFile(file, 'utf8')));
    expect(await readMachine(file)).toBeNull();
  });

  test('no file tells nothing', async () => {
    expect(await readMachine(await fileOf())).toBeNull();
  });

  test('stands outside any project', () => {
    expect(machineFile({ XDG_CACHE_HOME: '/var/cache/me' })).toBe('/var/cache/me/k6-llm/calibration.json');
    expect(machineFile({ XDG_CACHE_HOME: 'relative' })).toMatch(/\/\.cache\/k6-llm\/calibration.json$/);
    expect(machineFile({})).toMatch(/\/\.cache\/k6-llm\/calibration.json$/);
  });
});

describe.each([
  ['whole', calibrationAnswer(CALIBRATION, false)],
  ['interrupted', calibrationAnswer({ requestsPerSec: 5, streams: [error(10, 1)] }, true)],
  ['interrupted at once', calibrationAnswer({ requestsPerSec: null, streams: [] }, true)],
])('the answer, %s,', (_title, answer) => {
  const schema: unknown = JSON.parse(
    readFileSync(path.join(PROJECT_ROOT, 'docs/answer.schema.json'), 'utf8'),
  );
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema as object);

  test('follows the schema, and fits 80 columns', () => {
    expect(validate(answer) ? [] : validate.errors).toEqual([]);
    expect(
      renderCalibration(answer.calibration)
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });

  test('has a page', () => {
    const page = answerPage(answer, calibrationPage(answer));
    expect(page).toContain('Is the client lying?');
    expect(page.includes('<figure>')).toBe(answer.calibration.streams.length > 1);
    expect(answer.sentence.startsWith('Interrupted')).toBe(answer.partial);
  });
});
