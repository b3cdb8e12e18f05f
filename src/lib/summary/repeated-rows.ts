/** How often iterations took rows of `LLM_DATASET`, where some came again. */
export type RepeatedRows = { iterations: number; rows: number };

const SHAPE = /^LLM_DATASET: (\d+) iterations used its (\d+) rows more than once/;

/** As a note for people. */
export function writeRepeatedRows({ iterations, rows }: RepeatedRows): string {
  return `LLM_DATASET: ${iterations} iterations used its ${rows} rows more than once, which a prompt cache notices`;
}

/** Reads what `writeRepeatedRows` wrote; null for any other note. */
export function readRepeatedRows(note: string): RepeatedRows | null {
  const match = SHAPE.exec(note);
  return match === null ? null : { iterations: Number(match[1]), rows: Number(match[2]) };
}
