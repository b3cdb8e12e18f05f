import { CHAT_KIND } from '../../kinds/chat/chat-kind.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { KindName } from '../../kinds/kinds.ts';
import { kinds } from '../parts.ts';

/** The kind of a name. Most runs send chat, which every VU has at hand; a VU that sends another evaluates them all. */
export function kindFor(name: KindName): Kind {
  return name === CHAT_KIND.name ? CHAT_KIND : kinds().kindOf(name);
}
