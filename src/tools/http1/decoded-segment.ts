/** A path's segment without its percent signs; as it is, where they are not right. */
export function decodedSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
