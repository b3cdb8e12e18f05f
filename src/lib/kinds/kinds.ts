import { CHAT_KIND } from './chat/chat-kind.ts';
import { COMPLETIONS_KIND } from './completions/completions-kind.ts';
import { EMBEDDINGS_KIND } from './embeddings/embeddings-kind.ts';
import type { Kind } from './kind.ts';
import { MESSAGES_KIND } from './messages/messages-kind.ts';
import { RERANK_KIND } from './rerank/rerank-kind.ts';
import { RESPONSES_KIND } from './responses/responses-kind.ts';

/** Every kind of request there is: a new one is a folder beside these and a line here. */
const ALL = [
  CHAT_KIND,
  COMPLETIONS_KIND,
  RESPONSES_KIND,
  MESSAGES_KIND,
  EMBEDDINGS_KIND,
  RERANK_KIND,
] as const satisfies readonly Kind[];

/** A kind as `LLM_KIND` names it. */
export type KindName = (typeof ALL)[number]['name'];

/** The same list, with its fields widened. */
export const KINDS: readonly (Kind & { name: KindName })[] = ALL;

export const KIND_NAMES: readonly KindName[] = KINDS.map(({ name }) => name);

/** The kind of a name. */
export function kindOf(name: KindName): Kind {
  const kind = KINDS.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
}

export function isKindName(name: unknown): name is KindName {
  return KIND_NAMES.some((known) => known === name);
}
