/** One tool call, whole. `id` is what its result is sent under; empty where the server gives none. */
export type ToolCall = { id: string; name: string; arguments: string };

/** A piece of one, as a wire brings it; what it lacks is empty. */
export type ToolCallPiece = {
  choice: number;
  index: number | null;
  id: string;
  name: string;
  arguments: string;
};

type Pending = { id: string; name: string; parts: string[] };

/** Joins the pieces of tool calls by choice and index. */
export class ToolCalls {
  readonly #calls = new Map<string, Pending>();
  #lastKey = '';

  /**
   * Adds a piece; true when it brings a name or arguments: a piece with an id alone is bookkeeping. Without an
   * index, a new id opens the next call, and no id continues the last one.
   */
  add(piece: ToolCallPiece): boolean {
    const key = this.#keyOf(piece);
    const call = this.#calls.get(key) ?? { id: '', name: '', parts: [] };
    this.#calls.set(key, call);
    this.#lastKey = key;
    if (piece.id !== '') call.id = piece.id;
    // Some servers repeat the name with every piece.
    if (piece.name !== '' && piece.name !== call.name) call.name += piece.name;
    if (piece.arguments !== '') call.parts.push(piece.arguments);
    return piece.name !== '' || piece.arguments !== '';
  }

  get size(): number {
    return this.#calls.size;
  }

  /** The calls in the order in which they began, empty ones left out. */
  list(): readonly ToolCall[] {
    const calls: ToolCall[] = [];
    for (const { id, name, parts } of this.#calls.values()) {
      if (name !== '' || parts.length > 0) calls.push({ id, name, arguments: parts.join('') });
    }
    return calls;
  }

  #keyOf({ choice, index, id, name }: ToolCallPiece): string {
    if (index === null) return id === '' && this.#lastKey !== '' ? this.#lastKey : `${choice}#${id}`;
    const key = `${choice}:${index}`;
    const known = this.#calls.get(key);
    // A second whole call under an index already taken: some servers number every call 0.
    const another =
      known !== undefined && known.id !== '' && id !== '' && known.id !== id && known.name !== '';
    return another && name !== '' ? `${key}#${id}` : this.#continued(key);
  }

  /** Pieces that follow such a second call under the same index belong to it. */
  #continued(key: string): string {
    return this.#lastKey.startsWith(`${key}#`) ? this.#lastKey : key;
  }
}
