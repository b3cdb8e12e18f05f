/**
 * Fields of a body that has the system text in a field of its own, beside the list of what was said.
 *
 * @param system null: there is none.
 */
export function systemApart(
  names: { system: string; list: string },
  system: string | null,
  said: readonly object[],
): string {
  const list = `"${names.list}":${JSON.stringify(said)}`;
  return system === null ? list : `"${names.system}":${JSON.stringify(system)},${list}`;
}

/** Splits messages for it: the words of all system messages, and the others. */
export function splitSystem<Said extends { role: string; content: string }>(
  messages: readonly Said[],
): { system: string | null; said: readonly Said[] } {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const said = messages.filter(({ role }) => role !== 'system');
  return { system: system.length === 0 ? null : system.join('\n'), said };
}
