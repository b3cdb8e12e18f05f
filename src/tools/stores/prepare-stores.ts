import type { K6 } from '../k6/find-k6.ts';
import { prepareInflux } from './prepare-influx.ts';
import { prepareOtel } from './prepare-otel.ts';
import { preparePrometheus } from './prepare-prometheus.ts';
import type { Store, StoreContext } from './store.ts';

/** The stores that a run was asked to write to, by their flags; null: not asked for. */
export type StoreUrls = { influxdb: string | null; prometheus: string | null; otel: string | null };

/**
 * Makes every store ready, before anything is sent.
 *
 * @returns all of them as one; null after saying which cannot be used.
 * @throws ConfigError for a URL that k6 could not write to.
 */
export async function prepareStores(
  { influxdb, prometheus, otel }: StoreUrls,
  context: StoreContext & { k6: K6; env: NodeJS.ProcessEnv },
): Promise<Store | null> {
  const token = context.env['INFLUX_TOKEN']?.trim() || null;
  const made: (Store | null)[] = [];
  if (influxdb !== null) made.push(await prepareInflux(influxdb, { ...context, token }));
  if (prometheus !== null) made.push(await preparePrometheus(prometheus, context));
  if (otel !== null) made.push(await prepareOtel(otel, context));
  const stores = made.filter((store) => store !== null);
  return stores.length < made.length ? null : inOne(stores, context.testid);
}

/**
 * `--tag` replaces a script's `options.tags`, which is why the scenarios set their own tags elsewhere. Without a
 * store there is none: a tag costs memory.
 */
function inOne(stores: readonly Store[], testid: string): Store {
  const tag = stores.length === 0 ? [] : ['--tag', `testid=${testid}`];
  return {
    args: [...tag, ...stores.flatMap(({ args }) => args)],
    env: Object.assign({}, ...stores.map(({ env }) => env)),
    finish: async (k6ExitCode, parts) => {
      let exitCode = k6ExitCode;
      for (const store of stores) exitCode = await store.finish(exitCode, parts);
      return exitCode;
    },
  };
}

/** For a run that writes to none. */
export const NO_STORE: Store = inOne([], '');
