/** Globals of k6's engine that `@types/k6` leaves to other type packages. */
declare const console: {
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
};

/** A part of the library inside one function: see scripts/lazy-modules.mjs. */
declare module 'lazy:*' {
  export function load(): unknown;
}

/** Put into a part by scripts/functions-on-demand.mjs: lets go of its functions; whichever is called again is made again. */
declare function forgetFunctions(): void;

/** xk6-sse's module, put in front of every bundle by build.mjs; null unless `LLM_TRANSPORT=sse`. */
declare const k6Sse: object | null;
