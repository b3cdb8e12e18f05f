import { ConfigError } from '../errors.ts';

/**
 * The key inside what people paste: byte order mark, blanks, line ends, quotes and a `Bearer ` in front are
 * taken off. null when nothing is left: no header is sent then.
 *
 * @throws ConfigError, without the key in its message, when blanks or control characters are inside it.
 */
export function normaliseApiKey(raw: string, setting: string): string | null {
  let key = raw.replace(/^\uFEFF/, '').trim();
  const quoted = /^(["'])(.*)\1$/s.exec(key);
  if (quoted !== null) key = (quoted[2] ?? '').trim();
  key = key.replace(/^bearer\s+/i, '');
  if (key === '' || /^bearer$/i.test(key)) return null;
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new ConfigError({
      setting,
      got: '(hidden)',
      expected: 'one key of printable ASCII characters, without blanks or line breaks inside',
      example: `export ${setting}=sk-...`,
    });
  }
  return key;
}
