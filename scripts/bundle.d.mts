/** One bundle, and what it weighs. */
export type Bundle = {
  file: string;
  bytes: number;
  /** What of it is the library; 0 for a script that does without. */
  libraryBytes: number;
  /** What of it is the scenario's own. */
  ownBytes: number;
  /** What every VU evaluates. */
  codeBytes: number;
  lazyBytes: number;
  dataBytes: number;
};

/** Bundles scripts for k6, each into one file that runs anywhere. Rejects when one is not fit for k6. */
export function bundle(options: {
  entries: readonly string[];
  outdir: string;
  /** The built `k6-llm/k6`. */
  library: string;
  /** Addresses that k6 itself may fetch. */
  allowedUrls?: RegExp | null;
  /** Held to the budgets of our own scenarios. */
  isOurs?: boolean;
}): Promise<Bundle[]>;

export const FORBIDDEN_GLOBALS: string[];
