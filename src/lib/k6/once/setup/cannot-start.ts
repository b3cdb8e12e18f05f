import type { FailedProvider } from '../../../summary/setup-record.ts';

/** The target, the key or the account does not let the load start. The message says what to change. */
export class CannotStart extends Error {
  override name = 'CannotStart';
}

/** Providers of several that failed before the load. */
export class ProvidersFailed extends CannotStart {
  readonly failed: readonly FailedProvider[];

  constructor(message: string, failed: readonly FailedProvider[]) {
    super(message);
    this.failed = failed;
  }
}
