import { BOUNDS } from '../bounds.ts';
/** Called for each event: its name (empty when it has none) and its data, lines joined by LF. */
export type OnEvent = (name: string, data: string) => void;

/** Called with text that stands where an event should be, its lines joined by LF. */
export type OnStray = (text: string) => void;

/**
 * Frames server-sent events (WHATWG HTML, 9.2.6) in text that comes in pieces of any size.
 *
 * The text is decoded already, or "binary": one char a byte (`latin1`), so that a character cut between two reads
 * is no matter; whoever needs an event's text decodes that event. Every search stays within the piece just fed,
 * so cost is linear in the bytes, however they are cut.
 *
 * Beyond the standard: an event whose blank line is missing at the end is delivered by `end()`, since some
 * servers leave it out, and so is a last line without its line end.
 */
export class SseFramer {
  readonly #onEvent: OnEvent;
  readonly #onStray: OnStray;
  /** Pieces of a line whose end has not come: a line may take thousands of reads. */
  #held: string[] = [];
  /** Of the line and the event that have not ended. */
  #heldChars = 0;
  /** A line, or an event of many lines, was too long: nothing more is read. */
  isExceeded = false;
  /** The last read ended with CR: an LF that comes next is the same line end. */
  #skipLf = false;
  /** A BOM may stand before the first line only. */
  #isFirstLine = true;
  #name = '';
  /** Data so far; null: the event has no data line, and is none. */
  #data: string | null = null;
  /** Lines so far that are no part of an event. */
  #stray: string[] = [];

  /** Without `onStray` such text means nothing, as the standard has it. */
  constructor(onEvent: OnEvent, onStray: OnStray = () => {}) {
    this.#onEvent = onEvent;
    this.#onStray = onStray;
  }

  /** Something of an event has come, and not its end. */
  hasPartialEvent(): boolean {
    return this.#data !== null || this.#name !== '' || this.#held.length > 0 || this.#stray.length > 0;
  }

  /** Characters that are kept of what has not ended. */
  get heldChars(): number {
    return this.#heldChars;
  }

  feed(chunk: string): void {
    if (this.isExceeded) return;
    let start = 0;
    if (this.#skipLf && chunk.length > 0) {
      this.#skipLf = false;
      if (chunk.charCodeAt(0) === LF) start = 1;
    }
    let lf = chunk.indexOf('\n', start);
    let cr = chunk.indexOf('\r', start);
    while (lf !== -1 || cr !== -1) {
      const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr;
      this.#endLine(chunk.slice(start, end));
      start = end + 1;
      if (end === cr) {
        if (start === chunk.length) this.#skipLf = true;
        else if (lf === start) start += 1;
        cr = chunk.indexOf('\r', start);
      }
      if (lf !== -1 && lf < start) lf = chunk.indexOf('\n', start);
    }
    if (start === chunk.length || !this.#hold(chunk.length - start)) return;
    this.#held.push(start === 0 ? chunk : chunk.slice(start));
  }

  /** False: it would be too much, and what was kept is let go. */
  #hold(chars: number): boolean {
    this.#heldChars += chars;
    if (this.#heldChars <= BOUNDS.lineChars) return true;
    this.isExceeded = true;
    this.#held = [];
    this.#stray = [];
    this.#data = null;
    this.#heldChars = 0;
    return false;
  }

  /** The text is over: delivers what is left of a last event. */
  end(): void {
    // A field's name that was cut short is no text.
    if (FIELDS.some((field) => field.startsWith(this.#held.join('')))) this.#held = [];
    if (this.#held.length > 0) this.#endLine('');
    this.#dispatch();
  }

  #endLine(tail: string): void {
    if (this.isExceeded || !this.#hold(tail.length)) return;
    let line = tail;
    if (this.#held.length > 0) {
      this.#held.push(tail);
      line = this.#held.join('');
      this.#held = [];
    }
    if (this.#isFirstLine) {
      this.#isFirstLine = false;
      line = line.replace(BOM, '');
    }
    if (line === '') this.#dispatch();
    else if (line.startsWith('data:')) this.#addData(valueOf(line, 5));
    else this.#otherLine(line);
  }

  #addData(value: string): void {
    this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
  }

  /** Comments, `id` and `retry` mean nothing here. What is no field of the standard's is no event, yet may be an error. */
  #otherLine(line: string): void {
    if (line.startsWith('event:')) this.#name = valueOf(line, 6);
    else if (line === 'data') this.#addData('');
    else if (line === 'event') this.#name = '';
    else if (!NO_MEANING.test(line)) this.#stray.push(line);
    else this.#heldChars -= line.length;
  }

  #dispatch(): void {
    if (this.#stray.length > 0) {
      const text = this.#stray.join('\n');
      this.#stray = [];
      this.#onStray(text);
    }
    const data = this.#data;
    const name = this.#name;
    this.#name = '';
    this.#heldChars = 0;
    // By the standard an event without data is none; one that is called an error is one all the same.
    if (data === null && !ERROR_NAME.test(name)) return;
    this.#data = null;
    this.#onEvent(name, data ?? '');
  }
}

const LF = 10;
const ERROR_NAME = /error|exception/i;
const FIELDS = ['data:', 'event:', 'id:', 'retry:'];
/** Comments, and fields that have no meaning for an answer. */
const NO_MEANING = /^(:|(id|retry)(:|$))/;
/** As a character, or as its three bytes. */
const BOM = /^(\uFEFF|\u00EF\u00BB\u00BF)/;
const SPACE = 32;

/** What follows the colon, without the one space that may stand there. */
function valueOf(line: string, from: number): string {
  return line.slice(line.charCodeAt(from) === SPACE ? from + 1 : from);
}
