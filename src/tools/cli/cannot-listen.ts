import { systemCode } from '../results/folder/system-reason.ts';
import { UsageError } from './define-command.ts';

/** Why a server cannot listen, and what to do about just that. */
export function cannotListen(error: Error): UsageError {
  switch (systemCode(error)) {
    case 'EMFILE':
    case 'ENFILE':
      return new UsageError(
        `cannot listen (${error.message}): too many files are open; raise the limit, ulimit -n 65536, or end what holds them`,
      );
    case 'EADDRINUSE':
    case 'EACCES':
      return new UsageError(
        `--port: cannot listen there (${error.message}); expected a free port; write --port 0`,
      );
    case 'EADDRNOTAVAIL':
      return new UsageError(
        `--host: cannot listen there (${error.message}); expected an address of this machine; write --host 127.0.0.1`,
      );
    default:
      return new UsageError(`cannot listen (${error.message})`);
  }
}
