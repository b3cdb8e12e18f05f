import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { request } from 'undici';
import type { Socket } from 'node:net';
import { METER_HEADERS, type MeterAnswer } from '../../src/lib/answer/meter-answer.ts';
import { createRandom, type Random } from '../../src/lib/numbers/random.ts';
import { type AttackKind, held } from './attack.ts';
import { ask, figuresOf, openHostileServer, openMeter } from './targets.ts';
import { chunk, delta, STREAM_HEAD, TAIL } from '../support/stream-text.ts';

const STREAMS = 400;
const ABORT_RATIO = 0.1;
/** Memory in use in the second half of the time against the first, its first tenth left out. */
const MAX_GROWTH_RATIO = 1.2;

/** What a stream with this mark says: words of its own. */
function wordsOf(mark: number): string[] {
  return Array.from({ length: 3 + (mark % 6) }, (_, index) => `s${mark}.${index}é `);
}

/** One in five, and the same one should a request be sent again. */
function isBroken(mark: number): boolean {
  return mark % 5 === 0;
}

/**
 * Four hundred streams at a time for as long as asked, one in five broken by the server, one in ten given up by the
 * client: none may be mixed with another, none broken pass for whole, and nothing be left.
 */
export async function streamAttacks(seconds: number): Promise<AttackKind> {
  const random = createRandom('streams');
  const server = await openHostileServer((socket, mark) => {
    void (isBroken(mark) ? breakOff(socket, mark, random) : tell(socket, mark, random));
  });
  const meter = await openMeter(server.url, { timeoutMs: 60_000 });
  const counts = { streams: 0, whole: 0, broken: 0, aborted: 0, mixed: 0, wrong: 0 };
  const wrongs: string[] = [];
  const memory: number[] = [];
  const run = async (): Promise<void> => {
    const endsAtMs = performance.now() + seconds * 1000;
    const sampler = setInterval(() => memory.push(liveBytes()), 1000);
    const lane = async (): Promise<void> => {
      while (performance.now() < endsAtMs) {
        const mark = counts.streams++;
        const gone =
          random.next() < ABORT_RATIO ? AbortSignal.timeout(Math.ceil(random.next() * 40)) : undefined;
        const headers = { [METER_HEADERS.text]: '1' };
        const given = await ask(meter, {
          body: { attack: mark },
          headers,
          ...(gone === undefined ? {} : { signal: gone }),
        }).catch(() => null);
        if (given === null) counts.aborted += 1;
        else judge(mark, given.answer);
      }
    };
    await Promise.all(Array.from({ length: STREAMS }, lane));
    clearInterval(sampler);
  };
  const judge = (mark: number, { attempt: { outcome }, text }: MeterAnswer): void => {
    const isOk = outcome.kind === 'ok';
    const words = wordsOf(mark).join('');
    if (isOk) counts.whole += 1;
    else counts.broken += 1;
    if (text !== null && !words.startsWith(text)) counts.mixed += 1;
    if (isOk !== isBroken(mark) && (!isOk || text === words)) return;
    counts.wrong += 1;
    if (wrongs.length < 3) wrongs.push(JSON.stringify([mark, outcome, text]));
  };
  const settled = async (): Promise<boolean> => {
    for (let tries = 0; tries < 100; tries++) {
      const { inFlight, connections } = figuresOf(meter);
      if (inFlight === 0 && connections.open === connections.idle) return true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  };
  const growth = (): number => {
    const early = memory.slice(Math.floor(memory.length / 10), Math.ceil(memory.length / 2));
    return median(memory.slice(Math.floor(memory.length / 2))) / median(early);
  };
  return {
    kind: `${STREAMS} streams for ${seconds} s, 20 % broken, 10 % given up`,
    oneByOne: true,
    lastsMs: seconds * 1000,
    attacks: [
      {
        name: 'none is mixed with another, none broken passes for whole',
        run: async () => {
          await run();
          console.log(`  ${JSON.stringify(counts)}`);
          return held(
            counts.mixed === 0 &&
              counts.wrong === 0 &&
              counts.whole > 0 &&
              counts.broken > 0 &&
              counts.aborted > 0,
            [counts, wrongs],
          );
        },
      },
      {
        name: 'nothing is left in flight, held or half open',
        run: async () => held((await settled()) && figuresOf(meter).heldBytes === 0, figuresOf(meter)),
      },
      {
        name: 'memory stays flat',
        run: async () =>
          held(growth() < MAX_GROWTH_RATIO, {
            growth: growth(),
            megabytes: memory.map((bytes) => Math.round(bytes / 1e6)).filter((_, at) => at % 10 === 0),
          }),
      },
      {
        name: 'it ends, and everything with it',
        run: async () => {
          const brokenOff = await meter.close();
          const left = await request(`${meter.url}/health`).then(
            () => 'answers still',
            () => null,
          );
          return held(brokenOff === 0 && left === null, { brokenOff, left });
        },
      },
    ],
    close: server.close,
  };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is in use once the garbage is gone. */
function liveBytes(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function tell(socket: Socket, mark: number, random: Random): Promise<void> {
  socket.write(STREAM_HEAD);
  for (const word of wordsOf(mark)) {
    socket.write(chunk(delta(word)));
    await new Promise((resolve) => setTimeout(resolve, 1 + random.next() * 15));
  }
  socket.write(`${chunk(TAIL)}0\r\n\r\n`);
}

/** A fault in the middle of a stream, whose end mark never comes. */
async function breakOff(socket: Socket, mark: number, random: Random): Promise<void> {
  const words = wordsOf(mark);
  socket.write(
    STREAM_HEAD +
      chunk(
        words
          .slice(0, 1 + (mark % 2))
          .map(delta)
          .join(''),
      ),
  );
  await new Promise((resolve) => setTimeout(resolve, 1 + random.next() * 30));
  const fault = Math.floor(random.next() * 4);
  if (fault === 0) socket.resetAndDestroy();
  else if (fault === 1) socket.end();
  else if (fault === 2) socket.end('0\r\n\r\n');
  else socket.end(`${chunk('data: {"error":{"message":"gone","code":500}}\n\n')}0\r\n\r\n`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
