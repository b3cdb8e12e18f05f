import type { Wire } from './providers.ts';

/** The path of a chat request under the base URL. */
export function chatPath(wire: Wire): string {
  return wire === 'anthropic' ? 'messages' : 'chat/completions';
}
