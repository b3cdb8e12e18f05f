import type { Bundle } from './scripts/bundle.d.mts';

/** Bundles k6 entry points; by default our own scenarios, with the library. Rejects when a bundle is not fit for k6. */
export function buildBundles(options?: {
  jslib?: boolean;
  outdir?: string;
  entries?: string[];
}): Promise<Bundle[]>;
