/** Plain words of ASCII letters: nothing in them needs escaping in JSON, and each is one token of the mock's. */
const WORDS =
  'the river turns north and a small boat waits under old trees while rain falls on warm stone people carry bread past open doors children count stars before sleep each lamp keeps its own quiet hour until morning brings light over fields where horses stand in mist'.split(
    ' ',
  );

const SPACED = WORDS.map((word) => ` ${word}`);

export const WORD_COUNT = WORDS.length;

/** The text of one token: word `offset + index` of an endless round, with a space before all but the first. */
export function wordPiece(offset: number, index: number): string {
  const at = (offset + index) % WORD_COUNT;
  return (index === 0 ? WORDS[at] : SPACED[at]) ?? '';
}
