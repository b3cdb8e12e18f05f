/**
 * What a run against one target tells its user to set, as a user of `LLM_PROVIDERS` sets it: in the file, or in the
 * provider's own variable. Settings of the run are none of that provider's.
 *
 * @param keyVariable of the provider; null: its preset's, which the message names.
 */
export function inProviderFile(
  message: string,
  { file, keyVariable }: { file: string; keyVariable: string | null },
): string {
  return message
    .replace(/LLM_BASE_URL=(\S+)/g, (_, url: string) => `"baseUrl":"${url}" in ${file}`)
    .replace(/LLM_BASE_URL/g, () => `its baseUrl in ${file}`)
    .replace(
      /LLM_API_KEY(?: or (\w+))?/g,
      (_, preset: string | undefined) =>
        keyVariable ?? preset ?? `the variable of its keyVariable in ${file}`,
    )
    .replace(/LLM_MIX/g, () => `its model in ${file}`);
}
