/** Whether a stream is a terminal that shows colours, and nobody asked for none (`NO_COLOR`, `TERM=dumb`). */
export function hasColours(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && stream.hasColors();
}
