import type { TextPart } from '../../lib/prompts/session/sized-text.ts';

/** A stretch of a text seen before, and what came behind it. */
type Node = {
  text: string;
  /** The stretch that it is (a part of): its number, its length, where in it this begins. */
  id: number;
  chars: number;
  tokens: number;
  next: Map<string, Node>;
};

/**
 * Numbers texts so that those which begin alike begin with the same numbers, to the character, and nothing else is told of
 * them. It keeps the texts themselves, in memory alone.
 */
export class TextTree {
  readonly #roots = new Map<string, Node>();
  #count = 0;

  /**
   * The text as stretches.
   *
   * @param tokensOf of a stretch that was not seen before.
   */
  partsOf(text: string, tokensOf: (stretch: string) => number): TextPart[] {
    const parts: TextPart[] = [];
    let level = this.#roots;
    let rest = text;
    while (rest !== '') {
      const first = rest.charAt(0);
      const node = level.get(first);
      if (node === undefined) {
        const fresh = this.#fresh(rest, tokensOf(rest));
        level.set(first, fresh);
        use(parts, fresh, rest.length);
        return parts;
      }
      const shared = commonStart(node.text, rest);
      use(parts, node, shared);
      rest = rest.slice(shared);
      if (shared < node.text.length) split(node, shared);
      level = node.next;
    }
    return parts;
  }

  #fresh(text: string, tokens: number): Node {
    return { text, id: this.#count++, chars: text.length, tokens, next: new Map() };
  }
}

/** Adds characters of a stretch; nodes of one stretch follow each other. */
function use(parts: TextPart[], { id, chars, tokens }: Node, usedChars: number): void {
  const last = parts[parts.length - 1];
  if (last !== undefined && last.id === id)
    parts[parts.length - 1] = { ...last, usedChars: last.usedChars + usedChars };
  else parts.push({ id, chars, tokens, usedChars });
}

/** Parts a node in two, of one stretch. */
function split(node: Node, at: number): void {
  const behind: Node = { ...node, text: node.text.slice(at) };
  node.text = node.text.slice(0, at);
  node.next = new Map([[behind.text.charAt(0), behind]]);
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}
