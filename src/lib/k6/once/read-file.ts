import { ConfigError } from '../../parse/config-error.ts';

/**
 * The text of a file that a setting names. Init only. `open()` takes a path as absolute, or relative to the
 * bundle, so the message of a missing file says so.
 *
 * @throws ConfigError when it cannot be read.
 */
export function readFile(path: string, setting: string): string {
  // k6 reads a device to its end, and some have none.
  if (/^\/(dev|proc|sys)\//.test(path)) {
    throw new ConfigError({
      setting,
      got: path,
      expected: 'a regular file',
      example: `${setting}=/data/my-file.json`,
    });
  }
  try {
    return open(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError({
      setting,
      got: path,
      expected: `a readable file (${reason}); k6 takes a path as absolute, or relative to the bundle in dist/`,
      example: `${setting}=/data/my-file.json`,
    });
  }
}
