/** Globals of k6's engine that `@types/k6` leaves to other type packages. */
declare const console: {
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
};

declare function require(name: string): unknown;
