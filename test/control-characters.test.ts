import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBlockingAnswer } from '../src/lib/answer/blocking-answer.ts';
import { StreamReader } from '../src/lib/answer/stream/stream-reader.ts';
import { encodeSample } from '../src/lib/samples/sample.ts';
import { plainText } from '../src/lib/text/plain-text.ts';
import { encodeHeader } from '../src/lib/samples/sample-header.ts';
import { explain } from '../src/tools/explain/explain.ts';
import { renderExplanation } from '../src/tools/explain/render-explanation.ts';
import { renderPage } from '../src/tools/report/html/page.ts';
import { finishRun } from '../src/tools/results/finish-run.ts';
import { madeHeader, madeRecord } from '../src/tools/results/made-samples.ts';
import { openInput } from '../src/tools/results/read/open-input.ts';
import { runCli } from './support/cli.ts';
import { BODIES, EVIL, rawIn } from './support/control-characters.ts';
import { ask, openMeter, openUpstream } from './support/meter.ts';
import { chunked, event } from './support/stream-text.ts';
import { createRandom } from '../src/lib/numbers/random.ts';
import { folderOfTest } from './support/temporary-folder.ts';

describe('what terminals obey comes through nowhere', () => {
  test('from an answer to what is told of it', () => {
    for (const body of BODIES) {
      for (const status of [200, 400, 502]) {
        const headers = { 'content-type': EVIL, location: `http://${EVIL}/` };
        const {
          answer: _text,
          errorCode: _code,
          ...told
        } = readBlockingAnswer({
          status,
          headers,
          bodyText: JSON.stringify(body),
        });
        expect(
          rawIn(
            Object.values(told)
              .map((value) => String(JSON.stringify(value)))
              .join('\n'),
          ),
        ).toEqual([]);
        const page = readBlockingAnswer({ status, headers, bodyText: `<title>${EVIL}</title>` });
        expect(rawIn(JSON.stringify(page.outcome))).toEqual([]);
      }
      const reader = new StreamReader({});
      reader.feed(`${event(body)}${EVIL}\n\ndata: ${EVIL}\n\n`, 1);
      const { errorCode: _code, ...told } = reader.end('reset');
      expect(rawIn(JSON.stringify(told))).toEqual([]);
    }
  });

  test('from a recording to its explanation', () => {
    const reads = BODIES.map((body, at) => ({
      atMs: at,
      bytes: `event: ${EVIL}\n${event(body)}${EVIL}\n\n`,
    }));
    expect(rawIn(renderExplanation(explain({ reads, close: 'clean', timed: true })))).toEqual([]);
  });

  test('from samples and summaries to files, pages and tables', async () => {
    const folder = folderOfTest('control');
    const names = { model: EVIL, provider: EVIL, testType: EVIL, window: EVIL, step: EVIL, turn: EVIL };
    const samples = Array.from({ length: 20 }, (_, at) =>
      encodeSample(madeRecord({ ...names, atMs: 1000 + at })),
    );
    const header = encodeHeader(madeHeader({ scenario: EVIL, mix: EVIL, segment: EVIL }));
    writeFileSync(path.join(folder, 'samples.jsonl'), [header, ...samples, ''].join('\n'));
    const run = await finishRun({ resultsDir: folder });
    const written = readdirSync(folder).filter((name) => name !== 'samples.jsonl');
    expect(written.length).toBeGreaterThan(3);
    for (const name of written) {
      expect([name, ...rawIn(readFileSync(path.join(folder, name), 'utf8'))]).toEqual([name]);
    }
    // The same summary as somebody else may write it.
    const summary = JSON.stringify({ ...run.summary, notes: [EVIL], target: EVIL, stopped: EVIL }).replaceAll(
      JSON.stringify(plainText(EVIL)).slice(1, -1),
      JSON.stringify(EVIL).slice(1, -1),
    );
    const other = folderOfTest('control');
    writeFileSync(path.join(other, 'summary.json'), summary);
    const [read] = await openInput(other);
    expect(rawIn(renderPage([read!]))).toEqual([]);
    const { stdout, stderr } = await runCli(['report', other], { cwd: other });
    expect(rawIn(stdout + stderr)).toEqual([]);
    expect([stdout + stderr, readdirSync(other).includes('report.html')]).toEqual([expect.anything(), true]);
  });

  test("from a server to the meter's record", async () => {
    const upstream = await openUpstream(
      (socket) => void socket.write(chunked(event(BODIES[1]) + event('[DONE]'), createRandom('control'))),
    );
    const file = path.join(folderOfTest('control'), 'record.jsonl');
    const meter = await openMeter(upstream.url, { record: { file, events: true } });
    await ask(meter, { body: { model: EVIL, stream: true, messages: [] } });
    await meter.close();
    expect(rawIn(readFileSync(file, 'utf8'))).toEqual([]);
  });
});
