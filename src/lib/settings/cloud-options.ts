import { integer, optional, type Parse } from '../parse/values.ts';
import { ConfigError } from '../parse/config-error.ts';

/** Where a cloud run sends part of its load from, in percent of the whole; all parts sum up to 100. */
export type LoadZone = { zone: string; percent: number };

/** What settings say of a run in k6 Cloud. null: not set. */
export type CloudSettings = {
  /** `LLM_CLOUD_PROJECT`: the number in the project's address. */
  projectId: number | null;
  /** `LLM_CLOUD_NAME`: runs of one name are compared with each other; the scenario's name by default. */
  name: string | null;
  /** `LLM_CLOUD_STACK`: the number of the Grafana Cloud stack; k6 1.6 or newer reads it. */
  stackId: number | null;
  /** `LLM_CLOUD_ZONES`: empty means the cloud's own choice. */
  zones: readonly LoadZone[];
};

/** k6's `options.cloud`, as Grafana's "Cloud options" page has it (k6 passes it on unchecked). */
export type CloudOptions = {
  name: string;
  projectID?: number;
  stackID?: number;
  distribution?: Readonly<Record<string, { loadZone: string; percent: number }>>;
};

const ZONE_PATTERN = /^[a-z0-9]+(:[a-z0-9]+)+(:[a-z0-9-]+)*$/i;
const ZONES_EXAMPLE = 'amazon:us:ashburn=60,amazon:de:frankfurt=40';

/** A number of a project or a stack: `1234567`. */
export const parseCloudId: Parse<number | null> = optional(
  integer({ min: 1, max: Number.MAX_SAFE_INTEGER, example: '1234567' }),
);

/**
 * Load zones with their shares, `amazon:us:ashburn=60,amazon:de:frankfurt=40`; zones without a share split
 * evenly what is left.
 *
 * @throws ConfigError when a zone is none, is there twice, or the shares do not sum up to 100.
 */
export const parseLoadZones: Parse<readonly LoadZone[]> = (text, setting) => {
  const fail = (expected: string): ConfigError =>
    new ConfigError({ setting, got: text, expected, example: `${setting}=${ZONES_EXAMPLE}` });
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length === 1 && parts[0] === '') return [];
  const given = parts.map((part) => {
    const [zone = '', share, ...more] = part.split('=').map((each) => each.trim());
    if (more.length > 0 || !ZONE_PATTERN.test(zone)) throw fail('load zones such as amazon:us:ashburn');
    if (share === undefined) return { zone, percent: null };
    if (!/^\d+(\.\d+)?$/.test(share) || Number(share) <= 0) throw fail('shares in percent above 0');
    return { zone, percent: Number(share) };
  });
  if (new Set(given.map(({ zone }) => zone)).size < given.length) throw fail('each load zone once');
  const zones = shareOut(given);
  const total = zones.reduce((sum, { percent }) => sum + percent, 0);
  if (zones.some(({ percent }) => percent <= 0) || Math.abs(total - 100) > 1e-6) {
    throw fail('shares that sum up to 100');
  }
  return zones;
};

/** Zones without a share split evenly what the others leave. */
function shareOut(given: readonly { zone: string; percent: number | null }[]): LoadZone[] {
  const taken = given.reduce((sum, { percent }) => sum + (percent ?? 0), 0);
  const open = given.filter(({ percent }) => percent === null).length;
  return given.map(({ zone, percent }) => ({ zone, percent: percent ?? (100 - taken) / open }));
}

/**
 * `options.cloud` of a scenario. It is harmless outside the cloud: a local k6 ignores it.
 *
 * @param scenario names the test in the cloud when `LLM_CLOUD_NAME` does not.
 */
export function cloudOptions(settings: CloudSettings, scenario: string): CloudOptions {
  const { projectId, stackId, zones } = settings;
  return {
    name: settings.name ?? `LLM ${scenario}`,
    ...(projectId === null ? {} : { projectID: projectId }),
    ...(stackId === null ? {} : { stackID: stackId }),
    ...(zones.length === 0 ? {} : { distribution: distributionOf(zones) }),
  };
}

/** The cloud wants a label for each zone; the zone itself serves, with characters that a label may have. */
function distributionOf(zones: readonly LoadZone[]): NonNullable<CloudOptions['distribution']> {
  return Object.fromEntries(
    zones.map(({ zone, percent }) => [zone.replace(/[^a-z0-9]+/gi, '-'), { loadZone: zone, percent }]),
  );
}
