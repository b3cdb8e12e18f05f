import type { Conversation } from '../../prompts/conversation.ts';
import type { Composed } from './composer.ts';

/** A conversation of the run, ready to say its first turn. */
export type OpenedChat = { conversation: Conversation; maxTokens: number; composed: Composed };
