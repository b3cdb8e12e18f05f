/** So many pieces in a row, each of which repeats the one before and adds to it, are no accident. */
const MIN_GROWN = 2;

/**
 * Notices a server that sends the whole text so far with each event, in place of what is new. It watches from the
 * first piece and gives up at the first that does not fit, which in an honest stream is the second or the third.
 */
export class RepeatedText {
  /** False: no further piece matters. */
  isPossible = true;
  #last: string | null = null;
  #grown = 0;

  add(piece: string): void {
    if (this.#last !== null && !piece.startsWith(this.#last)) this.isPossible = false;
    else if (this.#last !== null && piece.length > this.#last.length) this.#grown += 1;
    this.#last = piece;
  }

  /** The whole text, when each piece held all before it; null otherwise. */
  get whole(): string | null {
    return this.isPossible && this.#grown >= MIN_GROWN ? this.#last : null;
  }
}
