import type { KindName } from '../kinds/kinds.ts';

/** Kinds whose messages may be more than text. */
export const RICH_KINDS: readonly KindName[] = ['chat', 'messages', 'responses'];

/**
 * What is asked as fields of the body, its messages as they stand: pictures, calls of tools and their results.
 *
 * @param system null: none beside what the messages hold.
 */
export function encodeRawMessages(
  kind: KindName,
  system: string | null,
  messages: readonly Readonly<Record<string, unknown>>[],
): string {
  if (kind === 'chat') {
    const opening = system === null ? [] : [{ role: 'system', content: system }];
    return `"messages":${JSON.stringify([...opening, ...messages])}`;
  }
  const [list, systemField] = kind === 'responses' ? ['input', 'instructions'] : ['messages', 'system'];
  const field = `"${list}":${JSON.stringify(messages)}`;
  return system === null ? field : `"${systemField}":${JSON.stringify(system)},${field}`;
}
