import { ConfigError } from '../parse/config-error.ts';
import type { Provider } from '../request/providers.ts';

/** The environment as k6 (`__ENV`) or Node (`process.env`) gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

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

/**
 * The key, from `LLM_API_KEY` or the preset's own variable; null when neither holds one. Asked for in
 * setup, never at init, so that bundles can be inspected and archived without it.
 *
 * @throws ConfigError, without the key, when it cannot be one.
 */
export function readApiKey(env: Environment, provider: Pick<Provider, 'keyVariable'>): string | null {
  for (const variable of ['LLM_API_KEY', provider.keyVariable]) {
    if (variable === null) continue;
    const raw = env[variable];
    // Before the regular expressions: every VU comes here, and they are dear in k6's engine.
    if (!raw) continue;
    const key = normaliseApiKey(raw, variable);
    if (key !== null) return key;
  }
  return null;
}
