/** One field in which two summaries differ. */
export type FieldDifference = { field: string; ours: unknown; theirs: unknown };

export type FieldRules = {
  /** Fields that may differ; `*` stands for any names between dots, or within one. */
  mayDiffer: readonly string[];
  /** Largest relative difference of two numbers. */
  tolerance: number;
};

/** Every field in which two values differ, by its path: `totals.costUsd`, `models.m.latencyMs.p95`. */
export function fieldDifferences(
  ours: unknown,
  theirs: unknown,
  { mayDiffer, tolerance }: FieldRules,
): FieldDifference[] {
  const allowed = mayDiffer.map(patternOf);
  const found: FieldDifference[] = [];
  const walk = (a: unknown, b: unknown, path: readonly string[]): void => {
    const field = path.join('.');
    if (allowed.some((pattern) => pattern.test(field))) return;
    if (isObject(a) && isObject(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) walk(a[key], b[key], [...path, key]);
    } else if (!isAlike(a, b, { tolerance, least: leastOf(field) })) {
      found.push({ field, ours: a, theirs: b });
    }
  };
  walk(ours, theirs, []);
  return found;
}

function patternOf(field: string): RegExp {
  return new RegExp(`^${field.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
}

/** Samples hold times to the microsecond; what is rounded up from times may come out as one more. */
function leastOf(field: string): number {
  if (field.endsWith('vusNeeded')) return 1;
  return /ms\b/i.test(field) ? 0.001 : 1e-9;
}

function isAlike(
  a: unknown,
  b: unknown,
  { tolerance, least }: { tolerance: number; least: number },
): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return Object.is(a, b);
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b)) + least;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
