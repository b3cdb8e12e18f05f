/** Why the system refused something, in its words: `no space left on device`. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node writes `ENOSPC: no space left on device, write`.
  return /^E[A-Z0-9]+: ([^,]+),/.exec(error.message)?.[1] ?? error.message;
}

/** The system's own name for what it refused, `ENOENT`; null for any other error. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
