import type { Settings } from '../../../lib/settings/settings.ts';
import { isRecord } from '../../../lib/parse/json.ts';
import { highestRatePerSec, highestVus } from '../../../lib/load/scale-load.ts';
import { SCENARIO_PARTS } from '../../../lib/load/scenario-parts.ts';
import { type Meters, metersFor } from './read-meters.ts';
import { type ProviderMeters, startProviderMeters } from './provider-meters.ts';
import { readProviders } from './read-providers.ts';
import { startServer } from './start-server.ts';
import { connectionLimits, tightLimits } from '../../machine/connection-limits.ts';
import { fetchDirect } from '../../http1/fetch-direct.ts';
import { ownValue } from '../../../lib/parse/own-value.ts';

/** A meter that runs beside k6, and what k6 must know to use it. */
export type RunningMeter = {
  env: Readonly<Record<string, string>>;
  /** 99th percentile of its event-loop delay, ms; null when it does not answer. */
  loopDelayP99Ms: () => Promise<number | null>;
  stop: () => Promise<void>;
};

/** Most connections that are opened ahead; a burst above it opens its own. */
const MAX_CONNECTIONS = 10_000;

/** True when `LLM_TRANSPORT=meter` names no meter: the launcher starts one. */
export function wantsOwnMeter(env: NodeJS.ProcessEnv): boolean {
  return chosen(env) === 'meter' && (env['LLM_METER_URL'] ?? '').trim() === '';
}

/** True for a run that asks for a meter, or for streams without naming a transport. */
export function needsMeter(settings: Settings, env: NodeJS.ProcessEnv): boolean {
  const isOpen = settings.stream && settings.meterUrl === null && ['', 'auto'].includes(chosen(env));
  return isOpen || wantsOwnMeter(env);
}

/**
 * Starts a stream meter for a run that needs one (`needsMeter`); null otherwise.
 *
 * @param scenario tells how many streams there will be: so many connections are opened before the load starts.
 * @param meters processes to carry them.
 */
export async function startMeterOfRun({
  settings,
  env,
  scenario,
  meters = 'auto',
}: {
  settings: Settings;
  env: NodeJS.ProcessEnv;
  scenario: string;
  meters?: Meters;
}): Promise<RunningMeter | null> {
  if (!needsMeter(settings, env)) return null;
  const streams = streamsAtPeak(settings, scenario);
  const workers = metersFor(meters, streams, connectionLimits());
  const connections = Math.min(MAX_CONNECTIONS, streams);
  if (scenario === 'ab' && settings.providersFile !== null) {
    const options = { env, connections, budgetUsd: settings.budgetUsd };
    return ofProviders(await startProviderMeters(readProviders(env), options));
  }
  // The target is read from the environment, as the key is: a process list shows arguments.
  const args = ['meter', '--port', '0', '--connections', String(connections), '--workers', String(workers)];
  if (settings.budgetUsd !== null) args.push('--budget', String(settings.budgetUsd));
  const server = await startServer(args, env);
  return {
    env: { LLM_METER_URL: server.url, LLM_TRANSPORT: 'meter' },
    loopDelayP99Ms: () => loopDelayOf(server.url),
    stop: server.stop,
  };
}

/** What of a run's connections this machine will not allow: a sentence each, for before its first request. */
export function tooManyConnections({
  settings,
  env,
  scenario,
  meters,
  shards,
}: {
  settings: Settings;
  env: NodeJS.ProcessEnv;
  scenario: string;
  meters: Meters;
  shards: number;
}): string[] {
  const atPeak = streamsAtPeak(settings, scenario);
  const limits = connectionLimits();
  const workers = needsMeter(settings, env) ? metersFor(meters, atPeak, limits) : 0;
  return tightLimits({ atPeak, shards, meters: workers }, limits);
}

function ofProviders({ urls, stop }: ProviderMeters): RunningMeter {
  return {
    env: { LLM_PROVIDER_METERS: urls.join(','), LLM_METER_URL: urls[0] ?? '', LLM_TRANSPORT: 'meter' },
    loopDelayP99Ms: async () => {
      const known = (await Promise.all(urls.map(loopDelayOf))).filter((delayMs) => delayMs !== null);
      return known.length === 0 ? null : Math.max(...known);
    },
    stop,
  };
}

async function loopDelayOf(url: string): Promise<number | null> {
  try {
    const response = await fetchDirect(`${url}/__meter`, {
      setting: 'LLM_METER_URL',
      signal: AbortSignal.timeout(2000),
    });
    const figures: unknown = await response.json();
    const delay = isRecord(figures) ? figures['loopDelayMs'] : null;
    const p99 = isRecord(delay) ? delay['p99'] : null;
    return typeof p99 === 'number' ? p99 : null;
  } catch {
    return null;
  }
}

function chosen(env: NodeJS.ProcessEnv): string {
  return (env['LLM_TRANSPORT'] ?? '').trim();
}

/** As many as requests are under way at the peak. */
function streamsAtPeak(settings: Settings, scenario: string): number {
  const parts = settings.holdMs === null ? ownValue(SCENARIO_PARTS, scenario) : [];
  // A script of one's own: how many users it has is known only from what was asked for.
  if (parts === undefined) return settings.vus ?? 1;
  const loads = parts.map(({ load }) => load);
  const ownUsers = highestVus(loads);
  const ownRatePerSec = highestRatePerSec(loads);
  const isHeld = settings.holdMs !== null;
  const users = ownUsers === null && !isHeld ? 0 : (settings.vus ?? ownUsers ?? 0);
  const ratePerSec = ownRatePerSec === null && !isHeld ? 0 : (settings.ratePerSec ?? ownRatePerSec ?? 0);
  const arriving = Math.ceil((ratePerSec * settings.shape.meanTurns * settings.expectedLatencyMs) / 1000);
  return Math.min(settings.maxVus, Math.max(1, users, arriving));
}
