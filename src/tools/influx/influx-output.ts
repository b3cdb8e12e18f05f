import { ConfigError } from '../../lib/parse/config-error.ts';
import type { OutputFlags } from '../stores/store.ts';
import type { InfluxTarget } from './influx-target.ts';

/**
 * k6's flags and environment for one InfluxDB. Address and password go by the environment, which no process
 * list shows. What would lose points is set to what loses none, whatever the shell has:
 * precision `ns` (with `s`, samples of the same second and tags overwrite each other), and `url` as a field.
 *
 * @param testid the tag by which the run is found again.
 * @throws ConfigError when `testid` could not be asked for again.
 */
export function influxOutput(target: InfluxTarget, { testid }: { testid: string }): OutputFlags {
  if (!/^[\w.:-]+$/.test(testid)) {
    throw new ConfigError({
      setting: 'testid',
      got: testid,
      expected: 'letters, digits, _, -, . and :',
      example: '2026-11-25T10-00-00-baseline',
    });
  }
  const { credentials } = target;
  return {
    args: ['--out', 'influxdb'],
    env: {
      ...target.outputEnv,
      K6_INFLUXDB_ADDR: target.address,
      K6_INFLUXDB_DB: target.database,
      K6_INFLUXDB_USERNAME: credentials?.username ?? '',
      K6_INFLUXDB_PASSWORD: credentials?.password ?? '',
      K6_INFLUXDB_PRECISION: 'ns',
      K6_INFLUXDB_TAGS_AS_FIELDS: 'vu:int,iter:int,url',
    },
  };
}
