/** Where the calls under one base go: what stands before a call's path, with its last slash, and what behind it. */
export type CallRoot = { root: string; query: string };

/** The address of one call. */
export function callUrl({ root, query }: CallRoot, path: string): string {
  return root + path + query;
}
