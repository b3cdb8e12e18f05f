/**
 * How long a test waits for anything before that counts as hung, ms: tests say nothing of how fast a machine is, and this
 * one may be doing ten other things.
 */
export const PATIENCE_MS = 120_000;
