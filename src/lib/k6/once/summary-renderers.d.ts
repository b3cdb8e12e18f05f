/** Ours (src/lib/summary/render/jslib-renderers.ts), or k6-jslib-summary's in bundles built with `--jslib`. */
declare module '#summary-renderers' {
  export function textSummary(data: unknown, options?: { indent?: string; enableColors?: boolean }): string;
  export function jUnit(data: unknown, options?: { name?: string }): string;
}
