import type { Channel } from '../answer-state.ts';
import { areAlike, beginsLike, type DeltaTemplate, makeTemplate, spelledText } from './delta-template.ts';

/** Futile templates after which a stream is no longer tried: its events differ in more than their text. */
const MAX_FUTILE_TEMPLATES = 8;

/** A piece of output that one event brought. */
export type OutputPiece = { channel: Channel; key: string; choice: number };

/** Learns what a stream's content events look like, and knows those that differ in their text alone. */
export class PlainEvents {
  /** The event learnt last. A field, as what else each event reads: k6's engine takes microseconds for a getter. */
  template: DeltaTemplate | null = null;
  /** The event learnt last has choices, and so has each that is like it. */
  hasChoices = false;
  #hits = 0;
  #futile = 0;

  /** The event is like the one learnt last up to its text, which tells nothing of what comes behind. */
  beginsAlike(name: string, data: string): boolean {
    const template = this.template;
    return template !== null && beginsLike(template, name, data);
  }

  /** The event's text as JSON spells it, when the event is like the one learnt last; null otherwise. */
  match(name: string, data: string): string | null {
    if (this.template === null) return null;
    const spelled = spelledText(this.template, name, data);
    if (spelled !== null) this.#hits += 1;
    return spelled;
  }

  /** Whether events of the template's name are all like the one learnt last. */
  matchAll(events: readonly string[]): boolean {
    if (this.template === null || !areAlike(this.template, events)) return false;
    this.#hits += events.length;
    return true;
  }

  /** Keeps an event as a pattern; `piece` is all that it brought. */
  learn(
    event: { name: string; data: string },
    { piece, hasChoices }: { piece: OutputPiece; hasChoices: boolean },
  ): void {
    if (this.#futile >= MAX_FUTILE_TEMPLATES) return;
    this.#futile = this.#hits === 0 ? this.#futile + 1 : 0;
    this.#hits = 0;
    this.template = makeTemplate(event, piece);
    this.hasChoices = hasChoices;
  }

  /** From here on each event is read in full, until another is learnt. */
  forget(): void {
    this.template = null;
  }

  /** From here on each event is read in full. */
  stop(): void {
    this.template = null;
    this.#futile = MAX_FUTILE_TEMPLATES;
  }
}
