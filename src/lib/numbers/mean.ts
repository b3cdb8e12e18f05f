export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** null of none. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}
