// A server's own counters, read the plain way: not with the reader that is under test.

/** @returns {Promise<Map<string, number>>} the sum of a page's samples by name, whatever their labels. */
export async function readMetricsPage(url, headers = {}) {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${url} answered HTTP ${response.status}`);
  const sums = new Map();
  for (const line of (await response.text()).split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const name = line.split(/[{ ]/, 1)[0];
    const value = Number(
      line
        .slice(line.lastIndexOf('}') + 1)
        .trim()
        .split(/\s+/)
        .at(line.includes('}') ? 0 : 1),
    );
    if (Number.isFinite(value)) sums.set(name, (sums.get(name) ?? 0) + value);
  }
  return sums;
}
