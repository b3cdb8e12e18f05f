import type { Provider } from './providers.ts';

/** What a preset does otherwise than OpenAI's own API would have it, for people; none where it does not. */
export function describeQuirks(provider: Provider): string[] {
  const { kinds, authHeader, rootPath, deploymentQuery, tokenParam, refusedFields, takesExactLength } =
    provider;
  return [
    kinds[0] !== 'messages' && authHeader !== 'authorization'
      ? `the key goes into the header ${authHeader}`
      : null,
    rootPath === 'v1' ? null : `its API begins at /${rootPath}`,
    deploymentQuery === null ? null : `an address of one deployment gets ?${deploymentQuery}`,
    tokenParam === null ? null : `the limit is sent as ${tokenParam}`,
    refusedFields.length === 0 ? null : `${refusedFields.join(', ')} is never sent`,
    takesExactLength ? 'exact lengths by min_tokens and ignore_eos' : null,
  ].filter((line) => line !== null);
}
