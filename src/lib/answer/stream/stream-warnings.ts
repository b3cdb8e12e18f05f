import { snippetOf } from '../failure/snippet.ts';

/** What looked wrong in a stream and was passed over: the first of each kind, then a count. */
export class StreamWarnings {
  readonly #kinds = new Map<string, { sample: string; count: number }>();

  /** `kind` is one of a few fixed texts; `sample` shows the first of it. */
  add(kind: string, sample = ''): void {
    const known = this.#kinds.get(kind);
    if (known === undefined) this.#kinds.set(kind, { sample: snippetOf(sample), count: 1 });
    else known.count += 1;
  }

  list(): readonly string[] {
    return [...this.#kinds].map(([kind, { sample, count }]) => {
      const times = count === 1 ? '' : ` (${count} times)`;
      return sample === '' ? `${kind}${times}` : `${kind}${times}: ${sample}`;
    });
  }
}
