/**
 * Writes a line to stderr beside k6's progress bars. Between two drawings k6 leaves the cursor at the top of its
 * bars and draws them anew from wherever it finds it, so clearing what is below keeps both whole.
 */
export function sayBesideProgress(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001B[J${line}\n` : `${line}\n`);
}
