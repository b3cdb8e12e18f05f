import { ConfigError } from '../parse/config-error.ts';

/** A metric, and the tags that its samples must carry: `ai_latency_ms{model:gpt-4.1,stream:true}`. */
export type ThresholdKey = { metric: string; tags: ReadonlyMap<string, string> };

/**
 * Reads `metric` or `metric{tag:value,tag:value}`. k6 splits at commas and strips quotes, so no value may hold
 * one; colons, slashes and blanks inside a value are fine.
 *
 * @param place how messages name the profile.
 * @throws ConfigError for a selector that k6 refuses, or takes for something else.
 */
export function parseThresholdKey(key: string, place: string): ThresholdKey {
  const fail = (expected: string): ConfigError =>
    new ConfigError({ setting: place, got: key, expected, example: 'ai_latency_ms{model:gpt-4.1}' });
  const openAt = key.indexOf('{');
  const metric = (openAt === -1 ? key : key.slice(0, openAt)).trim();
  if (openAt === -1) {
    if (/[}:,"']/.test(key)) throw fail('tags in braces after the metric');
    return { metric, tags: new Map() };
  }
  const body = key.trimEnd();
  if (!body.endsWith('}')) throw fail('a closing brace as the last character');
  const selector = body.slice(openAt + 1, -1);
  if (/[{}]/.test(selector)) throw fail('one pair of braces');
  if (/["']/.test(selector)) throw fail('tag values without quotes');
  return { metric, tags: parseTags(selector, fail) };
}

/** The key as k6 takes it. */
export function formatThresholdKey({ metric, tags }: ThresholdKey): string {
  const selector = [...tags].map(([tag, value]) => `${tag}:${value}`);
  return selector.length === 0 ? metric : `${metric}{${selector.join(',')}}`;
}

function parseTags(selector: string, fail: (expected: string) => ConfigError): Map<string, string> {
  const tags = new Map<string, string>();
  for (const item of selector.split(',')) {
    const splitAt = item.indexOf(':');
    const tag = item.slice(0, Math.max(0, splitAt)).trim();
    const value = item.slice(splitAt + 1).trim();
    if (tag === '' || value === '') {
      throw fail('tag:value between the braces, separated by commas (so no value may hold a comma)');
    }
    if (tags.has(tag)) throw fail(`the tag ${tag} once: no sample has two values of it`);
    tags.set(tag, value);
  }
  return tags;
}
