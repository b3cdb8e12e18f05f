import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { providerEnvironment } from '../../../lib/settings/provider-environment.ts';
import type { ReadProvider } from './read-providers.ts';
import { type Server, startServer } from './start-server.ts';

export type MetersOptions = {
  env: NodeJS.ProcessEnv;
  /** Of each, to open before the load. */
  connections: number;
  /** Each holds an equal part of it; null: no limit. */
  budgetUsd: number | null;
};

/** In the order of the file. */
export type ProviderMeters = { urls: readonly string[]; stop: () => Promise<void> };

/** Starts a stream meter for each provider, with the key of that one alone for its target. */
export async function startProviderMeters(
  providers: readonly ReadProvider[],
  options: MetersOptions,
): Promise<ProviderMeters> {
  const folder = await mkdtemp(path.join(tmpdir(), 'k6-llm-prices-'));
  const servers: Server[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const [index, provider] of providers.entries()) {
      const pricesFile = await pricesOf(provider, path.join(folder, `${index}.json`));
      servers.push(await startOne(provider, { ...options, pricesFile, count: providers.length }));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { urls: servers.map(({ url }) => url), stop };
}

/** The price file of its budget; null: the run's own prices. */
async function pricesOf({ entry, pricesFile }: ReadProvider, file: string): Promise<string | null> {
  if (entry.prices?.kind !== 'rates') return pricesFile;
  await writeFile(file, JSON.stringify({ models: { [entry.model]: entry.prices.rates } }));
  return file;
}

async function startOne(
  { entry }: ReadProvider,
  {
    env,
    connections,
    budgetUsd,
    pricesFile,
    count,
  }: MetersOptions & { pricesFile: string | null; count: number },
): Promise<Server> {
  const args = ['meter', '--port', '0', '--connections', String(connections)];
  if (budgetUsd !== null) args.push('--budget', (budgetUsd / count).toFixed(9));
  const own = { ...providerEnvironment(env, entry, null), LLM_TRANSPORT: '', LLM_PROVIDERS: '' };
  return startServer(args, pricesFile === null ? own : { ...own, LLM_PRICES: pricesFile });
}
