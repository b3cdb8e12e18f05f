import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, exponential, lognormal, standardNormal } from '../../lib/numbers/random.ts';
import type { SampleRecord } from '../../lib/samples/sample-fields.ts';
import type { SampleHeader } from '../../lib/samples/sample-header.ts';
import { openInput } from '../results/read/open-input.ts';
import { madeHeader, madeRecord, samplesText } from '../results/made-samples.ts';
import { type PreparedRun, prepareRun } from './compare-runs.ts';

export type MadeRun = {
  seed: number;
  /** Of load. */
  durationSec: number;
  ratePerSec: number;
  /** 1 is the usual server, 1.15 one that is 15 % slower to its first token. */
  slowness: number;
  /** How alike neighbours are, 0 to 1: a server's own slow moods. */
  memory: number;
};

/** Streamed requests of a made-up server: TTFT with moods, a token pace, 2 % failures. */
export function madeRequests(run: MadeRun, change: Partial<SampleRecord> = {}): SampleRecord[] {
  const random = createRandom(run.seed);
  const records: SampleRecord[] = [];
  let mood = standardNormal(random);
  for (let atMs = 500; ;) {
    atMs += (exponential(random) * 1000) / run.ratePerSec;
    if (atMs > 500 + run.durationSec * 1000) return records;
    mood = run.memory * mood + Math.sqrt(1 - run.memory ** 2) * standardNormal(random);
    const ttftMs = lognormal(random, 200 * run.slowness, 0.2) * Math.exp(0.1 * mood);
    const outputTokens = 20 + Math.floor(random.next() * 60);
    const latencyMs = ttftMs + 10 * (outputTokens - 1);
    const isOk = random.next() >= 0.02;
    records.push(
      madeRecord({
        atMs,
        stream: true,
        outcome: isOk ? 'ok' : 'overloaded',
        status: isOk ? 200 : 503,
        ttftMs: isOk ? ttftMs : null,
        tpotMs: isOk ? 10 : null,
        latencyMs: isOk ? latencyMs : null,
        endMs: isOk ? latencyMs : 5,
        outputTokens: isOk ? outputTokens : null,
        costUsd: isOk ? outputTokens * 8e-6 : null,
        good: isOk,
        ...change,
      }),
    );
  }
}

/** Reads requests back as a run, through a file as any other. */
export async function runOf(
  records: readonly SampleRecord[],
  { label = 'run', header = {} }: { label?: string; header?: Partial<SampleHeader> } = {},
): Promise<PreparedRun> {
  const folder = mkdtempSync(join(tmpdir(), 'k6-llm-made-'));
  try {
    const file = join(folder, label);
    writeFileSync(file, samplesText(records, madeHeader(header)));
    const [run] = await openInput(file);
    if (run === undefined) throw new Error('the made run cannot be read');
    return await prepareRun(run);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
