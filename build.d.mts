/** Bundles k6 entry points. Rejects when a bundle is not fit for k6: see scripts/check-bundle.mjs. */
export function buildBundles(options?: {
  jslib?: boolean;
  outdir?: string;
  entries?: string[];
}): Promise<[file: string, output: { bytes: number }][]>;

export const FORBIDDEN_GLOBALS: string[];
