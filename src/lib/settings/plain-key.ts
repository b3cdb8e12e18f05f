/**
 * Whether a key is written as it is sent: printable ASCII, no quotes around it, no `Bearer`. What else people paste is
 * for `normaliseApiKey`, whose regular expressions cost a VU more than all of its other settings.
 */
export function isPlainKey(raw: string): boolean {
  for (let at = 0; at < raw.length; at++) {
    const code = raw.charCodeAt(at);
    if (code < 0x21 || code > 0x7e) return false;
  }
  return !raw.startsWith('"') && !raw.startsWith("'") && raw.toLowerCase() !== 'bearer';
}
