export type MappedCode = { code: string; map: object | string };

export function functionsOnDemand(
  module: MappedCode,
  isWanted: (found: { name: string; length: number; isOutermost: boolean }) => boolean,
): { code: string; map: { version: number; sources: (string | null)[]; mappings: string } };
