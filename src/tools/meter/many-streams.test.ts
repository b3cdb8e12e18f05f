import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Agent, request } from 'undici';
import { inputs } from '../../../test/support/exhaustively.ts';
import { ask, makeCertificate, openMeter, openUpstream } from '../../../test/support/meter.ts';
import { chunked, delta, dribble, TAIL } from '../../../test/support/stream-text.ts';
import { openMock } from '../../../test/support/mock.ts';
import { METER_HEADERS, type MeterAnswer } from '../../lib/answer/meter-answer.ts';
import { createRandom, type Random } from '../../lib/numbers/random.ts';
import { readTarget } from './upstream/upstream-target.ts';

const FINISH = '"finish_reason":"stop"}]}';
/** Streams at a time, which share one read buffer, and how many one after the other. */
const LANES = 20;
const ROUNDS = inputs(20);

/** What a request with this mark is answered: words of its own, as many as the mark says. */
function wordsOf(mark: string): string[] {
  const count = 1 + (Number(/\d+$/.exec(mark)?.[0] ?? 0) % 7);
  return Array.from({ length: count }, (_, index) => `${mark}.${index}é🙂 `);
}

/** The body that a prefix of a chunked answer holds: a slow reading, to hold the fast one against. */
function bodyOf(wire: Buffer): string {
  const start = wire.indexOf('\r\n\r\n') + 4;
  if (start < 4) return '';
  const parts: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = wire.indexOf('\r\n', at);
    const size = lineEnd < 0 ? 0 : Number.parseInt(wire.toString('latin1', at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(parts).toString('utf8');
    parts.push(wire.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

/** Writes an answer up to a place, then breaks off. */
async function breakOff(socket: Socket, wire: Buffer, random: Random): Promise<void> {
  await dribble(socket, wire, random);
  if (random.next() < 0.5) socket.end();
  else {
    await nextTurn();
    socket.resetAndDestroy();
  }
}

describe('streams cut at random places', () => {
  test('are read right, many at a time: whole ones to the last letter, broken ones never as ok', async () => {
    const random = createRandom('cuts');
    /** What was written, by mark; `broken` when it ended there. */
    const written = new Map<string, { body: string; broken: boolean }>();
    const upstream = await openUpstream((socket, _count, sent) => {
      const mark = /lane\d+n\d+/.exec(sent)?.[0] ?? '';
      const wire = chunked(wordsOf(mark).map(delta).join('') + TAIL, random);
      const broken = random.next() < 0.3;
      const part = broken ? wire.subarray(0, 1 + Math.floor(random.next() * (wire.length - 1))) : wire;
      written.set(mark, { body: bodyOf(part), broken });
      void (broken ? breakOff : dribble)(socket, part, random);
    });
    const meter = await openMeter(upstream.url, { connections: LANES });
    const headers = { [METER_HEADERS.text]: '1', [METER_HEADERS.gaps]: '1' };
    const outcomes = { ok: 0, broken: 0 };
    await Promise.all(
      Array.from({ length: LANES }, async (_, lane) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const mark = `lane${lane}n${lane * ROUNDS + round}`;
          const content = `Say ${mark}`;
          const body = { model: 'm', stream: true, messages: [{ role: 'user', content }] };
          const { answer } = await ask(meter, { body, headers });
          const { body: sent = '', broken = false } = written.get(mark) ?? {};
          const words = wordsOf(mark);
          const { attempt, text } = answer;
          if (attempt.outcome.kind === 'ok') {
            outcomes.ok += 1;
            expect(sent, mark).toContain(FINISH);
            expect(text).toBe(words.join(''));
            expect(attempt.chunks).toBe(words.length);
            expect(attempt.gapsMs).toHaveLength(words.length - 1);
          } else {
            outcomes.broken += 1;
            expect(broken, mark).toBe(true);
            expect(['truncated', 'network', 'empty']).toContain(
              attempt.outcome.kind === 'failed' ? attempt.outcome.error : '',
            );
            expect(words.join('').startsWith(text ?? ''), mark).toBe(true);
          }
          if (!broken) {
            expect(attempt).toMatchObject({
              outcome: { kind: 'ok' },
              usage: { inputTokens: 5, outputTokens: 3 },
              finishReason: 'stop',
            });
          }
        }
      }),
    );
    expect(outcomes.ok + outcomes.broken).toBe(LANES * ROUNDS);
    expect(outcomes.broken).toBeGreaterThan((LANES * ROUNDS) / 20);
    expect(meter.figures()).toMatchObject({ inFlight: 0, succeeded: outcomes.ok, requests: LANES * ROUNDS });
  });
});

describe('many streams at once', () => {
  test('over TLS are read right too', async (context) => {
    const certificate = makeCertificate();
    if (certificate === null) return context.skip();
    const random = createRandom('tls');
    const upstream = await openUpstream((socket, _count, sent) => {
      const mark = /lane\d+/.exec(sent)?.[0] ?? '';
      void dribble(socket, chunked(wordsOf(mark).map(delta).join('') + TAIL, random), random);
    }, certificate);
    const target = readTarget(upstream.url, { setting: '--target', ca: certificate.cert });
    const meter = await openMeter(upstream.url, { target, connections: LANES });
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(
        Array.from({ length: LANES }, async (_, lane) => {
          const content = `Say lane${lane}`;
          const body = { model: 'm', stream: true, messages: [{ role: 'user', content }] };
          const { answer } = await ask(meter, { body, headers: { [METER_HEADERS.text]: '1' } });
          expect(answer).toMatchObject({
            text: wordsOf(`lane${lane}`).join(''),
            attempt: { outcome: { kind: 'ok' } },
          });
        }),
      );
    }
    expect(meter.figures()).toMatchObject({ connections: { opened: LANES } });
  });

  test('over TLS fail where nobody vouches for the server', async (context) => {
    const certificate = makeCertificate();
    if (certificate === null) return context.skip();
    const upstream = await openUpstream(() => {}, certificate);
    const meter = await openMeter(upstream.url, { connections: 1 });
    expect(meter.unopened).toMatch(/self.signed/i);
    const { status, answer } = await ask(meter);
    expect([status, answer.attempt.outcome]).toMatchObject([502, { error: 'network' }]);
    expect(upstream.seen).toHaveLength(0);
  });

  test('hundreds, three times: none lost, none mixed up, memory flat', async () => {
    const streams = inputs(500);
    const mock = await openMock({
      slots: Number.POSITIVE_INFINITY,
      timing: { ttft: '20', tpot: '1', tokens: '8' },
    });
    const meter = await openMeter(mock.url, { connections: streams });
    const agent = new Agent({ connections: streams, pipelining: 1 });
    onTestFinished(() => agent.close());
    const memory: number[] = [];
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(
        Array.from({ length: streams }, async (_, index) => {
          const mark = `r${round}n${index}`;
          const { body } = await request(`${meter.url}/v1/chat/completions`, {
            dispatcher: agent,
            method: 'POST',
            headers: { [METER_HEADERS.text]: '1' },
            body: JSON.stringify({
              model: 'm',
              stream: true,
              stream_options: { include_usage: true },
              messages: [{ role: 'user', content: `[mark:${mark}] Hi` }],
            }),
          });
          const { text, attempt } = (await body.json()) as MeterAnswer;
          return {
            isMine: text?.includes(mark) === true,
            ok: attempt.outcome.kind === 'ok',
            tokens: attempt.usage.outputTokens,
          };
        }),
      );
      expect(answers.filter(({ isMine, ok, tokens }) => isMine && ok && tokens === 8)).toHaveLength(streams);
      memory.push(process.memoryUsage().heapUsed);
    }
    expect(meter.figures()).toMatchObject({
      succeeded: 3 * streams,
      inFlight: 0,
      outputTokens: 24 * streams,
    });
    // Both ends and the mock live in this process: what one round holds must not add up.
    expect((memory[2] ?? 0) - (memory[0] ?? 0)).toBeLessThan(50e6);
  });
});
