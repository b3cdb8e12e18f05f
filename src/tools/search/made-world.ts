import { NOWHERE, type Point } from '../results/figures/figures.ts';
import type { StepSpan } from './step-length.ts';
import type { Drive, StepLength, StepRecord } from './step-record.ts';
import { StepSamples } from './step-samples.ts';
import type { ServiceTerm } from './service-level.ts';

/** A server of so many slots with one queue, for tests: its capacity is known. Times in ms. */
export type World = {
  slots: number;
  serviceMs: () => number;
  /** Between arrivals, of a mean; even by default. */
  gapMs?: (meanMs: number) => number;
  /** Requests that wait; one more is refused. */
  queue?: number;
  /** The highest load that the client makes. */
  clientMax?: number;
  /** Users ask again at once. */
  by?: 'rate' | 'vus';
};

type Wish = { number: number; load: number; length: StepLength; times: StepSpan };

/** What a step against such a server measures. */
export function worldStep(world: World, terms: readonly ServiceTerm[], step: Wish): StepRecord {
  const { load, times, number, length } = step;
  const { warmupMs, holdMs } = times;
  const samples = new StepSamples(terms);
  const made = Math.min(load, world.clientMax ?? Infinity);
  const requests =
    world.by === 'vus' ? usersAsk(world, made, warmupMs + holdMs) : arrive(world, made, warmupMs + holdMs);
  const measured = requests.filter(({ atMs }) => atMs >= warmupMs);
  const planned = world.by === 'vus' ? null : (load * holdMs) / 1000;
  let isCutShort = false;
  const latencies: number[] = [];
  let failed = 0;
  let endMs = warmupMs + holdMs;
  for (const { atMs, latencyMs } of measured.toSorted((a, b) => endOf(a) - endOf(b))) {
    const offsetMs = atMs + (latencyMs ?? 1);
    const point = (name: string, type: Point['type'], value: number): void =>
      samples.add({ name, type, value, offsetMs, place: NOWHERE });
    if (latencyMs !== null) {
      point('ai_latency_ms', 'trend', latencyMs);
      latencies.push(latencyMs);
    } else failed += 1;
    point('error_rate', 'rate', latencyMs === null ? 1 : 0);
    if (!samples.isLost(planned)) continue;
    isCutShort = true;
    endMs = offsetMs;
    break;
  }
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
  const drive: Drive = {
    madeRatio: world.by === 'vus' ? null : made / load,
    clientBound: [],
    shortOf: made < load ? ['too few VUs'] : [],
  };
  return {
    number,
    load,
    length,
    folder: '',
    measuredSec: (endMs - warmupMs) / 1000,
    terms: samples.terms(warmupMs, endMs),
    growth: world.by === 'vus' ? null : samples.growth(warmupMs, endMs),
    requests: latencies.length + failed,
    succeeded: latencies.length,
    measured: { requests: latencies.length + failed, failed },
    errors: failed === 0 ? {} : { overloaded: failed },
    latencyMs: sorted.length === 0 ? null : { p50: at(0.5), p95: at(0.95) },
    ttftMs: null,
    tpotMs: null,
    openAtOnce: 0,
    goodputRatio: null,
    goodPerSec: null,
    outputTokensPerSec: null,
    tokensPerSecAUser: null,
    costUsd: null,
    usdPerHour: null,
    drive,
    isCutShort,
  };
}

/** null: refused. */
type WorldRequest = { atMs: number; latencyMs: number | null };

function endOf({ atMs, latencyMs }: WorldRequest): number {
  return atMs + (latencyMs ?? 1);
}

function arrive(world: World, perSec: number, lengthMs: number): WorldRequest[] {
  const { slots, serviceMs, queue = Infinity, gapMs = (meanMs) => meanMs } = world;
  const freeAt = Array.from({ length: slots }, () => 0);
  const waiting: number[] = [];
  const requests: WorldRequest[] = [];
  for (let atMs = 0; atMs < lengthMs; atMs += gapMs(1000 / perSec)) {
    while ((waiting[0] ?? Infinity) <= atMs) waiting.shift();
    if (waiting.length >= queue) {
      requests.push({ atMs, latencyMs: null });
      continue;
    }
    const slot = freeAt.indexOf(Math.min(...freeAt));
    const startMs = Math.max(atMs, freeAt[slot] ?? 0);
    if (startMs > atMs) waiting.push(startMs);
    const end = startMs + serviceMs();
    freeAt[slot] = end;
    requests.push({ atMs, latencyMs: end - atMs });
  }
  return requests;
}

function usersAsk({ slots, serviceMs }: World, users: number, lengthMs: number): WorldRequest[] {
  const freeAt = Array.from({ length: slots }, () => 0);
  const asksAt = Array.from({ length: users }, (_, user) => user / users);
  const requests: WorldRequest[] = [];
  for (;;) {
    const user = asksAt.indexOf(Math.min(...asksAt));
    const atMs = asksAt[user] ?? 0;
    if (atMs >= lengthMs) return requests;
    const slot = freeAt.indexOf(Math.min(...freeAt));
    const end = Math.max(atMs, freeAt[slot] ?? 0) + serviceMs();
    freeAt[slot] = end;
    asksAt[user] = end;
    requests.push({ atMs, latencyMs: end - atMs });
  }
}
