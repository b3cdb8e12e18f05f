/** A count of something, and what it is of: `12 answers came from models without a price`. */
const COUNTED = /^(\d+) (?=\p{L})/u;

/** Notes of several runs: the same one once, and counts of the same thing as their sum. */
export function joinNotes(notes: readonly string[]): string[] {
  const counts = new Map<string, number | null>();
  for (const note of notes) {
    const count = COUNTED.exec(note)?.[1];
    const of = count === undefined ? note : note.slice(count.length);
    counts.set(of, count === undefined ? null : (counts.get(of) ?? 0) + Number(count));
  }
  return [...counts].map(([of, count]) => (count === null ? of : `${count}${of}`));
}
