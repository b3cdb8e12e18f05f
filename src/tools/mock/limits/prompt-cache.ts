/** Characters of a block: four a token make 16 tokens, the block of paged key-value caches. */
const BLOCK_CHARS = 64;
const BLOCK_TOKENS = 16;
/** Blocks kept for all models together; the oldest go first. 64 MB of text. */
const MAX_BLOCKS = 1_000_000;

/**
 * A prefix cache as engines have it: a prompt is cut in blocks, a block counts as cached if it and all before
 * it came in an earlier prompt of the same model.
 */
export class PromptCache {
  readonly #seen = new Set<string>();

  /** Tokens of `prompt` that were there, always a multiple of 16; from now on all of its blocks are. */
  lookUp(model: string, prompt: string): number {
    let chain = hash(0x811c9dc5, model, 0, model.length);
    let check = 0;
    let cachedBlocks = 0;
    let inPrefix = true;
    for (let at = 0; at + BLOCK_CHARS <= prompt.length; at += BLOCK_CHARS) {
      chain = hash(chain, prompt, at, at + BLOCK_CHARS);
      check = Math.imul(check ^ chain, 0x9e3779b1) >>> 0;
      const key = `${chain.toString(36)}.${check.toString(36)}`;
      inPrefix = inPrefix && this.#seen.has(key);
      if (inPrefix) cachedBlocks += 1;
      else this.#remember(key);
    }
    return cachedBlocks * BLOCK_TOKENS;
  }

  clear(): void {
    this.#seen.clear();
  }

  #remember(key: string): void {
    this.#seen.add(key);
    if (this.#seen.size <= MAX_BLOCKS) return;
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest);
      return;
    }
  }
}

/** FNV-1a over UTF-16 units. */
function hash(start: number, text: string, from: number, to: number): number {
  let value = start;
  for (let at = from; at < to; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
