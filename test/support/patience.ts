/**
 * How long a test, and whatever it waits for, may take before it counts as hung, ms: tests say nothing of how fast a
 * machine is, and this one may be doing ten other things.
 */
export const PATIENCE_MS = 300_000;
