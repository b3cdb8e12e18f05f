import { BOUNDS } from '../bounds.ts';
import { parseJson } from '../../parse/json.ts';

/** White space and a BOM, as a character or as bytes. */
const BLANK_START = /^[\s\uFEFF\u00EF\u00BB\u00BF]+/;

/**
 * What an answer begins with that looks like no event stream but like JSON or a page: an event stream never starts
 * with a brace or a tag. It is kept with its times until the end tells what it was.
 */
export class BodyBeforeEvents {
  #pieces: { chunk: string; atMs: number }[] | null = null;
  #isKnown = false;
  #chars = 0;

  /** Characters kept. */
  get chars(): number {
    return this.#chars;
  }

  /** Something is kept, or the next text may yet begin a body. */
  isPossible(): boolean {
    return this.#pieces !== null || !this.#isKnown;
  }

  /** What one read brought: `kept`, `exceeded` when it was too much, or `stream` when it belongs to the events. */
  take(chunk: string, atMs: number): 'kept' | 'exceeded' | 'stream' {
    if (!this.#isKnown) this.#lookAtStart(chunk);
    if (this.#pieces === null) return 'stream';
    this.#chars += chunk.length;
    if (this.#chars <= BOUNDS.bodyChars) {
      this.#pieces.push({ chunk, atMs });
      return 'kept';
    }
    this.#chars = 0;
    this.#pieces = [];
    return 'exceeded';
  }

  /** It is an event stream, whatever it looked like: the pieces kept so far, which nobody keeps any more. */
  giveUp(): readonly { chunk: string; atMs: number }[] {
    this.#isKnown = true;
    const pieces = this.#pieces ?? [];
    this.#chars = 0;
    this.#pieces = null;
    return pieces;
  }

  /** All of it as one text; null: none was kept, or events follow it (an error in bare JSON before [DONE], say). */
  get text(): string | null {
    if (this.#pieces === null) return null;
    const text = this.#pieces.map(({ chunk }) => chunk).join('');
    return /^(data|event):/m.test(text) && parseJson(text) === undefined ? null : text;
  }

  #lookAtStart(chunk: string): void {
    const first = chunk.replace(BLANK_START, '').charAt(0);
    if (first === '') return;
    this.#isKnown = true;
    if (first === '{' || first === '[' || first === '<') this.#pieces = [];
  }
}
