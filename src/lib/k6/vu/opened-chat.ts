import type { Composed } from './composer.ts';
import type { Opened } from './conversations.ts';

/** A conversation of the run, ready to say its first turn. */
export type OpenedChat = Opened & { composed: Composed };
